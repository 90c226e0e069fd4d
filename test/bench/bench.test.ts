import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { OracleChange } from '../oracle/change.ts';
import { readWal2json } from '../oracle/wal2json.ts';
import { inScratch } from '../support/scratch.ts';
import { bench } from './bench.ts';
import { mixedChanges } from './changes.ts';
import { verdictOf } from './claim.ts';
import { digestOf } from './digest.ts';
import { logIn } from './logs.ts';
import { measure } from './measure.ts';
import { inserted, sampleOf } from './rows.ts';
import { figureOf } from './statistics.ts';
import { mustAgree } from './trials/load.ts';

const MEBIBYTE = 2 ** 20;

function byNode(script: string): ReturnType<typeof measure> {
  return measure([process.execPath, '-e', script]);
}

describe('a process is measured', () => {
  const title = 'with the memory that it has had and the processor time of all its threads';
  test.skipIf(!existsSync('/proc'))(`${title} (skipped where there is no /proc)`, async () => {
    const work = 'while (process.cpuUsage().user < 3e5);';
    const thread = `new (require('worker_threads').Worker)(${JSON.stringify(work)}, { eval: true })`;
    const run = await byNode(`{ Buffer.alloc(${200 * MEBIBYTE}, 1) } ${thread}; process.stdout.write('done')`);
    expect(run.stdout).toBe('done');
    expect(run.peak).toBeGreaterThan(200 * MEBIBYTE);
    expect(run.peak).toBeLessThan(400 * MEBIBYTE);
    expect(run.cpu).toBeGreaterThanOrEqual(0.29);
    expect(run.wall).toBeGreaterThan(0);
  });

  test('and one that fails says why', async () => {
    await expect(byNode("throw new RangeError('too far')")).rejects.toThrow('RangeError: too far');
    await expect(measure(['no-such-program'])).rejects.toThrow('ENOENT');
  });
});

describe('rows are compared', () => {
  const rows = [1, 1, 2];

  test('in any order', async () => {
    expect(await digestOf(rows)).toEqual(await digestOf([2, 1, 1]));
  });

  test('each value, its type, and how often a row is there', async () => {
    const one = await digestOf(rows);
    for (const others of [
      [1, 3, 2],
      [1, '1', 2],
      [1, 2, 2],
      [3, 3, 2],
      [1, null, 2],
    ]) {
      const digests = new Map(Object.entries({ one, other: await digestOf(others) }));
      expect(() => mustAgree(digests), String(others)).toThrow('other has other rows (3) than one (3)');
    }
    expect(() => mustAgree(new Map(Object.entries({ one, other: one })))).not.toThrow();
  });
});

test('rows are drawn from all of a log, none twice', async () => {
  await inScratch((folder) => {
    const log = logIn(folder, 1_000, 'lines');
    const all = readFileSync(log, 'utf8').trimEnd().split('\n');
    const places = sampleOf(log, 800).map((row) => all.indexOf(inserted(row)));
    const raw = places.filter((place) => place >= 0);
    expect(raw).toEqual([...new Set(raw)].sort((a, b) => a - b));
    expect(raw.length).toBeGreaterThan(300);
    expect([raw[0], raw.at(-1)]).toEqual([expect.closeTo(0, -2), expect.closeTo(1_000, -2)]);
  });
});

test('half of the mixed changes insert fresh rows, the others each meet another row of the log', async () => {
  await inScratch((folder) => {
    const log = logIn(folder, 1_000, 'lines');
    const keyIn = (change: OracleChange): string => {
      const fields = change.op === 'insert' ? change.after : 'before' in change ? change.before : null;
      return `${change.table} ${[...(fields?.values() ?? [])][0]?.json.raw}`;
    };
    const known = new Set(readWal2json(readFileSync(log, 'utf8')).map(keyIn));
    const changes = readWal2json(mixedChanges(log, 1_000));
    const keys = (op: OracleChange['op']) => changes.filter((change) => change.op === op).map(keyIn);
    expect([keys('insert').length, keys('update').length, keys('delete').length]).toEqual([500, 300, 200]);
    expect(keys('insert').filter((key) => known.has(key))).toEqual([]);
    const met = [...keys('update'), ...keys('delete')];
    expect(met.filter((key) => !known.has(key))).toEqual([]);
    expect(new Set(met).size).toBe(500);
  });
});

test('of several figures the best and the middle one count', () => {
  expect(figureOf([3, 1, 2])).toEqual({ best: 1, median: 2 });
  expect(figureOf([4, 1, 2, 3])).toEqual({ best: 1, median: 2.5 });
});

test('a claim is held against its limits', () => {
  const verdict = (median: number, limits: object) =>
    verdictOf({ what: '', unit: 'ratio', figure: { best: 0, median }, ...limits });
  expect(verdict(2, { must: 2, stretch: [1.6] })).toBe('met');
  expect(verdict(2.01, { must: 2, stretch: [1.6] })).toBe('not met');
  expect(verdict(1.6, { must: 2, stretch: [1.6] })).toBe('stretch met');
  expect(verdict(0.9, { stretch: [1, 0.5] })).toBe('first stretch met');
  expect(verdict(1.1, { stretch: [1, 0.5] })).toBe('stretch not met');
  expect(verdict(Number.NaN, { must: 2 })).toBe('not measured');
  expect(verdict(1, {})).toBe('');
});

test('a small benchmark runs, and writes what it prints', async () => {
  await inScratch(async (folder) => {
    const out = join(folder, 'out.md');
    const flags = '--sizes 1000 --rivals node --only load,increments --rounds 1'.split(' ');
    const printed = await bench([...flags, '--data', folder, '--out', out], () => {});
    expect(readFileSync(out, 'utf8')).toBe(printed);
    expect(printed).toContain(`\`npm run bench -- ${flags.join(' ')}\``);
    expect(printed).toContain('3 targets, 529 rows each, all equal.');
    expect(printed).toMatch(
      /^\| 1,000 records, etl, one array: time, to an empty Node process \| 2\.00 \| 1\.60 \| \d/m,
    );
    expect(printed).toMatch(/^\| on 1,000 records, all derived again \| 0\.\d+ s \|/m);
    expect(printed).not.toContain(folder);
  });
});
