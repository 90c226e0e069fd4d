import type { Change, Header } from '../change.ts';
import type { ReadCount, TableCount } from './result.ts';

/** Counts what is read, for the summary. */
export interface Tally {
  readonly change: (change: Change, named: boolean) => void;
  readonly bytes: (file: string, bytes: number) => void;
  /** Bytes so far. */
  readonly total: () => number;
  readonly result: () => ReadCount;
}

export function openTally(): Tally {
  const started = performance.now();
  const [named, unnamed] = [new Map<string, number>(), new Map<string, number>()];
  const files = new Set<string>();
  let [changes, total] = [0, 0];
  return {
    change: (change, isNamed) => {
      changes++;
      const table = tableOf(change);
      const counts = isNamed ? named : unnamed;
      counts.set(table, (counts.get(table) ?? 0) + 1);
    },
    bytes: (file, bytes) => {
      files.add(file);
      total += bytes;
    },
    total: () => total,
    result: () => ({
      files: [...files],
      changes,
      bytes: total,
      seconds: (performance.now() - started) / 1000,
      tables: byCount(named),
      unnamed: byCount(unnamed),
    }),
  };
}

function tableOf(change: Change): string {
  const header: Header = headerOf(change);
  return header.schema === null || header.schema === 'public' ? header.table : `${header.schema}.${header.table}`;
}

function headerOf(change: Change): Header {
  switch (change.op) {
    case 'insert':
    case 'update':
      return change.after.header;
    case 'delete':
      return change.before.header;
    case 'truncate':
      return change.header;
  }
}

/** Most first; equal counts in the order in which their tables came. */
function byCount(counts: ReadonlyMap<string, number>): readonly TableCount[] {
  return [...counts].map(([table, changes]) => ({ table, changes })).sort((a, b) => b.changes - a.changes);
}
