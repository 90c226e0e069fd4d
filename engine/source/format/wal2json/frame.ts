/**
 * Cuts the bytes of a file into pieces that are small whatever the file is.
 *
 * A record is an object. Where its own member "change" is an array, the record is a transaction of version 1 and comes in parts:
 * its head up to the `[`, each change, and its tail from behind the `]`. A record of version 2 is one change and comes
 * whole. So no transaction is ever held whole.
 *
 * Records that are like others before are taken whole by `express`, as many as there are.
 *
 * What stands between the pieces is checked here, to the byte. What stands inside them is only skipped: brackets are
 * counted. Head + `]` + tail is one small object, and it, the changes and other records are for the decoder to check.
 */
import type { Item } from '../decoder.ts';
import * as byte from '../input.ts';
import { here, type Input, keep, lastBytes, offsetOf, peek, placeOf, take } from '../input.ts';
import { type Framed, list, records } from '../records.ts';
import { failNotJson, failTruncated, failUnexpected } from '../refuse.ts';
import { skipNested, skipValue } from '../skip.ts';
import type { Express } from './express.ts';
import { failNoObject } from './refuse.ts';

export interface Piece {
  /** A `record` is a whole one, without changes in an array. */
  readonly kind: 'head' | 'change' | 'tail' | 'record';
  /** A view of the stretch they came in, where they stand in one. */
  readonly bytes: Buffer;
  /** Bytes of the file before it. */
  readonly offset: number;
}

/** The items of whole records. */
export interface Taken {
  readonly kind: 'taken';
  readonly items: readonly Item[];
}

/** What is read: a piece, or records that are taken already. */
type Framing = Framed<Piece | Taken>;

const NAME = 'a name in double quotes';
const CHANGE = Buffer.from('"change"');

/** The pieces of a file, from a place on where no record is open. The input knows its shape before the first one. */
export function frame(input: Input, express: Express): Framing {
  return records<Piece | Taken>(input, () => recordOrTaken(input, express));
}

/** A record, or several that are taken with what stands between them. */
function* recordOrTaken(input: Input, express: Express): Framing {
  const items = express(input);
  if (items.length === 0) yield* record(input);
  else yield { kind: 'taken', items };
}

function* record(input: Input): Framing {
  if (input.bytes[input.at] !== byte.OPEN_OBJECT) failNoObject(input, 'a record');
  let [kind, offset]: [Piece['kind'], number] = ['record', offsetOf(input)];
  input.recordStart = offset;
  keep(input);
  input.at++;
  let next = here(input) ?? (yield* peek(input));
  while (next !== byte.CLOSE_OBJECT) {
    if (yield* memberIsChanges(input)) {
      yield { kind: 'head', bytes: take(input), offset };
      const behindComma = (here(input) ?? (yield* peek(input))) === byte.COMMA;
      if (behindComma) yield* changeBehindComma(input);
      yield* list(input, () => change(input), behindComma ? 'behind an element' : 'opened');
      [kind, offset] = ['tail', offsetOf(input)];
      keep(input);
    }
    next = yield* skipComma(input);
  }
  input.at++;
  yield { kind, bytes: take(input), offset };
  input.records++;
  input.recordStart = null;
}

function* change(input: Input): Framing {
  if (input.bytes[input.at] !== byte.OPEN_OBJECT) failNoObject(input, 'a change');
  const offset = offsetOf(input);
  keep(input);
  yield* skipNested(input);
  yield { kind: 'change', bytes: take(input), offset };
}

/**
 * A first change with a comma before it, which no list may have and wal2json writes (see defect.ts). Where it ends is
 * certain, so it is a piece with its comma, which the decoder refuses.
 */
function* changeBehindComma(input: Input): Framing {
  const offset = offsetOf(input);
  keep(input);
  input.at++;
  const next = here(input) ?? (yield* peek(input));
  if (next === byte.END) failTruncated(input);
  if (next !== byte.OPEN_OBJECT) failNotJson('","', 'a value', placeOf(input, offset));
  yield* skipNested(input);
  yield { kind: 'change', bytes: take(input), offset };
}

/** Goes behind a member. If it is the array of changes: behind its `[` only, and says so. */
function* memberIsChanges(input: Input): Generator<null, boolean> {
  const name = offsetOf(input);
  if (input.bytes[input.at] !== byte.QUOTE) failUnexpected(input, NAME);
  yield* skipNested(input);
  const isChange = offsetOf(input) - name === CHANGE.length && lastBytes(input, CHANGE.length).equals(CHANGE);
  if ((here(input) ?? (yield* peek(input))) !== byte.COLON) failUnexpected(input, '":"');
  input.at++;
  const value = here(input) ?? (yield* peek(input));
  if (value === byte.END) failTruncated(input);
  if (isChange && value === byte.OPEN_ARRAY) {
    input.at++;
    return true;
  }
  yield* skipValue(input);
  return false;
}

/** Goes behind the comma between two members. Says what is next: a quote, or the closing bracket. */
function* skipComma(input: Input): Generator<null, number> {
  const next = here(input) ?? (yield* peek(input));
  if (next === byte.CLOSE_OBJECT) return next;
  if (next !== byte.COMMA) failUnexpected(input, '"," or "}"');
  input.at++;
  if ((yield* peek(input)) !== byte.QUOTE) failUnexpected(input, NAME);
  return byte.QUOTE;
}
