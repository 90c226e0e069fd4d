/** Who reads the target while runs write it sees whole batches only, and does not wait for them. */
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { diceOf } from '../postgres/dice.ts';
import { runs } from '../support/counts.ts';
import { inScratch } from '../support/scratch.ts';
import { tell } from '../support/tally.ts';
import { type GrowingLog, openLog } from './log.ts';
import { runToEnd } from './process.ts';

/** The rows at one moment, what they add up to, and how many they are by the state. */
interface Seen {
  readonly rows: number;
  readonly balance: number;
  readonly known: number;
}

interface Reader {
  readonly look: () => Seen;
  readonly close: () => void;
}

/** Where it would have to wait longer than so many ms, it fails. */
function open(database: string, patience: number): Reader {
  const db = new Sqlite(database, { readonly: true, timeout: patience });
  const seen = db.prepare(
    'SELECT count(*) AS rows, total(amount) AS balance, (SELECT rows FROM _etl_metric) AS known FROM ledger',
  );
  return { look: () => seen.get() as Seen, close: () => db.close() };
}

const staying = (database: string): Reader => open(database, 0);

/** SQLite locks a file for a moment when the last of those who have it open goes. */
const comingAndGoing = (database: string): Reader => ({
  look: () => {
    const reader = open(database, 1000);
    const seen = reader.look();
    reader.close();
    return seen;
  },
  close: () => {},
});

test.each([
  ['stays', staying],
  ['comes and goes', comingAndGoing],
])('a reader who %s sees whole batches', (_, read) =>
  inScratch(async (folder) => {
    const log = openLog(folder, diceOf(1));
    log.grow(300);
    expect((await runToEnd(folder, ['run', 'ledger.yaml'])).exit).toBe(0);
    const reader = read(join(folder, 'metrics.db'));
    const seen: Seen[] = [];
    for (let times = runs(2, 20); times > 0; times--)
      seen.push(...(await lookWhileRunning(reader, folder, log, times)));
    reader.close();
    tell('looks at a target that was written', seen.length);
    expect(new Set(seen.map(({ rows }) => rows)).size).toBeGreaterThan(10);
    expect(seen.filter(({ rows, balance, known }) => balance !== 0 || rows !== known)).toEqual([]);
  }),
);

/** Lets the log grow and reads it, in every second run from its start, and looks again and again meanwhile. */
async function lookWhileRunning(
  reader: Reader,
  folder: string,
  log: GrowingLog,
  nth: number,
): Promise<readonly Seen[]> {
  log.grow(300);
  const refresh = nth % 2 === 0 ? ['--full-refresh'] : [];
  const run = runToEnd(folder, ['run', 'ledger.yaml', '--batch-size', '20', ...refresh]);
  let running = true;
  run.finally(() => {
    running = false;
  });
  const seen: Seen[] = [];
  while (running) {
    seen.push(reader.look());
    await setImmediate();
  }
  const { exit, text } = await run;
  expect(exit, text).toBe(0);
  return seen;
}
