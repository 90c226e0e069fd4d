/**
 * The records of a file of JSON. A file holds one array of records, or records one after another, with any white space or
 * none between them. What stands between the records is checked here, to the byte; they are for their format to read.
 */
import * as byte from './input.ts';
import { here, type Input, more, offsetOf, peek } from './input.ts';
import { failUnexpected } from './refuse.ts';

/** What is read, or null where the next stretch of bytes is needed. */
export type Framed<T> = Generator<T | null, void>;

/**
 * Reads the records of a file, from a place on where none is open. `record` reads the one that starts with the next byte.
 * The input knows its shape before the first one.
 */
export function* records<T>(input: Input, record: () => Framed<T>): Framed<T> {
  if (offsetOf(input) === 0) yield* skipByteOrderMark(input);
  const resumed = input.shape !== null;
  input.shape ??= (yield* peek(input)) === byte.OPEN_ARRAY ? 'array' : 'sequence';
  if (input.shape === 'sequence') {
    while ((here(input) ?? (yield* peek(input))) !== byte.END) yield* record();
    return;
  }
  if (!resumed) input.at++;
  yield* list(input, record, resumed ? 'behind an element' : 'opened');
  if ((yield* peek(input)) !== byte.END) failUnexpected(input, 'nothing more');
}

function* skipByteOrderMark(input: Input): Generator<null, void> {
  for (const expected of [0xef, 0xbb, 0xbf]) {
    if (input.at === input.bytes.length && !(yield* more(input))) return;
    if (input.bytes[input.at] !== expected) return;
    input.at++;
  }
}

/** The elements of an array and its end, from behind its `[` or behind an element on. */
export function* list<T>(input: Input, element: () => Framed<T>, place: 'opened' | 'behind an element'): Framed<T> {
  let next = here(input) ?? (yield* peek(input));
  if (place === 'opened' && next !== byte.CLOSE_ARRAY) {
    yield* element();
    next = here(input) ?? (yield* peek(input));
  }
  while (next !== byte.CLOSE_ARRAY) {
    if (next !== byte.COMMA) failUnexpected(input, '"," or "]"');
    input.at++;
    here(input) ?? (yield* peek(input));
    yield* element();
    next = here(input) ?? (yield* peek(input));
  }
  input.at++;
}
