/**
 * Sums of doubles that do not depend on the order: kept exactly, as a whole number of the least double there is (2^-1074),
 * and rounded once. Infinities are counted beside it, so that one that goes leaves what was there before it came.
 */
import { type Operation, operation, refuse, text } from './operation.ts';

/** The least double is 2 to the power of minus this. */
const SCALE = 1074n;

/** Doubles are whole multiples of a power of two: `mantissa` times 2 to the power of `exponent`. */
const [MANTISSA_BITS, BIAS] = [52n, 1075n];

export interface Exact {
  readonly units: bigint;
  /** How many infinities it holds, of either sign. */
  readonly above: bigint;
  readonly below: bigint;
}

export const NOTHING: Exact = { units: 0n, above: 0n, below: 0n };

export const exacts: Readonly<Record<string, Operation>> = {
  add_exact: operation([text, text], (a, b) => printExact(plus(readExact(a), readExact(b)))),
  negate_exact: operation([text], (a) => printExact(minus(readExact(a)))),
  exact_to_double: operation([text], (a) => doubleOf(readExact(a))),
};

export function exactOf(value: number): Exact {
  if (value === Infinity) return { ...NOTHING, above: 1n };
  if (value === -Infinity) return { ...NOTHING, below: 1n };
  return { ...NOTHING, units: unitsOf(value) };
}

export function plus(a: Exact, b: Exact): Exact {
  return { units: a.units + b.units, above: a.above + b.above, below: a.below + b.below };
}

function minus({ units, above, below }: Exact): Exact {
  return { units: -units, above: -above, below: -below };
}

const bits = new DataView(new ArrayBuffer(8));

function unitsOf(value: number): bigint {
  bits.setFloat64(0, value);
  const all = bits.getBigUint64(0) & 0x7fff_ffff_ffff_ffffn;
  const [exponent, fraction] = [all >> MANTISSA_BITS, all & ((1n << MANTISSA_BITS) - 1n)];
  const units = exponent === 0n ? fraction : (fraction | (1n << MANTISSA_BITS)) << (exponent - BIAS + SCALE);
  return value < 0 ? -units : units;
}

/** The double next to the sum, of two the even one; an error where none is so large. Infinities of both signs make NaN. */
function doubleOf({ units, above, below }: Exact): number | null {
  if (above !== 0n && below !== 0n) return null;
  if (above !== 0n) return Infinity;
  if (below !== 0n) return -Infinity;
  const size = units < 0n ? -units : units;
  // A number takes 1,024 bits. Of more than that the last ones only say whether there is anything behind the others.
  const shift = BigInt(Math.max(0, size.toString(16).length * 4 - 1_000));
  const rest = (size & ((1n << shift) - 1n)) === 0n ? 0n : 1n;
  const double = Number((size >> shift) | rest) * 2 ** (Number(shift) - Number(SCALE));
  if (double === Infinity) refuse('OUT_OF_RANGE', { type: 'double' });
  return units < 0n ? -double : double;
}

/** In hexadecimal digits: to print thousands of bits in decimal ones takes long. */
export function printExact({ units, above, below }: Exact): string {
  return [units, above, below].map((each) => each.toString(16)).join(' ');
}

function readExact(text: string): Exact {
  const [units = 0n, above = 0n, below = 0n] = text.split(' ').map(readHex);
  return { units, above, below };
}

function readHex(digits: string): bigint {
  return digits.startsWith('-') ? -BigInt(`0x${digits.slice(1)}`) : BigInt(`0x${digits}`);
}
