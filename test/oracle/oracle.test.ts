import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { capturesAreHere, capturesOf } from './capture.ts';
import { canonicalOfJson } from './datum.ts';
import { asMultiset, columnNames, evaluate, type OracleRow } from './evaluate.ts';
import { type Json, parseAll } from './json.ts';
import { randomCase } from './random.ts';
import { readWal2json } from './wal2json.ts';

const REAL_LOG = '../shared/data/wal.json';
const DASHBOARD = readFileSync('mappings/dashboard_metric.yaml', 'utf8');

describe.skipIf(!existsSync(REAL_LOG))(`the oracle on the real log (skipped where ${REAL_LOG} is not there)`, () => {
  test('gives exactly the rows that are expected of the dashboard metric', () => {
    const rows = evaluate(DASHBOARD, readWal2json(readFileSync(REAL_LOG, 'utf8')));
    const lines = parseAll(readFileSync('../shared/data/dashboard_metric.expected.jsonl', 'utf8'));
    expect(lines).toHaveLength(529);
    expect(asMultiset(rows)).toEqual(asMultiset(lines.map((line) => rowOf(line, columnNames(DASHBOARD)))));
  });
});

describe.skipIf(!capturesAreHere)('the oracle on captures of wal2json (skipped where ../shared has none)', () => {
  test.each(['inserts_only', 'updates_deletes', 'toast'])('gives what PostgreSQL answered: %s', (name) => {
    const captures = capturesOf(name);
    expect(captures.length).toBeGreaterThan(20);
    for (const { name, mapping, log, truth } of captures) {
      expect(asMultiset(evaluate(mapping, readWal2json(log))), name).toEqual(asMultiset(truth));
    }
  });
});

describe('random cases', () => {
  const cases = fc.sample(randomCase, { numRuns: 800, seed: 1 });
  const counts = cases.map(({ mapping, log }) => evaluate(mapping, readWal2json(log.flat().join('\n'))).length);

  test('mean something to the oracle, and often give rows, but seldom very many', () => {
    expect(counts.filter((count) => count > 0).length).toBeGreaterThan(300);
    expect(counts.filter((count) => count > 2000).length).toBeLessThan(10);
  });

  test.each([
    ['a left join', /left:/],
    ['two conditions in a join', /\band\b.*=/],
    ['no key', /key: \[\]/],
    ['a key of two columns', /key: \[[^\]]*, /],
    ['a filter of a table', /key: .*where:/],
    ['a filter of the metric', /^where:/m],
    ['a name with SQL in it', /DROP TABLE/],
  ])('show %s often', (_, pattern) => {
    expect(cases.filter(({ mapping }) => pattern.test(mapping)).length).toBeGreaterThan(40);
  });

  test.each([
    ['a typed column', /type: (integer|numeric|boolean)/],
    ['one row over everything', /^group_by: \[\]/m],
    ['groups', /^group_by: \["/m],
    ['a filter of an aggregate', /\) filter \(where/i],
    ['an aggregate of different values', /count\(distinct/],
    ['a window', / over \(/i],
    ['a window in which rows stand in an order', / over \([^"]*order by/i],
    ['a sum', /sum\(/],
    ['a mean', /avg\(/],
    ['a least value', /min\(/],
  ])('show %s now and then', (_, pattern) => {
    expect(cases.filter(({ mapping }) => pattern.test(mapping)).length).toBeGreaterThan(20);
  });
});

function rowOf(line: Json, names: readonly string[]): OracleRow {
  const members = line.kind === 'object' ? line.members : new Map<string, Json>();
  return names.map((name) => canonicalOfJson(members.get(name) ?? { kind: 'null', raw: 'null' }));
}
