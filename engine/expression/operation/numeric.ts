/**
 * Decimal numbers as PostgreSQL's numeric, each as canonical text: no exponent, no leading `+`, no trailing zeros, no
 * `-0`. Equal numbers are equal texts.
 *
 * A number has no trailing zeros here, and so a quotient has as many digits as PostgreSQL gives where its operands have
 * none either (`trim_scale`): 16 significant ones at least. NaN and infinities do not exist.
 */
import Big from 'big.js';
import { integer, type Operation, operation, type Reader, refuse, shown, text } from './operation.ts';
import { trimSpace } from './space.ts';

/** Rounds halves away from zero. */
const HALF_UP = 1;

/** Private, so that its settings are nobody else's. */
const Decimal = Big();
Decimal.RM = HALF_UP;

/** PostgreSQL's limits: digits before and behind the point. */
const MOST_BEFORE = 131_072;
const MOST_BEHIND = 16_383;

const CANONICAL = /^(?:0|-?[1-9]\d*|-?(?:0|[1-9]\d*)\.\d*[1-9])$/;

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

const decimal: Reader<Big> = (value) => new Decimal(text(value));

export const numerics: Readonly<Record<string, Operation>> = {
  add_numeric: operation([decimal, decimal], (a, b) => print(a.plus(b))),
  subtract_numeric: operation([decimal, decimal], (a, b) => print(a.minus(b))),
  multiply_numeric: operation([decimal, decimal], (a, b) => print(a.times(b))),
  divide_numeric: operation([decimal, decimal], (a, b) => print(divide(a, divisor(b)))),
  modulo_numeric: operation([decimal, decimal], (a, b) => print(a.mod(divisor(b)))),
  negate_numeric: operation([decimal], (a) => print(a.neg())),
  abs_numeric: operation([decimal], (a) => print(a.abs())),
  round_numeric: operation([decimal, integer], (a, places = 0n) => print(round(a, places))),
};

export function isCanonical(text: string): boolean {
  return CANONICAL.test(text);
}

/** A number in any spelling that PostgreSQL reads as numeric, canonical. */
export function readNumeric(text: string): string {
  if (CANONICAL.test(text) && text.length < MOST_BEHIND) return text;
  const digits = trimSpace(text).replace(/^\+/, '');
  if (!NUMBER.test(digits)) refuse('BAD_CAST', { value: shown(text), type: 'numeric' });
  const value = new Decimal(digits);
  if (value.e >= MOST_BEFORE) refuse('VALUE_OUT_OF_RANGE', { value: shown(text), type: 'numeric' });
  return print(value);
}

/** Less than, equal to or greater than zero, as `a` is less than, equal to or greater than `b`. */
export function compareNumerics(a: string, b: string): number {
  return a === b ? 0 : new Decimal(a).cmp(b);
}

/** How many digits tell the number: without the zeros before it, and of a whole one without those behind it. */
export function significantDigits(canonical: string): number {
  return new Decimal(canonical).c.length;
}

/** A text for each number; the texts stand in the order of the numbers: sign, place of the first digit, digits. */
export function orderedNumeric(canonical: string): string {
  const { s: sign, e: exponent, c: digits } = new Decimal(canonical);
  if (digits.length === 1 && digits[0] === 0) return '1';
  const place = String(exponent + 2 * MOST_BEFORE).padStart(6, '0');
  const text = `${place}${digits.join('')}`;
  // Of two negative numbers the one with the lesser digits comes last, and one whose digits go on comes first.
  return sign > 0 ? `2${text}` : `0${text.replace(/\d/g, (digit) => String(9 - Number(digit)))}~`;
}

function print(value: Big): string {
  if (value.e >= MOST_BEFORE) refuse('OUT_OF_RANGE', { type: 'numeric' });
  const digits = value.round(MOST_BEHIND).toFixed();
  return digits === '-0' ? '0' : digits;
}

function divisor(value: Big): Big {
  return value.eq(0) ? refuse('DIVISION_BY_ZERO', undefined) : value;
}

function divide(a: Big, b: Big): Big {
  Decimal.DP = quotientScale(a, b);
  return a.div(b);
}

/** PostgreSQL's select_div_scale (numeric.c), which counts in digits to the base of 10,000. */
function quotientScale(a: Big, b: Big): number {
  const [left, right] = [leadingDigit(a), leadingDigit(b)];
  const weight = left.weight - right.weight - (left.digit <= right.digit ? 1 : 0);
  const scale = Math.max(16 - weight * 4, scaleOf(a), scaleOf(b), 0);
  return Math.min(scale, 1000);
}

function leadingDigit(value: Big): { readonly weight: number; readonly digit: number } {
  if (value.eq(0)) return { weight: 0, digit: 0 };
  const weight = Math.floor(value.e / 4);
  const length = value.e - 4 * weight + 1;
  const digits = Array.from({ length }, (_, n) => value.c[n] ?? 0).join('');
  return { weight, digit: Number(digits) };
}

/** Digits behind the point. */
function scaleOf(value: Big): number {
  return Math.max(value.c.length - value.e - 1, 0);
}

/** PostgreSQL rounds to at most 2,000 places, before the point and behind it. */
function round(value: Big, places: bigint): Big {
  const kept = Number(places > 2000n ? 2000n : places < -2000n ? -2000n : places);
  return value.round(kept, HALF_UP);
}
