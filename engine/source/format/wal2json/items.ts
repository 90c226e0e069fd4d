/**
 * Turns the pieces of a file into items: follows where transactions begin and end, and hands out what can't be decoded as
 * bad, for the frame knows where the next piece starts.
 *
 * A record of version 1 is a transaction. In version 2 one begins with "B" and ends with "C"; a record outside of those
 * two is a transaction of its own, for a log may be without them, and messages stand there in any log. Which version a
 * record is of, it says itself.
 */
import { type Buffer, isUtf8 } from 'node:buffer';
import { type Change, type Commit, headerOf, type Position } from '../../../change.ts';
import { type DataPlace, type Diagnostic, diagnose, EtlError, fail } from '../../../diagnostic/diagnostic.ts';
import { hints } from '../../../diagnostic/messages.ts';
import { type Interest, wantedIn } from '../../../interest.ts';
import type { Bad, Item } from '../decoder.ts';
import { type Input, offsetOf } from '../input.ts';
import { checkUtf8 } from '../text.ts';
import type { Piece, Taken } from './frame.ts';
import { failNotWal2json } from './refuse.ts';
import type { Templates } from './template.ts';
import { failSecondChange, lsnIn, readHead, readTail } from './transaction.ts';
import { openVersion1 } from './version1.ts';
import { actionIn, openVersion2, type Version2 } from './version2.ts';

/** A log as far as it is read. */
export interface Log {
  readonly input: Input;
  readonly interest: Interest;
  readonly version1: ReturnType<typeof openVersion1>;
  readonly version2: Version2;
  /** The transaction in hand: from "B" to "C", or from the head to the tail of a record. */
  open: { readonly version: 1 | 2; readonly at: Position; readonly lsn: bigint | null } | null;
  /** Bytes of the file up to and including the last whole record. */
  behind: number;
}

/** A piece, and where it stands in its transaction. */
interface Placed {
  readonly bytes: Buffer;
  readonly at: Position;
}

/** What was read of a piece, or why nothing was. */
type Tried<T> = { readonly value: T | null; readonly bad: readonly Bad[] };

export function openLog(input: Input, interest: Interest, templates: Templates): Log {
  const { before: behind } = input;
  const [version1, version2] = [openVersion1(interest, templates), openVersion2(interest)];
  return { input, interest, version1, version2, open: null, behind };
}

/** The items that end with a piece. */
export function itemsOf(log: Log, piece: Piece | Taken): readonly Item[] {
  if (piece.kind === 'taken') {
    log.behind = offsetOf(log.input);
    return piece.items;
  }
  const items = itemsIn(log, piece);
  if (piece.kind === 'tail' || piece.kind === 'record') log.behind = piece.offset + piece.bytes.length;
  return items;
}

function itemsIn(log: Log, { kind, bytes, offset }: Piece): readonly Item[] {
  const { input, open } = log;
  const at: Position = { file: input.file, record: input.records + 1, offset, lsn: open?.lsn ?? null };
  const placed = { bytes, at };
  switch (kind) {
    case 'head':
      if (open !== null) return tried(placed, () => failInside(open.version, at)).bad;
      return begin(log, placed, 1, () => readHead(bytes, at));
    case 'change': {
      const { value, bad } = tried(placed, () => log.version1(bytes, at));
      return value === null ? bad : checked(log, placed, value);
    }
    case 'tail': {
      const { value, bad } = tried(placed, () => readTail(bytes, at));
      return open?.version === 1 ? [...bad, commit(log, placed, value)] : bad;
    }
    case 'record':
      return itemsOfRecord(log, placed);
  }
}

/** Says that the file ends before the transaction in hand does. */
export function checkEnded({ open }: Log): void {
  if (open !== null) fail('TRUNCATED_INPUT', { part: 'transaction' }, { data: dataOf(open.at) });
}

/** What a record says that is no transaction of version 1. */
function itemsOfRecord(log: Log, placed: Placed): readonly Item[] {
  const { at } = placed;
  const said = tried(placed, () => {
    const record = log.version2.read(placed.bytes, at);
    return { record, action: actionIn(record) };
  });
  if (said.value === null) return ended(log, placed, said.bad);
  const { record, action } = said.value;
  switch (action) {
    case 'B': {
      return [...abandoned(log, placed), ...begin(log, placed, 2, () => lsnIn(record.read))];
    }
    case 'C': {
      const lone = log.open === null ? [badOf(placed, notBegun(at))] : [];
      const { value, bad } = tried(placed, () => lsnIn(record.read));
      return [...lone, ...bad, commit(log, placed, value)];
    }
    default: {
      const { value, bad } = tried(placed, () => log.version2.decode(record, action));
      return ended(log, placed, value === null ? bad : checked(log, placed, value));
    }
  }
}

/** A change of a row: where its bytes are no UTF-8, it is bad for those who read its table. */
function checked({ interest }: Log, placed: Placed, change: Change): readonly Item[] {
  const { schema, table } = headerOf(change);
  if (isUtf8(placed.bytes) || change.op === 'truncate' || wantedIn(interest, schema, table) === null) return [change];
  return tried(placed, () => checkUtf8(placed)).bad.map((bad) => ({ ...bad, unread: change }));
}

/** A transaction that another one begins in is bad, and ends in front of it; its LSN may still come with all of it. */
function abandoned({ open, behind }: Log, placed: Placed): readonly Item[] {
  if (open === null) return [];
  const { at } = placed;
  const end: Commit = { op: 'commit', from: open.at.offset, offset: behind, records: at.record - 1, lsn: null };
  return [badOf(placed, notEnded(open.at, at)), end];
}

/** A transaction begins, also where its LSN can't be read. */
function begin(log: Log, placed: Placed, version: 1 | 2, readLsn: () => bigint | null): readonly Item[] {
  const { value, bad } = tried(placed, readLsn);
  log.open = { version, at: placed.at, lsn: value };
  return bad;
}

/** Outside of a transaction a record is one of its own. */
function ended(log: Log, placed: Placed, items: readonly Item[]): readonly Item[] {
  return log.open === null ? [...items, commit(log, placed, null)] : items;
}

function commit(log: Log, { bytes, at }: Placed, lsn: bigint | null): Commit {
  const { open } = log;
  log.open = null;
  const from = (open?.at ?? at).offset;
  return { op: 'commit', from, offset: at.offset + bytes.length, records: at.record, lsn: open?.lsn ?? lsn };
}

function tried<T>(placed: Placed, read: () => T): Tried<T> {
  try {
    return { value: read(), bad: [] };
  } catch (error) {
    if (!(error instanceof EtlError)) throw error;
    return { value: null, bad: error.diagnostics.map((diagnostic) => badOf(placed, diagnostic)) };
  }
}

function badOf({ bytes, at }: Placed, diagnostic: Diagnostic): Bad {
  return { op: 'bad', diagnostic, at, size: bytes.length, unread: null };
}

/** Says that a transaction of version 1 begins inside of another one. */
function failInside(version: 1 | 2, at: Position): never {
  if (version === 1) failSecondChange(at);
  failNotWal2json('a transaction of version 1', '"C" before it', dataOf(at));
}

function notEnded({ record }: Position, at: Position): Diagnostic {
  return diagnose('TRANSACTION_NOT_ENDED', { record }, { data: dataOf(at) });
}

function notBegun(at: Position): Diagnostic {
  return diagnose('TRANSACTION_NOT_BEGUN', undefined, { data: dataOf(at), hint: hints.notBegun });
}

function dataOf({ file, record, offset }: Position): DataPlace {
  return { file, record, offset };
}
