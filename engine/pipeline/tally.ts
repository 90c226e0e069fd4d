import { type Change, headerOf } from '../change.ts';
import type { Committed, Portion } from './commit.ts';
import { type Done, doneWith, NOTHING_DONE } from './done.ts';
import type { ReadCount, TableCount } from './result.ts';

/**
 * Counts what a run reads and commits, for its summary. Of a transaction that does not end, no change counts.
 *
 * Another run may move the state on meanwhile. Then what was read since the last commit is forgotten, for one of the two
 * reads it again, and what was committed stands.
 */
export interface Tally {
  readonly change: (change: Change, named: boolean) => void;
  /** The transaction ends here. */
  readonly end: () => void;
  /** The transaction that has not ended is not to be. */
  readonly drop: () => void;
  /** A change that was delivered again, and is committed already. */
  readonly again: () => void;
  readonly bytes: (file: string, bytes: number) => void;
  /** Bytes so far. */
  readonly total: () => number;
  /** Changes so far. */
  readonly changes: () => number;
  readonly commit: (committed: Committed, portion: Portion | null) => void;
  readonly forget: () => void;
  readonly read: () => ReadCount;
  readonly done: () => Done;
}

export function openTally(): Tally {
  const started = performance.now();
  const open: TableCounts = { named: new Map(), unnamed: new Map() };
  let [counts, done] = [nothingRead(), NOTHING_DONE];
  let [committed, seconds] = [structuredClone(counts), 0];
  // A log may have a transaction for each change, and to clear a map costs as much as to fill it: they go to 0.
  const drop = () => {
    for (const tables of [open.named, open.unnamed]) for (const table of tables.keys()) tables.set(table, 0);
  };
  return {
    change: (change, isNamed) => add(isNamed ? open.named : open.unnamed, tableOf(change), 1),
    end: () => {
      for (const [table, changes] of open.named) if (changes > 0) add(counts.named, table, changes);
      for (const [table, changes] of open.unnamed) if (changes > 0) add(counts.unnamed, table, changes);
      drop();
    },
    drop,
    again: () => {
      counts.again++;
    },
    bytes: (file, bytes) => {
      counts.files.add(file);
      counts.bytes += bytes;
      seconds = (performance.now() - started) / 1000;
    },
    total: () => counts.bytes,
    changes: () => changesIn(counts),
    commit: (news, portion) => {
      done = doneWith(done, news, portion);
      committed = structuredClone(counts);
    },
    forget: () => {
      counts = structuredClone(committed);
      drop();
    },
    read: () => readCountOf(counts, seconds),
    done: () => done,
  };
}

/** Changes by their tables. */
interface TableCounts {
  readonly named: Map<string, number>;
  readonly unnamed: Map<string, number>;
}

interface Counts extends TableCounts {
  readonly files: Set<string>;
  again: number;
  bytes: number;
}

function nothingRead(): Counts {
  return { files: new Set(), named: new Map(), unnamed: new Map(), again: 0, bytes: 0 };
}

function readCountOf({ files, named, unnamed, ...counts }: Counts, seconds: number): ReadCount {
  const changes = changesIn({ named, unnamed });
  return { ...counts, changes, files: [...files], seconds, tables: byCount(named), unnamed: byCount(unnamed) };
}

function add(counts: Map<string, number>, table: string, changes: number): void {
  counts.set(table, (counts.get(table) ?? 0) + changes);
}

function changesIn({ named, unnamed }: TableCounts): number {
  return [...named.values(), ...unnamed.values()].reduce((total, changes) => total + changes, 0);
}

function tableOf(change: Change): string {
  const header = headerOf(change);
  return header.schema === null || header.schema === 'public' ? header.table : `${header.schema}.${header.table}`;
}

/** Most first; equal counts in the order in which their tables came. */
function byCount(counts: ReadonlyMap<string, number>): readonly TableCount[] {
  return [...counts].map(([table, changes]) => ({ table, changes })).sort((a, b) => b.changes - a.changes);
}
