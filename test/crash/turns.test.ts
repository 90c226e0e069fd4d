/** Several processes on one database: runs take turns, and who reads the target meanwhile sees whole batches only. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunResult } from '../../engine/pipeline/result.ts';
import { asLines, digits, insert } from '../log/log.ts';
import { diceOf } from '../postgres/dice.ts';
import { runs } from '../support/counts.ts';
import { inScratch } from '../support/scratch.ts';
import { tell } from '../support/tally.ts';
import { type GrowingLog, openLog } from './log.ts';
import { type Ended, runAndHold, runToEnd } from './process.ts';
import { contentOf, lookAt } from './state.ts';

const run = ['run', 'ledger.yaml', '--json', '--batch-size'];

describe('two runs at once', () => {
  test('started together, run after run, bring the whole log in once', () =>
    onLog(async (log, folder) => {
      const results: RunResult[] = [];
      for (let rounds = runs(2, 25); rounds > 0; rounds--) {
        log.grow(300);
        const both = await Promise.all(['20', '35'].map((size) => runToEnd(folder, [...run, size])));
        results.push(...both.map(resultOf));
        expect(lookAt(join(folder, 'metrics.db'))).toMatchObject({ loaded: true, records: log.records() });
        tell('pairs of runs at once');
      }
      await expectOnce(folder, results);
    }));

  test.each([
    ['in its first load', 2, 0],
    ['after its first load', 4, 300],
  ])('of which one overtakes the other %s: each tells what it did itself', (_, nth, before) =>
    onLog(async (log, folder) => {
      const results: RunResult[] = [];
      if (before > 0) {
        log.grow(before);
        results.push(resultOf(await runToEnd(folder, [...run, '100'])));
      }
      log.grow(300);
      const aim = { step: 'read', nth, statements: 0 } as const;
      const held = runAndHold(folder, [...run, '50'], aim, async () => {
        results.push(resultOf(await runToEnd(folder, [...run, '70'])));
      });
      results.push(resultOf(await held));
      for (const result of results) expect(result.read.changes).toBeGreaterThan(0);
      await expectOnce(folder, results);
    }),
  );

  test('that both find a log rotated: its files get their new names once', () =>
    onLog(async (log, folder) => {
      log.grow(100);
      log.grow(100, true);
      expect((await runToEnd(folder, [...run, '50'])).exit).toBe(0);
      renameSync(join(folder, 'log/001.json'), join(folder, 'log/003.json'));
      renameSync(join(folder, 'log/002.json'), join(folder, 'log/001.json'));
      let content: readonly string[] = [];
      // The LSN and the checkpoint are read then, and the transaction that would write the names has not begun.
      const held = await runAndHold(folder, [...run, '50'], { step: 'read', nth: 1, statements: 2 }, async () => {
        expect(resultOf(await runToEnd(folder, [...run, '50'])).read.changes).toBe(0);
        content = contentOf(join(folder, 'metrics.db'));
      });
      expect(resultOf(held).read.changes).toBe(0);
      expect(contentOf(join(folder, 'metrics.db'))).toEqual(content);
    }));

  test('of which one has read all when the other learns a type: the target that this one wrote anew is taken as it is', () =>
    onLog(async (log, folder) => {
      log.grow(100);
      expect((await runToEnd(folder, [...run, '50'])).exit).toBe(0);
      log.grow(100, true);
      const held = await runAndHold(folder, [...run, '9999'], { step: 'read', nth: 2, statements: 0 }, async () => {
        const wider = asLines([insert('entry', [['transfer', 'numeric', digits('0.5')]])]);
        writeFileSync(join(folder, 'log/999.json'), wider);
        expect(resultOf(await runToEnd(folder, [...run, '50'])).write.changed).toBe(0);
      });
      expect(resultOf(held).read.changes).toBeGreaterThan(0);
    }));
});

function onLog(work: (log: GrowingLog, folder: string) => Promise<void>): Promise<void> {
  return inScratch((folder) => work(openLog(folder, diceOf(1)), folder));
}

function resultOf({ exit, text }: Ended): RunResult {
  expect(exit, text).toBe(0);
  const { result } = JSON.parse(text) as { result: { metrics: readonly [RunResult] } };
  return result.metrics[0];
}

/** Together, runs have read and written, and left behind, what one run over the whole log does. */
async function expectOnce(folder: string, results: readonly RunResult[]): Promise<void> {
  const once = resultOf(await runToEnd(folder, ['run', 'ledger.yaml', '--json', '--output', 'once.db']));
  const sum = (count: (result: RunResult) => number) => results.reduce((total, each) => total + count(each), 0);
  expect(sum(({ read }) => read.changes)).toBe(once.read.changes);
  expect(sum(({ write }) => write.added - write.removed)).toBe(once.write.rows);
  expect(contentOf(join(folder, 'metrics.db'))).toEqual(contentOf(join(folder, 'once.db')));
}
