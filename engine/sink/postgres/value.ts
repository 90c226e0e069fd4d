import type { Row, Type, Value } from '../../change.ts';
import { readHex } from '../../expression/operation/bytes.ts';
import { readNumeric } from '../../expression/operation/numeric.ts';
import { writeNumeric } from '../../expression/operation/value.ts';
import type { TargetColumn } from '../../sql/target.ts';
import { refused } from '../refused.ts';

/** A value of the state as PostgreSQL reads it for a column of a type. */
export function written(value: Value, type: Type | null): string | null {
  if (value === null) return null;
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  if (type === 'boolean') return value === 0n ? 'false' : 'true';
  return String(value);
}

/** A value as PostgreSQL writes it, in the form that a target of SQLite holds. */
export function readBack(text: string | null, type: Type | null): Value {
  if (text === null) return null;
  switch (type) {
    case 'integer':
      return BigInt(text);
    case 'numeric':
      return writeNumeric(readNumeric(text));
    case 'double':
      return Number(text);
    case 'boolean':
      return text === 't' ? 1n : 0n;
    case 'bytes':
      return readHex(text.slice(2));
    default:
      return text;
  }
}

/** PostgreSQL's texts hold every character but NUL. Throws an EtlError that shows the row. */
export function refuseNul(row: Row, columns: readonly TargetColumn[], place: string): void {
  const n = row.findIndex((value) => typeof value === 'string' && value.includes('\0'));
  if (n >= 0) refused(row, columns, n, 'postgres', place);
}
