/**
 * The sum of doubles, rounded once: every double is a whole number of the smallest one, 2^-1074, and those are added
 * exactly. So the order of the values does not matter.
 */
const FRACTION = 52n;

/** Infinity where no double is so large. */
export function sumOfDoubles(values: readonly number[]): number {
  return rounded(values.map(unitsOf).reduce((sum, units) => sum + units, 0n));
}

function unitsOf(value: number): bigint {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const word = bits.getBigUint64(0);
  const exponent = (word >> FRACTION) & 0x7ffn;
  const fraction = word & ((1n << FRACTION) - 1n);
  const units = exponent === 0n ? fraction : (fraction | (1n << FRACTION)) << (exponent - 1n);
  return value < 0 ? -units : units;
}

/** `Number` rounds a whole number right, but holds none of more than 1024 bits: of a long one only the first are kept. */
function rounded(units: bigint): number {
  const size = units < 0n ? -units : units;
  const spare = Math.max(0, size.toString(2).length - 64);
  const kept = size >> BigInt(spare);
  const isCut = kept << BigInt(spare) !== size;
  // A last bit of 1 where something was cut off keeps a tie from being seen where there is none.
  const digits = Number(isCut ? kept | 1n : kept);
  const sum = digits * 2 ** (spare - 1074);
  return units < 0n ? -sum : sum;
}
