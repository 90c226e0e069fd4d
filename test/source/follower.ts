/** A source that is followed, driven by hand: each look is asked for, and what it read is committed as a run does. */
import type { FileMark } from '../../engine/change.ts';
import { followFiles } from '../../engine/source/follow.ts';
import type { Item } from '../../engine/source/format/decoder.ts';
import { type Known, openKnown } from '../../engine/source/known.ts';
import type { Reading, Source } from '../../engine/source/read.ts';
import { everything, keep } from './reading.ts';

export interface Follower {
  /** Looks once. Gives the items of the transactions that ended with what was read. */
  look(): Promise<readonly Item[]>;
  /** Files that were read at the last look, in order. */
  readonly files: readonly string[];
  close(): Promise<void>;
}

export interface FollowerOptions extends Partial<Source> {
  readonly marks?: readonly FileMark[];
  readonly patience?: number;
  readonly known?: Known;
}

export function openFollower(
  path: string,
  { marks = [], patience, known = openKnown(), ...source }: FollowerOptions = {},
): Follower {
  const kept = new Map(marks.map((mark) => [mark.path, mark]));
  const readings = followFiles({
    source: { path, format: { kind: 'wal2json' }, mode: 'log', table: '', ...source },
    marks: () => [...kept.values()],
    interest: everything,
    known,
    ...(patience !== undefined && { patience }),
  });
  let [open, files]: [Item[], string[]] = [[], []];
  const take = (reading: Reading): readonly Item[] => {
    if (reading.starts) open = [];
    files.push(reading.file);
    open.push(...reading.items);
    keep(reading, kept);
    return open.splice(0, open.findLastIndex(({ op }) => op === 'commit') + 1);
  };
  return {
    async look() {
      files = [];
      const items: Item[] = [];
      for (let next = await readings.next(); !next.done && next.value; next = await readings.next()) {
        items.push(...take(next.value));
      }
      return items;
    },
    get files() {
      return [...new Set(files)];
    },
    async close() {
      await readings.return(undefined);
    },
  };
}
