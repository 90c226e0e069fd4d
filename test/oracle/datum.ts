import { canonicalDecimal, type Decimal, parseDecimal, significantDigits, trimmed } from './decimal.ts';
import type { Json } from './json.ts';

/** The words of the language, and `character`, PostgreSQL's blank-padded text. */
export type OracleType = 'integer' | 'numeric' | 'double' | 'boolean' | WrittenType;

/** Types whose values are the text that PostgreSQL writes; `bytes` as hex. */
export type WrittenType = 'text' | 'character' | 'date' | 'timestamp' | 'timestamptz' | 'uuid' | 'json' | 'bytes';

/** A value with its type; `literal` is a quoted text of an expression, which takes the type it is asked for. */
export type Datum =
  | null
  | { readonly type: 'integer'; readonly value: bigint }
  | { readonly type: 'numeric'; readonly value: Decimal }
  | { readonly type: 'double'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: WrittenType | 'literal'; readonly value: string };

/** A value of a metric row as text that is equal for equal values: digits for numbers, `'text`, `x'hex`. */
export type Canonical = string | null;

/** What PostgreSQL refuses to evaluate: a cast that can't be done, a division by zero, an overflow, types that don't fit. */
export class OracleError extends Error {}

const MAX = 2n ** 63n;

export function integer(value: bigint): Datum {
  if (value < -MAX || value >= MAX) throw new OracleError(`${value} is out of range`);
  return { type: 'integer', value };
}

export function double(value: number): Datum {
  if (!Number.isFinite(value)) throw new OracleError(`${value} is out of range`);
  return { type: 'double', value };
}

/** A numeric has no zeros at its end (section 3 of the design): 1.50 divides, and is written, as 1.5. */
export function numeric(value: Decimal): Datum {
  return { type: 'numeric', value: trimmed(value) };
}

export function boolean(value: boolean): Datum {
  return { type: 'boolean', value };
}

export function text(value: string): Datum {
  return { type: 'text', value };
}

/** The type of the language for a type of PostgreSQL; all that it doesn't know is text. */
export function typeOfLog(name: string): OracleType {
  const plain = name.toLowerCase();
  if (plain.endsWith(']')) return 'text';
  return TYPES.find(([pattern]) => pattern.test(plain))?.[1] ?? 'text';
}

const TYPES: readonly (readonly [RegExp, OracleType])[] = [
  [/^(smallint|integer|bigint|int[248]?)$/, 'integer'],
  [/^(numeric|decimal)\b/, 'numeric'],
  [/^(real|double precision|float[48])$/, 'double'],
  [/^bool(ean)?$/, 'boolean'],
  [/^(character|char|bpchar)(\(\d+\))?$/, 'character'],
  [/^date$/, 'date'],
  [/^(timestamptz|timestamp(\(\d\))? with time zone)/, 'timestamptz'],
  [/^timestamp/, 'timestamp'],
  [/^uuid$/, 'uuid'],
  [/^jsonb?$/, 'json'],
  [/^bytea$/, 'bytes'],
];

/** A value of a record. Where the log has no types (null), the JSON decides. */
export function ofLog(json: Json, type: OracleType | null): Datum {
  if (json.kind === 'null') return null;
  if (type === null) return ofUntyped(json);
  const written = json.kind === 'string' ? json.value : json.raw;
  switch (type) {
    case 'integer':
      return integer(BigInt(written));
    case 'numeric':
      return numeric(decimalOf(written));
    case 'double':
      return double(Number(written));
    case 'boolean':
      return boolean(written === 'true');
    default:
      return { type, value: written };
  }
}

function ofUntyped(json: Json): Datum {
  if (json.kind === 'boolean') return boolean(json.value);
  if (json.kind === 'string') return text(json.value);
  if (json.kind !== 'number') return { type: 'json', value: json.raw };
  return numberOfText(json.raw);
}

/** A number by its digits alone: an integer where 64 bits hold it, else a numeric. */
export function numberOfText(digits: string): Datum {
  const whole = /^-?\d+$/.test(digits) && BigInt(digits) >= -MAX && BigInt(digits) < MAX;
  return whole ? integer(BigInt(digits)) : numeric(decimalOf(digits));
}

function decimalOf(written: string): Decimal {
  const decimal = parseDecimal(written);
  if (!decimal) throw new OracleError(`"${written}" is no number`);
  return decimal;
}

/** What a SQLite target must hold for a value: a numeric is a number up to 15 significant digits, else text. */
export function canonical(datum: Datum): Canonical {
  if (datum === null) return null;
  switch (datum.type) {
    case 'integer':
      return datum.value.toString();
    case 'numeric':
      return (significantDigits(datum.value) > 15 ? "'" : '') + canonicalDecimal(datum.value);
    case 'double':
      return plainDigits(datum.value);
    case 'boolean':
      return datum.value ? '1' : '0';
    case 'bytes':
      return `x'${datum.value.toLowerCase()}`;
    default:
      return `'${datum.value}`;
  }
}

/** The same for a value read from SQLite with safe integers. */
export function canonicalOfSqlite(value: null | bigint | number | string | Uint8Array): Canonical {
  if (value === null) return null;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return plainDigits(value);
  if (typeof value === 'string') return `'${value}`;
  return `x'${Buffer.from(value).toString('hex')}`;
}

/** The same for a value of a JSON line, in which a numeric of more digits is a string as in SQLite. */
export function canonicalOfJson(json: Json): Canonical {
  return canonical(ofLog(json, null));
}

/** The shortest digits that give the double back, without an exponent. */
function plainDigits(value: number): string {
  return canonicalDecimal(decimalOf(String(value)));
}
