import type { Type, Value } from '../../change.ts';
import { readHex } from '../../expression/operation/bytes.ts';
import { type Instant, instantIn, printTime, readTime } from '../../expression/operation/instant.ts';
import { readNumeric } from '../../expression/operation/numeric.ts';
import { OperationError } from '../../expression/operation/operation.ts';
import { writeNumeric } from '../../expression/operation/value.ts';
import { TSV_NULL, tsvBytes, tsvText } from '../../server/clickhouse/tsv.ts';

/** A value of the state as a line for ClickHouse has it; null for one that a column of the type does not hold. */
export function written(value: Value, type: Type | null): string | null {
  if (value === null) return TSV_NULL;
  if (value instanceof Uint8Array) return tsvBytes(value);
  switch (type) {
    case 'boolean':
      return value === 0n ? 'false' : 'true';
    case 'numeric':
      return decimal(readNumeric(String(value)));
    case 'double':
      return String(value).replace('Infinity', 'inf');
    case 'uuid':
      return UUID.test(String(value)) ? String(value) : null;
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return time(String(value), type);
    default:
      return tsvText(String(value));
  }
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Decimal(76, 38): what has more digits, ClickHouse would round without a word. */
const DECIMAL = /^-?\d{1,38}(?:\.\d{1,38})?$/;

function decimal(text: string): string | null {
  return DECIMAL.test(text) ? text : null;
}

/** ClickHouse takes times outside of its range for its ends, and goes on. */
const [FIRST, BEHIND] = [instantIn('1900-01-01'), instantIn('2300-01-01')];

function time(text: string, type: 'date' | 'timestamp' | 'timestamptz'): string | null {
  try {
    const instant: Instant = readTime(text, type);
    return instant >= FIRST && instant < BEHIND ? printTime(instant, type).replace('+00', '') : null;
  } catch (error) {
    if (error instanceof OperationError) return null;
    throw error;
  }
}

/** How a value is selected that is to be read back. */
export function selected(column: string, type: Type | null): string {
  return type === 'bytes' ? `hex(${column})` : column;
}

/** A value as ClickHouse writes it, in the form that a target of SQLite holds. */
export function readBack(text: string | null, type: Type | null): Value {
  if (text === null) return null;
  switch (type) {
    case 'integer':
      return BigInt(text);
    case 'numeric':
      return writeNumeric(readNumeric(text));
    case 'double':
      return Number(text.replace('inf', 'Infinity'));
    case 'boolean':
      return text === 'true' ? 1n : 0n;
    case 'bytes':
      return readHex(text);
    case 'timestamptz':
      return `${text}+00`;
    default:
      return text;
  }
}
