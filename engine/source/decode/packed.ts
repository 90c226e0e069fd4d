/**
 * Items as they go from one thread to another. To hand over each object costs as much as to make it; so all numbers of a
 * stretch go as one array, all texts as one or two, and each header once.
 */
import type { Header } from '../../change.ts';
import type { Item } from '../format/decoder.ts';

export interface Packed {
  /** Of each item what it is, and what it is made of. */
  readonly numbers: Float64Array<ArrayBuffer>;
  /** Those of Latin-1 characters by themselves, for one that is none would make each of them twice as large. */
  readonly narrow: string;
  readonly wide: string;
  /** Those that were not met before, in the order of their numbers; all there are if `isAnew`. */
  readonly headers: readonly Header[];
  readonly isAnew: boolean;
  /** Of the items, one after the other where it changes. */
  readonly lsns: readonly (bigint | null)[];
  /** Items that are rare. */
  readonly others: readonly Item[];
}

/** What an item is. Any other is one of `others`. */
export const [COMMIT, INSERT, UPDATE, BARE_UPDATE, DELETE, OTHER] = [0, 1, 2, 3, 4, 5];

/** What a value is. Any other number is where a narrow text ends; behind `WIDE` stands where a wide one does. */
export const [NULL, TRUE, FALSE, WIDE, JSON_TEXT] = [-1, -2, -3, -4, -5];
