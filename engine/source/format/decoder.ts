import type { Buffer } from 'node:buffer';
import type { Change, Commit, FileMark, Position } from '../../change.ts';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { Interest } from '../../interest.ts';

/**
 * A record, or one change of it, that can't be taken, though it is known where it ends.
 *
 * Nothing of its transaction may count: neither the changes before it nor those behind it, up to the next commit. Whoever
 * takes the items decides: to throw the diagnostic, or to keep it, drop the transaction and go on.
 */
export interface Bad {
  readonly op: 'bad';
  readonly diagnostic: Diagnostic;
  /** Where it starts. The diagnostic's place is that of the fault in it. */
  readonly at: Position;
  /** The bytes it takes in the file. */
  readonly size: number;
  /** The change that it is to those who do not read its table; null where it is bad for all. */
  readonly unread: Change | null;
}

/** What a file says, in its order: the changes of a transaction, then its commit. */
export type Item = Change | Commit | Bad;

/** Where reading starts: at the first byte, or behind a checkpoint. */
export type Start = Pick<FileMark, 'bytes' | 'records'> & { readonly shape: FileMark['shape'] | null };

export const FROM_THE_START: Start = { bytes: 0, records: 0, shape: null };

/** What a decoder starts with. */
export interface Opening {
  readonly file: string;
  readonly start: Start;
  readonly interest: Interest;
  /** What the table is called, where the format has no names of tables. */
  readonly table: string;
  /** The bytes of the file from its first one on, wherever reading starts. */
  readonly head: () => AsyncIterable<Buffer>;
  /** Whether the file may be in the midst of being written: then a record that might go on is not whole. */
  readonly grows: boolean;
}

/**
 * Turns the bytes of one file into items. Each format has one.
 *
 * The reader calls `push` with each stretch of bytes, in order and without gaps, the first one at `start.bytes`; then
 * `finish` once. Each call is iterated to its end before the next. An item comes with the stretch that holds its last
 * byte. What can't be read is a `Bad` where the next record is certain; else an EtlError is thrown after everything before
 * it, and the decoder is not used again. It keeps one unfinished change at most, never a whole transaction. It may keep
 * parts of a stretch: their bytes must not change. A commit's `offset`, `records` and the `shape` of that moment are all
 * it takes to start again behind it.
 */
export interface Decoder {
  push(bytes: Buffer): Iterable<Item>;
  finish(): Iterable<Item>;
  /** Asked for after a commit only. */
  readonly shape: FileMark['shape'];
}
