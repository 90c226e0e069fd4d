/** What all changes of one kind, table and set of columns have in common: the bytes around their lists of values. */
import { Buffer } from 'node:buffer';
import { type Places, scanList } from './scan.ts';

/** More than most logs have. Beyond these the ones that were not met for longest are forgotten. */
export const MOST_PATTERNS = 64;

/** A list of values: which of them are wanted, and where their places stand among those of all lists. */
export interface ListPattern {
  readonly of: 'after' | 'before';
  readonly wanted: Uint8Array;
  readonly from: number;
  readonly to: number;
}

export interface Pattern {
  /** The bytes before, between and behind the lists. */
  readonly constant: readonly Uint8Array[];
  readonly lists: readonly ListPattern[];
  /** How many places are noted of a change. */
  readonly places: number;
}

/** A list of values in a change that was read: their places in its bytes, and which of them are wanted. */
export interface ReadList {
  readonly of: ListPattern['of'];
  readonly values: readonly { readonly start: number; readonly end: number }[];
  /** Null where none is. */
  readonly wanted: readonly boolean[] | null;
}

/** The pattern of a change that was read. Copies, for the bytes are a part of the file that is not to be kept. */
export function patternOf(bytes: Buffer, lists: readonly ReadList[]): Pattern {
  const starts = [...lists.map(({ values }) => values[0]?.start ?? 0), bytes.length];
  const ends = [0, ...lists.map(({ values }) => values.at(-1)?.end ?? 0)];
  let places = 0;
  return {
    constant: starts.map((start, n) => Buffer.from(bytes.subarray(ends[n], start))),
    lists: lists.map(({ of, values, wanted }) => {
      const from = places;
      places += 3 * (wanted?.filter((each) => each).length ?? 0);
      return { of, wanted: Uint8Array.from(values, (_, n) => (wanted?.[n] ? 1 : 0)), from, to: places };
    }),
    places,
  };
}

export function isSame(a: Pattern, b: Pattern): boolean {
  return (
    a.constant.length === b.constant.length &&
    a.constant.every((part, n) => Buffer.compare(part, b.constant[n] as Uint8Array) === 0)
  );
}

/** Where the change ends that starts there, if it is like the pattern, and its places; -1 if it is not. */
export function matchPattern({ constant, lists }: Pattern, bytes: Buffer, start: number, places: Places): number {
  let at = skipConstant(constant[0] as Uint8Array, bytes, start);
  for (let n = 0; n < lists.length && at >= 0; n++) {
    const { wanted, from } = lists[n] as ListPattern;
    at = scanList(bytes, at, wanted, places, from);
    if (at >= 0) at = skipConstant(constant[n + 1] as Uint8Array, bytes, at);
  }
  return at;
}

function skipConstant(constant: Uint8Array, bytes: Buffer, at: number): number {
  const end = at + constant.length;
  return end <= bytes.length && bytes.compare(constant, 0, constant.length, at, end) === 0 ? end : -1;
}
