/**
 * Turns the pieces of a file into items: follows where transactions begin and end, and hands out what can't be decoded as
 * bad, for the frame knows where the next piece starts.
 *
 * A record of version 1 is a transaction. In version 2 one begins with "B" and ends with "C"; a record outside of those
 * two is a transaction of its own, for a log may be without them, and messages stand there in any log. Which version a
 * record is of, it says itself.
 */
import type { Change, Commit, Interest, Position } from '../../../change.ts';
import { type DataPlace, type Diagnostic, diagnose, EtlError, fail } from '../../../diagnostic/diagnostic.ts';
import { hints } from '../../../diagnostic/messages.ts';
import { type Bad, type Item, RAW_LIMIT } from '../decoder.ts';
import type { Piece } from './frame.ts';
import type { Input } from './input.ts';
import { failNotWal2json } from './refuse.ts';
import { failSecondChange, lsnIn, readHead, readTail } from './transaction.ts';
import { openVersion1 } from './version1.ts';
import { actionIn, openVersion2, readRecord } from './version2.ts';

/** A log as far as it is read. */
export interface Log {
  readonly input: Input;
  readonly version1: ReturnType<typeof openVersion1>;
  readonly version2: ReturnType<typeof openVersion2>;
  /** The transaction in hand: from "B" to "C", or from the head to the tail of a record. */
  open: { readonly version: 1 | 2; readonly at: Position; readonly lsn: bigint | null } | null;
}

type Placed = Piece & { readonly at: Position };

export function openLog(input: Input, interest: Interest): Log {
  return { input, version1: openVersion1(interest), version2: openVersion2(interest), open: null };
}

/** The items that end with a piece. */
export function* itemsOf(log: Log, piece: Piece): Generator<Item> {
  const { input, open } = log;
  const at = { file: input.file, record: input.records + 1, offset: piece.offset, lsn: open?.lsn ?? null };
  const placed: Placed = { ...piece, at };
  const { bytes } = piece;
  switch (piece.kind) {
    case 'head':
      if (open === null) yield* begin(log, placed, 1, () => readHead(bytes, at));
      else yield* tried(placed, () => failInside(open.version, at));
      return;
    case 'change':
      yield* changeIn(placed, () => log.version1(bytes, at));
      return;
    case 'tail': {
      const lsn = yield* tried(placed, () => readTail(bytes, at));
      if (log.open?.version === 1) yield commit(log, placed, lsn);
      return;
    }
    case 'record':
      yield* itemsOfRecord(log, placed);
  }
}

/** Says that the file ends before the transaction in hand does. */
export function checkEnded({ open }: Log): void {
  if (open !== null) fail('TRUNCATED_INPUT', { part: 'transaction' }, { data: dataOf(open.at) });
}

/** What a record says that is no transaction of version 1. */
function* itemsOfRecord(log: Log, placed: Placed): Generator<Item> {
  const said = yield* tried(placed, () => {
    const read = readRecord(placed.bytes, placed.at);
    return { read, action: actionIn(read) };
  });
  switch (said?.action) {
    case 'B':
      if (log.open !== null) yield { ...badOf(placed, notEnded(log.open.at, placed.at)), ends: true };
      yield* begin(log, placed, 2, () => lsnIn(said.read));
      return;
    case 'C': {
      if (log.open === null) yield badOf(placed, notBegun(placed.at));
      const lsn = yield* tried(placed, () => lsnIn(said.read));
      yield commit(log, placed, lsn);
      return;
    }
    default:
      if (said) yield* changeIn(placed, () => log.version2(said.read, said.action));
      if (log.open === null) yield commit(log, placed, null);
  }
}

/** A transaction begins, also where its LSN can't be read. */
function* begin(log: Log, placed: Placed, version: 1 | 2, readLsn: () => bigint | null): Generator<Item> {
  const { at } = placed;
  log.open = { version, at, lsn: yield* tried(placed, readLsn) };
}

function commit(log: Log, { bytes, offset, at }: Placed, lsn: bigint | null): Commit {
  const known = log.open?.lsn ?? lsn;
  log.open = null;
  return { op: 'commit', offset: offset + bytes.length, records: at.record, lsn: known };
}

function* changeIn(placed: Placed, decode: () => Change | null): Generator<Item> {
  const change = yield* tried(placed, decode);
  if (change !== null) yield change;
}

/** What can be read of a piece. If nothing can, hands out why, and gives null. */
function* tried<T>(placed: Placed, read: () => T): Generator<Bad, T | null> {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof EtlError)) throw error;
    for (const diagnostic of error.diagnostics) yield badOf(placed, diagnostic);
    return null;
  }
}

function badOf({ bytes, at }: Placed, diagnostic: Diagnostic): Bad {
  const raw = bytes.subarray(0, RAW_LIMIT).toString();
  return { op: 'bad', diagnostic, at, raw, size: bytes.length, ends: false };
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
