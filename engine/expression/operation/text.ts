import { matches } from './like.ts';
import { bytes, integer, type Operation, operation, refuse, text, truth } from './operation.ts';
import { trimBlanksAtEnd } from './space.ts';

/** Functions over text as PostgreSQL 15 has them under collation C; places and lengths count code points. */
export const texts: Readonly<Record<string, Operation>> = {
  concat: operation([text, text], (a, b) => a + b),
  concat_bytes: operation([bytes, bytes], (a, b) => Buffer.concat([a, b])),
  like: operation([text, text], (value, pattern) => truth(matches(value, pattern))),
  // Collation C knows the case of ASCII letters only.
  lower: operation([text], (value) => value.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())),
  upper: operation([text], (value) => value.replace(/[a-z]+/g, (letters) => letters.toUpperCase())),
  trim: operation([text], trimBlanks),
  substr: operation([text, integer, integer], substr),
  length: operation([text], (value) => BigInt(codePoints(value))),
  length_bytes: operation([bytes], (value) => BigInt(value.length)),
  replace: operation([text, text, text], (value, from, to) => (from === '' ? value : value.replaceAll(from, () => to))),
};

/** Order of the UTF-8 bytes, which is that of code points and not of UTF-16 units. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let n = 0; n < length; n++) {
    const [left, right] = [a.charCodeAt(n), b.charCodeAt(n)];
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Surrogates stand for the code points behind all single units. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function trimBlanks(value: string): string {
  let start = 0;
  while (value[start] === ' ') start++;
  return trimBlanksAtEnd(value.slice(start));
}

function codePoints(value: string): number {
  let count = 0;
  for (const _ of value) count++;
  return count;
}

/** The places from `start` (the first is 1) on, `length` of them; places before the first count and hold nothing. */
function substr(value: string, start: bigint, length?: bigint): string {
  if (length !== undefined && length < 0n) refuse('NEGATIVE_LENGTH', { length: String(length) });
  const from = start < 1n ? 0 : Number(start - 1n);
  const end = length === undefined ? Infinity : Number(start - 1n + length);
  return end <= from ? '' : Array.from(value).slice(from, end).join('');
}
