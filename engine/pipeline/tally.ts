import { type Change, headerOf } from '../change.ts';
import type { ReadCount, TableCount } from './result.ts';

/** Counts what is read, for the summary. */
export interface Tally {
  readonly change: (change: Change, named: boolean) => void;
  /** A change that was delivered again, and is committed already. */
  readonly again: () => void;
  readonly bytes: (file: string, bytes: number) => void;
  /** Bytes so far. */
  readonly total: () => number;
  readonly result: () => ReadCount;
}

export function openTally(): Tally {
  const started = performance.now();
  const [named, unnamed] = [new Map<string, number>(), new Map<string, number>()];
  const files = new Set<string>();
  let [changes, total, again] = [0, 0, 0];
  return {
    change: (change, isNamed) => {
      changes++;
      const table = tableOf(change);
      const counts = isNamed ? named : unnamed;
      counts.set(table, (counts.get(table) ?? 0) + 1);
    },
    again: () => {
      again++;
    },
    bytes: (file, bytes) => {
      files.add(file);
      total += bytes;
    },
    total: () => total,
    result: () => ({
      files: [...files],
      changes,
      again,
      bytes: total,
      seconds: (performance.now() - started) / 1000,
      tables: byCount(named),
      unnamed: byCount(unnamed),
    }),
  };
}

function tableOf(change: Change): string {
  const header = headerOf(change);
  return header.schema === null || header.schema === 'public' ? header.table : `${header.schema}.${header.table}`;
}

/** Most first; equal counts in the order in which their tables came. */
function byCount(counts: ReadonlyMap<string, number>): readonly TableCount[] {
  return [...counts].map(([table, changes]) => ({ table, changes })).sort((a, b) => b.changes - a.changes);
}
