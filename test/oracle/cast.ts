import {
  boolean,
  type Datum,
  double,
  integer,
  numeric,
  OracleError,
  type OracleType,
  text,
  type WrittenType,
} from './datum.ts';
import { type Decimal, decimalText, ofInteger, parseDecimal, roundTo } from './decimal.ts';
import { parseOne } from './json.ts';
import { dateText, parseInstant, timestampText } from './time.ts';

/** A value as another type, as PostgreSQL's explicit cast. Throws an OracleError where that can't be done. */
export function cast(datum: Datum, type: OracleType): Datum {
  if (datum === null || datum.type === type) return datum;
  switch (type) {
    case 'integer':
      return toInteger(datum);
    case 'numeric':
      return numeric(toDecimal(datum));
    case 'double':
      return toDouble(datum);
    case 'boolean':
      return toBoolean(datum);
    case 'text':
      return text(textOf(datum));
    default:
      return { type, value: written(textOf(datum), type) };
  }
}

/** A value as `cast(x as text)` gives it: without the blanks that pad a character(n), instants in UTC. */
export function textOf(datum: NonNullable<Datum>): string {
  switch (datum.type) {
    case 'integer':
    case 'boolean':
      return String(datum.value);
    case 'numeric':
      return decimalText(datum.value);
    case 'double':
      return doubleText(datum.value);
    case 'character':
      return datum.value.replace(/ +$/, '');
    case 'timestamptz':
      return `${timestampText(instantOf(datum.value))}+00`;
    default:
      return datum.value;
  }
}

/** Microseconds since 1970. Throws an OracleError where the text is no day or timestamp. */
export function instantOf(value: string): bigint {
  const instant = parseInstant(value);
  if (!instant) throw new OracleError(`"${value}" is no timestamp`);
  return instant.micros;
}

/** PostgreSQL turns to an exponent from 1e15 and below 1e-4, and writes it with two digits. */
function doubleText(value: number): string {
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 15) return decimalText(decimalOf(String(value)));
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

function toInteger(datum: NonNullable<Datum>): Datum {
  if (datum.type === 'boolean') return integer(datum.value ? 1n : 0n);
  if (datum.type === 'double') return integer(BigInt(roundHalfEven(datum.value)));
  if (datum.type === 'numeric') return integer(roundTo(datum.value, 0).units);
  const trimmed = textOf(datum).trim();
  if (!/^[+-]?\d+$/.test(trimmed)) throw new OracleError(`"${trimmed}" is no integer`);
  return integer(BigInt(trimmed));
}

function toDecimal(datum: NonNullable<Datum>): Decimal {
  if (datum.type === 'integer') return ofInteger(datum.value);
  // PostgreSQL gives a double 15 significant digits on its way to numeric.
  if (datum.type === 'double') return decimalOf(String(Number(datum.value.toPrecision(15))));
  return decimalOf(textOf(datum).trim());
}

function toDouble(datum: NonNullable<Datum>): Datum {
  return double(Number(decimalText(toDecimal(datum))));
}

function decimalOf(written: string): Decimal {
  const decimal = parseDecimal(written);
  if (!decimal) throw new OracleError(`"${written}" is no number`);
  return decimal;
}

function toBoolean(datum: NonNullable<Datum>): Datum {
  if (datum.type === 'integer') return boolean(datum.value !== 0n);
  const word = textOf(datum).trim().toLowerCase();
  const begins = (full: string, shortest: number): boolean => word.length >= shortest && full.startsWith(word);
  if (begins('true', 1) || begins('yes', 1) || begins('on', 2) || word === '1') return boolean(true);
  if (begins('false', 1) || begins('no', 1) || begins('off', 2) || word === '0') return boolean(false);
  throw new OracleError(`"${word}" is no boolean`);
}

function written(value: string, type: WrittenType): string {
  switch (type) {
    case 'date':
      return dateText(instantOf(value));
    case 'timestamp':
      return timestampText(instantOf(value.replace(/(?<=:.*) ?(Z|[+-]\d\d(:?\d\d)?)$/, '')));
    case 'timestamptz':
      return `${timestampText(instantOf(value))}+00`;
    case 'uuid':
      return uuidText(value);
    case 'json':
      if (!parseOne(value)) throw new OracleError(`"${value}" is no JSON`);
      return value;
    case 'bytes':
      return value.startsWith('\\x') ? value.slice(2).toLowerCase() : Buffer.from(value).toString('hex');
    default:
      return value;
  }
}

function uuidText(value: string): string {
  const digits = value.toLowerCase().replace(/[{}-]/g, '');
  if (!/^[\da-f]{32}$/.test(digits)) throw new OracleError(`"${value}" is no uuid`);
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** As PostgreSQL rounds a double to a whole number. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}
