import { JsonError, wholeValue } from '../../json.ts';
import { printBytes, readBytes } from './bytes.ts';
import { EXACT_DIGITS, printDouble, readDouble, roundHalfEven } from './double.ts';
import { instantIn, printTime, readTime, type TimeType } from './instant.ts';
import { fitsInteger, readInteger } from './integer.ts';
import { numerics, readNumeric } from './numeric.ts';
import { bytes, double, integer, type Operation, operation, refuse, shown, text, truth } from './operation.ts';
import { trimBlanksAtEnd, trimSpace } from './space.ts';

/** PostgreSQL's spellings of a boolean; of each word any beginning that only one word has. */
const TRUE = /^(?:t(?:r(?:ue?)?)?|y(?:es?)?|on|1)$/i;
const FALSE = /^(?:f(?:a(?:l(?:se?)?)?)?|no?|off?|0)$/i;

const PRINTED_UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;
const UUID = /^(\{)?((?:[\da-f]{4}-?){7}[\da-f]{4})(\})?$/i;

/** All casts, each `<from>_to_<to>`. A type pair that is not here has none. */
export const casts: Readonly<Record<string, Operation>> = {
  text_to_integer: operation([text], readInteger),
  text_to_numeric: operation([text], readNumeric),
  text_to_double: operation([text], readDouble),
  text_to_boolean: operation([text], (value) => truth(readBoolean(value))),
  text_to_uuid: operation([text], readUuid),
  text_to_json: operation([text], readJson),
  text_to_bytes: operation([text], readBytes),
  text_to_date: reading('date'),
  text_to_timestamp: reading('timestamp'),
  text_to_timestamptz: reading('timestamptz'),

  integer_to_numeric: operation([integer], String),
  integer_to_double: operation([integer], Number),
  integer_to_boolean: operation([integer], (value) => truth(value !== 0n)),
  integer_to_text: operation([integer], String),
  numeric_to_integer: operation([text], wholeNumber),
  numeric_to_double: operation([text], readDouble),
  numeric_to_text: operation([text], String),
  double_to_integer: operation([double], truncated),
  // PostgreSQL takes the digits that a double surely holds.
  double_to_numeric: operation([double], (value) => readNumeric(finite(value).toPrecision(EXACT_DIGITS))),
  double_to_text: operation([double], printDouble),
  boolean_to_integer: operation([integer], (value) => value),
  boolean_to_text: operation([integer], (value) => (value === 0n ? 'false' : 'true')),

  date_to_timestamp: printing('timestamp'),
  date_to_timestamptz: printing('timestamptz'),
  date_to_text: printing('date'),
  timestamp_to_date: printing('date'),
  timestamp_to_timestamptz: printing('timestamptz'),
  timestamp_to_text: printing('timestamp'),
  timestamptz_to_date: printing('date'),
  timestamptz_to_timestamp: printing('timestamp'),
  timestamptz_to_text: printing('timestamptz'),

  character_to_text: operation([text], trimBlanksAtEnd),
  uuid_to_text: operation([text], (value) => value.toLowerCase()),
  json_to_text: operation([text], String),
  bytes_to_text: operation([bytes], printBytes),
};

/** PostgreSQL's spellings of a boolean. */
export function readBoolean(value: string): boolean {
  const word = trimSpace(value);
  if (TRUE.test(word)) return true;
  return FALSE.test(word) ? false : refuse('BAD_CAST', { value: shown(value), type: 'boolean' });
}

/** A whole number out of a canonical decimal one, halves rounded away from zero. */
function wholeNumber(numeric: string): bigint {
  const value = BigInt(String(numerics.round_numeric?.evaluate(numeric)));
  return fitsInteger(value) ? value : refuse('OUT_OF_RANGE', { type: 'integer' });
}

function readUuid(value: string): string {
  return uuidText(value) ?? refuse('BAD_CAST', { value: shown(value), type: 'uuid' });
}

/** Any of PostgreSQL's spellings of a uuid as it prints it; null for what is none. */
export function uuidText(value: string): string | null {
  // As PostgreSQL prints it, which is how every value of a log comes: the patterns below cost ten times as much.
  if (PRINTED_UUID.test(value)) return value;
  const parts = UUID.exec(value);
  if (parts === null || (parts[1] === undefined) !== (parts[3] === undefined)) {
    return null;
  }
  const digits = (parts[2] ?? '').replaceAll('-', '').toLowerCase();
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function readJson(value: string): string {
  try {
    wholeValue(value);
    return value;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return refuse('BAD_CAST', { value: shown(value), type: 'json' });
  }
}

function reading(type: TimeType): Operation {
  return operation([text], (value) => printTime(readTime(value, type), type));
}

/** Takes a stored date or time of any type. */
function printing(type: TimeType): Operation {
  return operation([text], (value) => printTime(instantIn(value), type));
}

function truncated(value: number): bigint {
  const whole = roundHalfEven(value);
  const fits = whole >= -(2 ** 63) && whole < 2 ** 63;
  return fits ? BigInt(whole) : refuse('OUT_OF_RANGE', { type: 'integer' });
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : refuse('VALUE_OUT_OF_RANGE', { value: String(value), type: 'numeric' });
}
