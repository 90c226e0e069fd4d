import { double, type Operation, operation, refuse, shown } from './operation.ts';
import { trimSpace } from './space.ts';

/** A double keeps so many digits of any decimal number. */
export const EXACT_DIGITS = 15;

/**
 * Arithmetic of doubles as PostgreSQL's: a result too large or too small is an error, and so is a division by zero.
 *
 * NaN is what it is in PostgreSQL; SQLite can't hold it, and makes it NULL on the way from one operation to the next.
 */
export const doubles: Readonly<Record<string, Operation>> = {
  add_double: operation([double, double], (a, b) => finite(a + b, a, b)),
  subtract_double: operation([double, double], (a, b) => finite(a - b, a, b)),
  multiply_double: operation([double, double], (a, b) => notLost(finite(a * b, a, b), a === 0 || b === 0)),
  divide_double: operation([double, double], divide),
  // PostgreSQL's avg takes a quotient that is no double for the next one that is.
  average_double: operation([double, double], (sum, count) => sum / count),
  negate_double: operation([double], (a) => -a),
  abs_double: operation([double], (a) => Math.abs(a)),
  round_double: operation([double], roundHalfEven),
};

/** To the nearest whole number, a half to the even one. */
export function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** The shortest digits that lead back to the number, as PostgreSQL prints them. */
export function printDouble(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value);
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 15) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

/** A number in any decimal spelling that PostgreSQL reads as double precision. */
export function readDouble(text: string): number {
  const digits = trimSpace(text).toLowerCase();
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/.test(digits)) return representable(digits, text);
  if (digits === 'nan') return Number.NaN;
  if (/^[+-]?inf(?:inity)?$/.test(digits)) return digits.startsWith('-') ? -Infinity : Infinity;
  return refuse('BAD_CAST', { value: shown(text), type: 'double' });
}

/** Order of PostgreSQL: NaN equals itself and is greater than all else. */
export function compareDoubles(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

function representable(digits: string, text: string): number {
  const value = Number(digits);
  const lost = !Number.isFinite(value) || (value === 0 && /[1-9]/.test(digits.split('e')[0] ?? ''));
  return lost ? refuse('VALUE_OUT_OF_RANGE', { value: shown(text), type: 'double' }) : value;
}

function divide(a: number, b: number): number {
  if (b === 0 && !Number.isNaN(a)) refuse('DIVISION_BY_ZERO', undefined);
  return notLost(finite(a / b, a), a === 0 || !Number.isFinite(b));
}

/** Infinity comes of infinity alone. */
function finite(result: number, ...from: number[]): number {
  const overflows = Math.abs(result) === Infinity && from.every((each) => Math.abs(each) !== Infinity);
  return overflows ? refuse('OUT_OF_RANGE', { type: 'double' }) : result;
}

function notLost(result: number, mayBeZero: boolean): number {
  return result === 0 && !mayBeZero ? refuse('OUT_OF_RANGE', { type: 'double' }) : result;
}
