import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Field, OracleChange } from '../oracle/change.ts';
import { evaluate } from '../oracle/evaluate.ts';
import { readWal2json } from '../oracle/wal2json.ts';

const SAMPLE = readFileSync('data/wal.json', 'utf8');
const REAL_LOG = '../shared/data/wal.json';

function generate(...flags: string[]): string {
  return execFileSync(process.execPath, ['data/generate.mjs', '--out', '-', ...flags], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
}

function rowsOf(metric: string, log: string): number {
  return evaluate(readFileSync(`mappings/${metric}.yaml`, 'utf8'), readWal2json(log)).length;
}

function countByTable(changes: readonly OracleChange[]): Record<string, number> {
  const tables = changes.map((change) => change.table);
  return Object.fromEntries(
    [...new Set(tables)].sort().map((name) => [name, tables.filter((each) => each === name).length]),
  );
}

/** The values of a new row that are chosen, decoded. */
function textsOf(change: OracleChange, chosen: (field: Field) => boolean): readonly string[] {
  const fields = 'after' in change ? [...change.after.values()].filter(chosen) : [];
  return fields.map(({ json }) => (json.kind === 'string' ? json.value : json.raw));
}

function isFlat({ type, json }: Field): boolean {
  return type !== 'jsonb' || json.kind === 'null';
}

describe('the sample log', () => {
  test('is what the generator writes, byte for byte', () => {
    expect(generate()).toBe(SAMPLE);
  });

  test('holds a thousand inserts in the proportions of the real log', () => {
    expect(countByTable(readWal2json(SAMPLE))).toEqual({
      event_v2_data: 576,
      payment_instrument_token_data: 144,
      transaction: 140,
      transaction_request: 140,
    });
  });

  test('gives each mapping its rows', () => {
    const rows = (metric: string): number => rowsOf(metric, SAMPLE);
    expect(rows('dashboard_metric')).toBe(529);
    expect(rows('event_journal')).toBe(576);
    expect(rows('decline_report')).toBe(52);
  });

  test.skipIf(!existsSync(REAL_LOG))(
    `has the real log's columns and types (skipped where ${REAL_LOG} is not there)`,
    () => {
      const headers = (log: string): string[] => {
        const all = readWal2json(log).map((change) => {
          const columns = 'after' in change ? [...change.after].map(([name, { type }]) => [name, type]) : [];
          return JSON.stringify([change.schema, change.table, columns]);
        });
        return [...new Set(all)].sort();
      };
      expect(headers(SAMPLE)).toEqual(headers(readFileSync(REAL_LOG, 'utf8')));
    },
  );
});

describe('the generator', () => {
  test('says the same in every layout', () => {
    const [array, ...others] = ['array', 'line-array', 'lines', 'pretty'].map((layout) => generate('--layout', layout));
    const changes = readWal2json(array ?? '');
    for (const other of others) expect(readWal2json(other)).toEqual(changes);
  });

  test('keeps tables and joins in proportion, however many records', () => {
    const log = generate('--records', '3000', '--seed', '5');
    expect(countByTable(readWal2json(log)).event_v2_data).toBe(3 * 576);
    expect(rowsOf('dashboard_metric', log)).toBe(3 * 529);
  });

  test('writes as many records as asked for', () => {
    for (const count of [0, 1, 1234]) {
      expect(readWal2json(generate('--records', String(count)))).toHaveLength(count);
    }
  });

  test('varies what is nested and how it is written, and nothing else', () => {
    const [plain, varied] = [generate(), generate('--varied')].map(readWal2json);
    const flat = (changes: readonly OracleChange[] = []): unknown => changes.map((change) => textsOf(change, isFlat));
    expect(flat(varied)).toEqual(flat(plain));
    expect(rowsOf('decline_report', generate('--varied'))).toBe(rowsOf('decline_report', SAMPLE));
  });

  test('writes no nested text twice, members in any order, and both encodings', () => {
    const log = generate('--varied', '--layout', 'lines');
    const texts = readWal2json(log).flatMap((change) => textsOf(change, (field) => !isFlat(field)));
    expect(new Set(texts).size).toBe(texts.length);
    const orders = texts
      .filter((text) => text.includes('"payment_method"'))
      .map((text) => Object.keys(JSON.parse(text)));
    expect(new Set(orders.map(String))).toEqual(new Set(['payment_method,trace', 'trace,payment_method']));
    const lines = log.trim().split('\n');
    const escaped = lines.filter((line) => line.includes('\\u'));
    expect(escaped.every((line) => !/[\u0080-\uffff]/.test(line))).toBe(true);
    const raw = lines.filter((line) => /[\u0080-\uffff]/.test(line));
    expect(Math.min(escaped.length, raw.length)).toBeGreaterThan(lines.length / 4);
  });

  test('makes another log of another seed', () => {
    const sample = new Set(
      readWal2json(SAMPLE).map((change) => JSON.stringify([...('after' in change ? change.after : [])])),
    );
    const other = readWal2json(generate('--seed', '2'));
    expect(other.some((change) => sample.has(JSON.stringify([...('after' in change ? change.after : [])])))).toBe(
      false,
    );
  });
});
