import { type Change, headerOf } from '../change.ts';
import type { Committed, Portion } from './commit.ts';
import { type Done, doneWith, NOTHING_DONE } from './done.ts';
import type { ReadCount, TableCount } from './result.ts';

/**
 * Counts what a run reads and commits, for its summary.
 *
 * Another run may move the state on meanwhile. Then what was read since the last commit is forgotten, for one of the two
 * reads it again, and what was committed stands.
 */
export interface Tally {
  readonly change: (change: Change, named: boolean) => void;
  /** A change that was delivered again, and is committed already. */
  readonly again: () => void;
  readonly bytes: (file: string, bytes: number) => void;
  /** Bytes so far. */
  readonly total: () => number;
  readonly commit: (committed: Committed, portion: Portion | null) => void;
  readonly forget: () => void;
  readonly read: () => ReadCount;
  readonly done: () => Done;
}

export function openTally(): Tally {
  const started = performance.now();
  let [counts, done] = [nothingRead(), NOTHING_DONE];
  let committed = structuredClone(counts);
  return {
    change: (change, isNamed) => {
      counts.changes++;
      const [table, tables] = [tableOf(change), isNamed ? counts.named : counts.unnamed];
      tables.set(table, (tables.get(table) ?? 0) + 1);
    },
    again: () => {
      counts.again++;
    },
    bytes: (file, bytes) => {
      counts.files.add(file);
      counts.bytes += bytes;
    },
    total: () => counts.bytes,
    commit: (news, portion) => {
      done = doneWith(done, news, portion);
      committed = structuredClone(counts);
    },
    forget: () => {
      counts = structuredClone(committed);
    },
    read: () => readCountOf(counts, (performance.now() - started) / 1000),
    done: () => done,
  };
}

interface Counts {
  readonly files: Set<string>;
  readonly named: Map<string, number>;
  readonly unnamed: Map<string, number>;
  changes: number;
  again: number;
  bytes: number;
}

function nothingRead(): Counts {
  return { files: new Set(), named: new Map(), unnamed: new Map(), changes: 0, again: 0, bytes: 0 };
}

function readCountOf({ files, named, unnamed, ...counts }: Counts, seconds: number): ReadCount {
  return { ...counts, files: [...files], seconds, tables: byCount(named), unnamed: byCount(unnamed) };
}

function tableOf(change: Change): string {
  const header = headerOf(change);
  return header.schema === null || header.schema === 'public' ? header.table : `${header.schema}.${header.table}`;
}

/** Most first; equal counts in the order in which their tables came. */
function byCount(counts: ReadonlyMap<string, number>): readonly TableCount[] {
  return [...counts].map(([table, changes]) => ({ table, changes })).sort((a, b) => b.changes - a.changes);
}
