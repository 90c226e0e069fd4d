import type { Buffer } from 'node:buffer';
import type { Commit, Position } from '../../../change.ts';
import { fail } from '../../../diagnostic/diagnostic.ts';
import { failNotWal2json } from './refuse.ts';
import { failMember, placeIn, readText, stringIn, type Text } from './text.ts';

/** Reads what stands before the changes; gives the transaction's LSN if it stands there. */
export function readHead(bytes: Buffer, at: Position): bigint | null {
  return lsnIn(readText(bytes, at, '', ']}'));
}

/** Reads what stands behind the changes, and ends the transaction. Its LSN is the head's, or stands here. */
export function readTail(bytes: Buffer, at: Position): Commit {
  const read = readText(bytes, at, '{"change":[]');
  if ((read.parts.get('change')?.start ?? 0) >= read.lead) failSecondChange(at);
  return { op: 'commit', offset: at.offset + bytes.length, records: at.record, lsn: at.lsn ?? lsnIn(read) };
}

/** Says that a transaction has its changes twice. They were handed out already, and which ones count nobody knows. */
export function failSecondChange({ file, record, offset }: Position): never {
  failNotWal2json('a second "change"', 'one', { file, record, offset });
}

/** Says why a record that holds no array of changes can't be read. */
export function failRecord(read: Text): never {
  if (!read.parts.has('action')) failMember(read, 'change', 'an array');
  const action = stringIn(read, 'action');
  const what = ACTIONS.get(action ?? '') ?? failMember(read, 'action', 'a letter');
  fail(
    'CHANGE_NOT_SUPPORTED',
    { what: `version 2 ${what}`, table: stringIn(read, 'table') },
    { data: placeIn(read, 0) },
  );
}

/** What the records of version 2 say. */
const ACTIONS = new Map([
  ['B', 'begin'],
  ['C', 'commit'],
  ['I', 'insert'],
  ['U', 'update'],
  ['D', 'delete'],
  ['T', 'truncate'],
  ['M', 'message'],
]);

/** PostgreSQL's position after the transaction: `0/1ED6BAA0`, its two halves in hexadecimal. */
function lsnIn(read: Text): bigint | null {
  const text = stringIn(read, 'nextlsn');
  if (text === null) return null;
  const [, high, low] = /^([\da-f]{1,8})\/([\da-f]{1,8})$/i.exec(text) ?? failMember(read, 'nextlsn', 'a position');
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}
