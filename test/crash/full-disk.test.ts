/** A disk that is full: what is committed stays, and with more room the run goes on from there. */
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type Bench, onBench } from '../cli/etl.ts';
import { diceOf } from '../postgres/dice.ts';
import { seeds } from '../support/counts.ts';
import { tell } from '../support/tally.ts';
import { openLog } from './log.ts';
import { contentOf, lookAt } from './state.ts';

const FULL_DISK = pathToFileURL(resolve('test/crash/full-disk.mjs')).href;
const SAYING = /^error TARGET_DISK_FULL: the disk takes no more of "metrics\.db": database or disk is full\n {2}kept: /;

const run = ['run', 'ledger.yaml'];

describe.each([
  ['a first load', []],
  ['a later run', [200]],
])('%s keeps what it has, says that the disk is full, and ends as it would have', (_, before) => {
  test.for(seeds(1, 4))('ETL_SEED=%i', (seed) =>
    onBench({}, async (bench) => {
      const log = openLog(bench.folder, diceOf(seed));
      for (const transactions of before) {
        log.grow(transactions);
        expect((await bench.etl(run)).exit).toBe(0);
      }
      log.grow(300);
      const full = await runWithMoreRoomEachTime(bench);
      expect(full).toBeGreaterThan(2);
      tell('runs on a full disk', full);
      expect((await bench.etl([...run, '--output', 'once.db'])).exit).toBe(0);
      expect(contentOf(join(bench.folder, 'metrics.db'))).toEqual(contentOf(join(bench.folder, 'once.db')));
    }),
  );
});

/** Gives how often there was too little. */
async function runWithMoreRoomEachTime({ folder, etl }: Bench): Promise<number> {
  let [full, records] = [0, 0];
  for (let room = 0; ; room++) {
    const env = { NODE_OPTIONS: `--import ${FULL_DISK}`, ROOM: String(room) };
    const { exit, stderr } = await etl([...run, '--batch-size', '50'], { env });
    if (exit === 0) return full;
    expect({ exit, stderr }).toEqual({ exit: 3, stderr: expect.stringMatching(SAYING) });
    const left = lookAt(join(folder, 'metrics.db'));
    expect(left.records).toBeGreaterThanOrEqual(records);
    records = left.records;
    full++;
  }
}
