import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Layout, logIn } from './logs.ts';
import type { Run } from './measure.ts';
import type { Options } from './options.ts';
import { type Contestant, inTurn, type Outcome } from './rounds.ts';

/** Where trials are run: logs, scratch files, and rounds as the options say. */
export interface Bed {
  readonly options: Options;
  readonly log: (records: number, layout: Layout) => string;
  /** A path for a scratch file, at which nothing is. */
  readonly scratch: (name: string) => string;
  /** Measures all in turn, so many times, unless the options say another number. */
  readonly race: (
    rounds: number,
    contestants: readonly Contestant[],
    after?: (name: string, run: Run, round: number) => Promise<void>,
  ) => Promise<ReadonlyMap<string, Outcome>>;
}

/** Works on a bed whose scratch files are gone afterwards. `say` is told what was done. */
export async function onBed<T>(
  options: Options,
  say: (text: string) => void,
  work: (bed: Bed) => Promise<T>,
): Promise<T> {
  const folder = join(options.folder, 'scratch');
  remove(folder);
  mkdirSync(folder, { recursive: true });
  const bed: Bed = {
    options,
    log: (records, layout) => logIn(options.folder, records, layout),
    scratch: (name) => {
      const file = join(folder, name);
      remove(file);
      return file;
    },
    race: (rounds, contestants, after) =>
      inTurn(contestants, options.rounds ?? rounds, async (name, run, round) => {
        say(`  ${name}: ${run.wall.toFixed(3)} s`);
        await after?.(name, run, round);
      }),
  };
  try {
    return await work(bed);
  } finally {
    remove(folder);
  }
}

/** Removes a database, of whatever kind, with what may stand beside it, or a folder. */
export function remove(file: string): void {
  for (const ending of ['', '-wal', '-shm', '.wal']) rmSync(`${file}${ending}`, { recursive: true, force: true });
}

/** Puts a closed SQLite database in another's place. */
export function copyDatabase(from: string, to: string): void {
  remove(to);
  copyFileSync(from, to);
}

/** How often a whole log of so many records is read. */
export function roundsFor(records: number): number {
  if (records <= 1_000) return 20;
  if (records <= 100_000) return 5;
  return records <= 1_000_000 ? 3 : 2;
}
