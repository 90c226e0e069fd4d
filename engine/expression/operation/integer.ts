import { integer, type Operation, operation, refuse, shown } from './operation.ts';
import { trimSpace } from './space.ts';

const LEAST = -(2n ** 63n);
const MOST = 2n ** 63n - 1n;

/** Arithmetic of 64-bit integers as PostgreSQL's bigint: division truncates, and what overflows is an error. */
export const integers: Readonly<Record<string, Operation>> = {
  add_integer: operation([integer, integer], (a, b) => inRange(a + b)),
  subtract_integer: operation([integer, integer], (a, b) => inRange(a - b)),
  multiply_integer: operation([integer, integer], (a, b) => inRange(a * b)),
  divide_integer: operation([integer, integer], (a, b) => inRange(a / divisor(b))),
  modulo_integer: operation([integer, integer], (a, b) => a % divisor(b)),
  negate_integer: operation([integer], (a) => inRange(-a)),
  abs_integer: operation([integer], (a) => inRange(a < 0n ? -a : a)),
};

export function fitsInteger(value: bigint): boolean {
  return value >= LEAST && value <= MOST;
}

/** A whole number written in decimal digits, as PostgreSQL reads a bigint. */
export function readInteger(text: string): bigint {
  const digits = trimSpace(text);
  if (!/^[+-]?\d+$/.test(digits)) refuse('BAD_CAST', { value: shown(text), type: 'integer' });
  const value = BigInt(digits.startsWith('+') ? digits.slice(1) : digits);
  return fitsInteger(value) ? value : refuse('VALUE_OUT_OF_RANGE', { value: shown(text), type: 'integer' });
}

function inRange(value: bigint): bigint {
  return fitsInteger(value) ? value : refuse('OUT_OF_RANGE', { type: 'integer' });
}

function divisor(value: bigint): bigint {
  return value === 0n ? refuse('DIVISION_BY_ZERO', undefined) : value;
}
