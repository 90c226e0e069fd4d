/**
 * Operations on values whose type nothing tells: they decide by the storage class.
 *
 * A number is an integer, a double that stands for the decimal number of its shortest digits, or - where neither can
 * hold it - its canonical text: a text of more digits than a double keeps is taken for a number among numbers.
 */
import type { Type, Value } from '../../change.ts';
import { invariant } from '../../diagnostic/diagnostic.ts';
import { types } from '../types.ts';
import { casts } from './cast.ts';
import { comparing } from './compare.ts';
import { compareDoubles, EXACT_DIGITS, readDouble } from './double.ts';
import { fitsInteger, integers } from './integer.ts';
import { compareNumerics, isCanonical, numerics, orderedNumeric, readNumeric, significantDigits } from './numeric.ts';
import { any, bytes, integer, type Operation, operation, refuse, shown, text } from './operation.ts';
import { compareTexts } from './text.ts';
import { times } from './time.ts';

type Present = Exclude<Value, null>;

export const dynamics: Readonly<Record<string, Operation>> = {
  ...comparing('dynamic', any, compareDynamics),
  add_dynamic: arithmetic('add'),
  subtract_dynamic: arithmetic('subtract'),
  multiply_dynamic: arithmetic('multiply'),
  divide_dynamic: arithmetic('divide'),
  modulo_dynamic: arithmetic('modulo'),
  negate_dynamic: arithmetic('negate'),
  abs_dynamic: arithmetic('abs'),
  round_dynamic: operation([any, integer], roundDynamic),
  numeric_to_dynamic: operation([text], fromNumeric),
  order_dynamic: operation([any], orderedDynamic),

  // Where an operator tells the type: a value of another kind is an error, as it would be with a declared type.
  dynamic_as_integer: operation([integer], (value) => value),
  dynamic_as_double: operation([any], (value) => (typeof value === 'number' ? value : readDouble(decimalOf(value)))),
  dynamic_as_text: operation([text], (value) => value),
  dynamic_as_boolean: operation([any], asBoolean),
  dynamic_as_bytes: operation([bytes], (value) => value),
  dynamic_as_uuid: operation([text], (value) => run(casts, 'text_to_uuid', value)),
  dynamic_as_date: operation([text], (value) => run(casts, 'text_to_date', value)),
  dynamic_as_timestamp: operation([text], (value) => run(casts, 'text_to_timestamp', value)),
  dynamic_as_timestamptz: operation([text], (value) => run(casts, 'text_to_timestamptz', value)),

  ...Object.fromEntries(types.map((type) => [`dynamic_to_${type}`, operation([any], (value) => castTo(type, value))])),
  date_minus_dynamic: operation([text, any], dateMinus),
};

/** A canonical decimal number in the narrowest storage that keeps it exactly. */
export function fromNumeric(canonical: string): Value {
  if (!canonical.includes('.')) {
    const whole = BigInt(canonical);
    if (fitsInteger(whole)) return whole;
  }
  const number = Number(canonical);
  const exact = significantDigits(canonical) <= EXACT_DIGITS && Number.isFinite(number);
  return exact && readNumeric(String(number)) === canonical ? number : canonical;
}

/** A number as canonical decimal text, null for anything else. */
function numericOf(value: Present): string | null {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? readNumeric(String(value)) : null;
  return typeof value === 'string' && isCanonical(value) && fromNumeric(value) === value ? value : null;
}

/** A number as canonical decimal text; an error for anything else. */
export function decimalOf(value: Present): string {
  return numericOf(value) ?? refuse('UNEXPECTED_VALUE', { value: shown(value), expected: 'a number' });
}

function arithmetic(name: string): Operation {
  return operation([any, any], (...args: Present[]) => {
    if (args.every((each) => typeof each === 'bigint')) return run(integers, `${name}_integer`, ...args);
    return fromNumeric(String(run(numerics, `${name}_numeric`, ...args.map(decimalOf))));
  });
}

function roundDynamic(value: Present, places?: bigint): Value {
  return fromNumeric(
    String(run(numerics, 'round_numeric', decimalOf(value), ...(places === undefined ? [] : [places]))),
  );
}

/** Of a number what stands in the order of numbers: one of many digits is stored as text. */
function orderedDynamic(value: Present): Value {
  const numeric = numericOf(value);
  return numeric === null ? value : orderedNumeric(numeric);
}

function compareDynamics(a: Present, b: Present): number {
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b);
  if (typeof a === 'number' && typeof b === 'number') return compareDoubles(a, b);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  const [left, right] = [numericOf(a), numericOf(b)];
  if (left === null || right === null) return refuse('MIXED_VALUES', { left: shown(a), right: shown(b) });
  return compareNumerics(left, right);
}

function asBoolean(value: Present): bigint {
  return value === 0n || value === 1n
    ? value
    : refuse('UNEXPECTED_VALUE', { value: shown(value), expected: 'a boolean' });
}

/** Days where a number is taken from a date, and the days between where a date is. */
function dateMinus(date: string, other: Present): Value {
  if (typeof other === 'bigint') return run(times, 'subtract_date', date, other);
  return run(times, 'days_between', date, run(casts, 'text_to_date', text(other)));
}

function castTo(type: Type, value: Present): Value {
  const from = typeOf(value);
  const stored = from === 'numeric' ? decimalOf(value) : value;
  if (from === type) return stored;
  const cast = casts[`${from}_to_${type}`];
  return cast
    ? cast.evaluate(stored)
    : refuse('UNEXPECTED_VALUE', { value: shown(value), expected: `a value for ${type}` });
}

/** The type that a value's storage class speaks for. */
function typeOf(value: Present): Type {
  if (typeof value === 'bigint') return 'integer';
  if (typeof value === 'number') return Number.isFinite(value) ? 'numeric' : 'double';
  return typeof value === 'string' ? 'text' : 'bytes';
}

function run(table: Readonly<Record<string, Operation>>, name: string, ...args: Value[]): Value {
  const found = table[name];
  invariant(found, `there is an operation ${name}`);
  return found.evaluate(...args);
}
