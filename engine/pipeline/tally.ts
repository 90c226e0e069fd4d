import type { Committed, Portion } from './committed.ts';
import { type Done, doneWith, NOTHING_DONE } from './done.ts';
import type { ReadCount, TableCount } from './result.ts';

/**
 * Counts what a run reads and commits, for its summary. Of a transaction that does not end, no change counts.
 *
 * Another run may move the state on meanwhile. Then what was read since the last commit is forgotten, for one of the two
 * reads it again, and what was committed stands.
 */
export interface Tally {
  /** When the run began, in ms since 1970. */
  readonly began: number;
  /** A change of a table, as it is named to the user. */
  readonly change: (table: string, isNamed: boolean) => void;
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
  let [counts, done] = [nothingRead(), NOTHING_DONE];
  let [committed, seconds] = [structuredClone(counts), 0];
  const drop = () => {
    for (const count of counts.named.values()) count.open = 0;
    for (const count of counts.unnamed.values()) count.open = 0;
  };
  return {
    began: Date.now(),
    change: (table, isNamed) => {
      countOf(isNamed ? counts.named : counts.unnamed, table).open++;
    },
    end: () => {
      for (const count of counts.named.values()) end(count);
      for (const count of counts.unnamed.values()) end(count);
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

/** Changes of one table: those of ended transactions, and those of the one in hand. */
interface Count {
  ended: number;
  open: number;
}

type TableCounts = Map<string, Count>;

interface Counts {
  readonly named: TableCounts;
  readonly unnamed: TableCounts;
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

function countOf(counts: TableCounts, table: string): Count {
  const known = counts.get(table);
  if (known !== undefined) return known;
  const count = { ended: 0, open: 0 };
  counts.set(table, count);
  return count;
}

function end(count: Count): void {
  count.ended += count.open;
  count.open = 0;
}

function changesIn({ named, unnamed }: Pick<Counts, 'named' | 'unnamed'>): number {
  return [...named.values(), ...unnamed.values()].reduce((total, { ended }) => total + ended, 0);
}

/** Most first; equal counts in the order in which their tables came. */
function byCount(counts: TableCounts): readonly TableCount[] {
  const all = [...counts].map(([table, { ended }]) => ({ table, changes: ended }));
  return all.filter(({ changes }) => changes > 0).sort((a, b) => b.changes - a.changes);
}
