import { Buffer } from 'node:buffer';
import type { DataPlace } from '../../diagnostic/diagnostic.ts';
import { fail } from '../../diagnostic/diagnostic.ts';
import type { Start } from './decoder.ts';

/** What stands behind the last byte. */
export const END = -1;
export const [QUOTE, COMMA, COLON, BACKSLASH] = [34, 44, 58, 92];
export const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];

const [SPACE, NEWLINE, RETURN, TAB] = [32, 10, 13, 9];

/** V8 holds no text of 2^29 units, and a few stretches may still be added. */
const LONGEST = 2 ** 29 - 2 ** 23;

/**
 * The bytes of a file as one text, though they come in stretches.
 *
 * Whoever reads is a generator: it yields null where it needs the next stretch, and goes on once that is there (see
 * `more`). So its place in the grammar is kept by the language, and only `more` knows that a stretch ends.
 */
export interface Input {
  readonly file: string;
  bytes: Buffer;
  /** The next byte to read, in `bytes`. */
  at: number;
  /** Bytes of the file before `bytes`. */
  before: number;
  /** Whether no stretch follows this one. */
  last: boolean;
  /** Null until the first byte is seen. */
  shape: Start['shape'];
  /** Whole records so far. The one in hand is the next. */
  records: number;
  /** Where the record in hand starts; null between records. */
  recordStart: number | null;
  /** The bytes since `keep`: those of earlier stretches, and where they go on in this one. Null if none are kept. */
  kept: { earlier: Buffer[]; length: number; from: number } | null;
}

export function openInput(file: string, { bytes, records, shape }: Start): Input {
  const place = { bytes: Buffer.alloc(0), at: 0, before: bytes, last: false };
  return { file, ...place, shape, records, recordStart: null, kept: null };
}

/** Bytes of the file before the next one. */
export function offsetOf(input: Input): number {
  return input.before + input.at;
}

/** A place in the record in hand. */
export function placeOf(input: Input, offset: number = offsetOf(input)): DataPlace {
  return { file: input.file, record: input.records + 1, offset };
}

/** Keeps all bytes from the next one on, until `take`. */
export function keep(input: Input): void {
  input.kept = { earlier: [], length: 0, from: input.at };
}

/** The bytes since `keep`; a view of the stretch where they stand in one. */
export function take(input: Input): Buffer {
  const all = joined(input, input.kept?.from ?? input.at);
  input.kept = null;
  return all;
}

/** The last bytes that were read; they must have been kept. */
export function lastBytes(input: Input, count: number): Buffer {
  if (count <= input.at) return input.bytes.subarray(input.at - count, input.at);
  return joined(input, 0).subarray(-count);
}

function joined(input: Input, from: number): Buffer {
  const last = input.bytes.subarray(from, input.at);
  const earlier = input.kept?.earlier ?? [];
  return earlier.length === 0 ? last : Buffer.concat([...earlier, last]);
}

/** Leaves this stretch for the next. False if it was the last one. */
export function* more(input: Input): Generator<null, boolean> {
  if (input.kept !== null) keepRest(input, input.kept);
  input.before += input.bytes.length;
  input.bytes = input.bytes.subarray(input.bytes.length);
  input.at = 0;
  if (!input.last) yield null;
  return input.bytes.length > 0;
}

function keepRest(input: Input, kept: NonNullable<Input['kept']>): void {
  kept.earlier.push(input.bytes.subarray(kept.from));
  kept.length += input.bytes.length - kept.from;
  kept.from = 0;
  if (kept.length <= LONGEST) return;
  const start = input.before + input.bytes.length - kept.length;
  fail('CHANGE_TOO_LARGE', { limit: '504 MiB' }, { data: placeOf(input, start) });
}

/** Goes behind white space, and says which byte is next, or `END`. */
export function* peek(input: Input): Generator<null, number> {
  for (;;) {
    const next = here(input);
    if (next !== undefined) return next;
    if (!(yield* more(input))) return END;
  }
}

/** As `peek`, but undefined where the stretch ends. To ask this first makes framing faster by a third. */
export function here(input: Input): number | undefined {
  for (;;) {
    const next = input.bytes[input.at];
    if (next !== SPACE && next !== NEWLINE && next !== RETURN && next !== TAB) return next;
    input.at++;
  }
}
