/** Values of records, brought into the form in which they are stored and computed. */
import type { Literal, Type, Value } from '../../change.ts';
import { readHex } from './bytes.ts';
import { readBoolean, uuidText } from './cast.ts';
import { EXACT_DIGITS, readDouble } from './double.ts';
import { fromNumeric } from './dynamic.ts';
import { printTime, readTime } from './instant.ts';
import { fitsInteger, readInteger } from './integer.ts';
import { readNumeric, significantDigits } from './numeric.ts';
import { refuse, shown, truth } from './operation.ts';
import { trimSpace } from './space.ts';

const NUMBER = /^-?\d/;

/**
 * A record's value as it is stored for a column of a type; NULL stays NULL. Where the type is null, the literal decides.
 *
 * `told` is the type that the record's own source tells. Throws an OperationError where the value is not one of the type.
 * Text-like types take any text as it came; but a time that only the mapping calls one is read, and kept as PostgreSQL
 * writes it, for a source that knows no times writes one time in several ways.
 */
export function storedValue(literal: Literal, type: Type | null, told: Type | null = type): Value {
  if (literal === null) return null;
  if (type === null) return readUntyped(literal);
  const written = textOf(literal);
  switch (type) {
    case 'integer':
      return readWhole(written);
    case 'numeric':
      // Infinite numbers come as null from wal2json, and so they do from a domain over numeric, which comes as text.
      return /^(?:nan|[+-]?inf(?:inity)?)$/i.test(trimSpace(written)) ? null : readNumeric(written);
    case 'double': {
      const number = readDouble(written);
      return Number.isNaN(number) ? null : number;
    }
    case 'boolean':
      return truth(readBoolean(written));
    case 'uuid':
      // What is no uuid is kept as it came: only PostgreSQL itself is sure to write one.
      return uuidText(written) ?? written;
    case 'bytes':
      return readHex(written.startsWith('\\x') ? written.slice(2) : written);
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return told === type ? written : printTime(readTime(written, type), type);
    default:
      return written;
  }
}

/**
 * A numeric as a target column of SQLite holds it, so that no affinity changes it: a number up to 15 significant
 * digits, else its text.
 */
export function writeNumeric(canonical: string): Value {
  if (significantDigits(canonical) > EXACT_DIGITS) return canonical;
  const number = Number(canonical);
  if (!Number.isFinite(number) || readNumeric(String(number)) !== canonical) return canonical;
  return Number.isSafeInteger(number) && Math.abs(number) < 10 ** EXACT_DIGITS ? BigInt(canonical) : number;
}

function textOf(literal: Exclude<Literal, null>): string {
  return typeof literal === 'object' ? literal.json : String(literal);
}

function readUntyped(literal: Exclude<Literal, null>): Value {
  if (typeof literal === 'string') return literal;
  if (typeof literal === 'boolean') return truth(literal);
  return NUMBER.test(literal.json) ? fromNumeric(readNumeric(literal.json)) : literal.json;
}

/** A whole number, also where JSON writes it `1.0` or `1e3`. */
function readWhole(written: string): bigint {
  if (!/[.e]/i.test(written)) return readInteger(written);
  const numeric = readNumeric(written);
  if (numeric.includes('.')) refuse('BAD_CAST', { value: shown(written), type: 'integer' });
  const whole = BigInt(numeric);
  return fitsInteger(whole) ? whole : refuse('VALUE_OUT_OF_RANGE', { value: shown(written), type: 'integer' });
}
