import type { Buffer } from 'node:buffer';
import type { Position } from '../../../change.ts';
import { openText, type Text } from '../text.ts';
import { failMember, readMembers, stringIn } from './members.ts';
import { failNotWal2json } from './refuse.ts';

/** Reads what stands before the changes of a transaction of version 1; gives its LSN if it stands there. */
export function readHead(bytes: Buffer, at: Position): bigint | null {
  return lsnIn(readMembers(openText(bytes, at, '', ']}')));
}

/** Reads what stands behind the changes; gives the transaction's LSN if it stands there. */
export function readTail(bytes: Buffer, at: Position): bigint | null {
  const read = readMembers(openText(bytes, at, '{"change":[]'));
  if ((read.parts.get('change')?.start ?? 0) >= read.lead) failSecondChange(at);
  return lsnIn(read);
}

/** Says that a transaction has its changes twice. They were handed out already, and which ones count nobody knows. */
export function failSecondChange({ file, record, offset }: Position): never {
  failNotWal2json('a second "change"', 'one', { file, record, offset });
}

/**
 * PostgreSQL's position after the transaction: `0/1ED6BAA0`, its two halves in hexadecimal. It is that of the commit, by
 * which what is delivered again is known; the "lsn" of a change is not.
 */
export function lsnIn(read: Text): bigint | null {
  const text = stringIn(read, 'nextlsn');
  if (text === null) return null;
  const [, high, low] = /^([\da-f]{1,8})\/([\da-f]{1,8})$/i.exec(text) ?? failMember(read, 'nextlsn', 'a position');
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}
