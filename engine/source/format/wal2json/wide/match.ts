/**
 * `matchPattern` of `pattern.ts` and `scanList` of `scan.ts`, sixteen bytes at a time. What they take, and where they give
 * up, is said there; this is AssemblyScript, which the build compiles to WebAssembly.
 *
 * Behind the bytes that are looked at stand zeros. At these everything ends, so nobody asks how many bytes there are.
 */

const GAVE_UP: usize = 0;

/** How a value is written, in the numbers of `scan.ts`. */
const WORD: i32 = 0;
const ASCII: i32 = 1;
const UTF8: i32 = 2;
const ESCAPED: i32 = 3;

const WIDTH: usize = 16;

const SPACE: u8 = 32;
const QUOTE: u8 = 34;
const COMMA: u8 = 44;
const MINUS: u8 = 45;
const DOT: u8 = 46;
const ZERO: u8 = 48;
const BACKSLASH: u8 = 92;
const LOWER_U: u8 = 117;

/** The letters of a word as they are loaded: the first one is the lowest byte. */
const NULL: u32 = 0x6c6c756e;
const TRUE: u32 = 0x65757274;
const ALSE: u32 = 0x65736c61;
const LOWER_F: u8 = 102;

/** How the string that was skipped last is written. */
let written: i32 = ASCII;

/** Where the next place is noted, and the byte from which places count. */
let note: usize = 0;
let origin: usize = 0;

/**
 * Where the change ends that starts there, if it is like the pattern; 0 if it is not. The places of its wanted values are
 * noted, as they are counted from `from` on.
 *
 * A pattern stands in memory as the number of its lists, then part by part: the length of a constant and its bytes, the
 * length of a list and for each of its values whether it is wanted, and a constant at last.
 */
export function match(pattern: usize, from: usize, start: usize, places: usize): usize {
  let at = start;
  let part = pattern + 4;
  note = places;
  origin = from;
  let lists = load<u32>(pattern);
  while (true) {
    const length = <usize>load<u32>(part);
    if (!isSame(part + 4, at, length)) return GAVE_UP;
    at += length;
    part += 4 + length;
    if (lists-- === 0) return at;
    const count = <usize>load<u32>(part);
    at = listEnd(at, part + 4, count);
    if (at === GAVE_UP) return GAVE_UP;
    part += 4 + count;
  }
}

function isSame(a: usize, b: usize, length: usize): bool {
  let n: usize = 0;
  for (; n + WIDTH <= length; n += WIDTH) if (!isSameWide(a + n, b + n)) return false;
  for (; n < length; n++) if (load<u8>(a + n) !== load<u8>(b + n)) return false;
  return true;
}

function isSameWide(a: usize, b: usize): bool {
  return i8x16.all_true(i8x16.eq(v128.load(a), v128.load(b)));
}

function listEnd(start: usize, wanted: usize, count: usize): usize {
  let at = start;
  for (let n: usize = 0; n < count; n++) {
    if (n > 0) {
      at = skipSpace(at);
      if (load<u8>(at) !== COMMA) return GAVE_UP;
      at = skipSpace(at + 1);
    }
    const isString = load<u8>(at) === QUOTE;
    const end = isString ? stringEnd(at + 1) : otherEnd(at);
    if (end === GAVE_UP) return GAVE_UP;
    if (load<u8>(wanted + n) === 1) notePlace(at, end, isString ? written : WORD);
    at = end;
  }
  return at;
}

function notePlace(at: usize, end: usize, how: i32): void {
  store<i32>(note, <i32>(at - origin));
  store<i32>(note + 4, <i32>(end - origin));
  store<i32>(note + 8, how);
  note += 12;
}

function skipSpace(at: usize): usize {
  while (isSpace(load<u8>(at))) at++;
  return at;
}

function isSpace(byte: u8): bool {
  return byte === SPACE || byte === 10 || byte === 13 || byte === 9;
}

/** The bytes that may end a string, or be wrong in one, are looked for together; what is beyond ASCII is only noted. */
function stringEnd(start: usize): usize {
  let at = start;
  let beyond = 0;
  let escaped = false;
  while (true) {
    const bytes = v128.load(at);
    const stops = i8x16.bitmask(stopsIn(bytes));
    if (stops === 0) {
      beyond |= i8x16.bitmask(bytes);
      at += WIDTH;
      continue;
    }
    const before = ctz(stops);
    beyond |= i8x16.bitmask(bytes) & ((1 << before) - 1);
    at += before;
    const stop = load<u8>(at);
    if (stop === QUOTE) {
      written = escaped ? ESCAPED : beyond !== 0 ? UTF8 : ASCII;
      return at + 1;
    }
    if (stop !== BACKSLASH) return GAVE_UP;
    at = escapeEnd(at + 1);
    if (at === GAVE_UP) return GAVE_UP;
    escaped = true;
  }
}

function stopsIn(bytes: v128): v128 {
  const quotes = i8x16.eq(bytes, i8x16.splat(QUOTE));
  const escapes = i8x16.eq(bytes, i8x16.splat(BACKSLASH));
  const controls = i8x16.lt_u(bytes, i8x16.splat(SPACE));
  return v128.or(v128.or(quotes, escapes), controls);
}

/** Behind an escape, from behind its backslash on. */
function escapeEnd(at: usize): usize {
  switch (load<u8>(at)) {
    case QUOTE:
    case BACKSLASH:
    case 47: // /
    case 98: // b
    case 102: // f
    case 110: // n
    case 114: // r
    case 116: // t
      return at + 1;
    case LOWER_U:
      return unitEnd(at + 1);
    default:
      return GAVE_UP;
  }
}

/** Behind the four digits of a unit; where they are the first half of a pair, behind the second. */
function unitEnd(at: usize): usize {
  const unit = unitAt(at);
  if (unit < 0) return GAVE_UP;
  if ((unit & 0xf800) !== 0xd800) return at + 4;
  if ((unit & 0x0400) !== 0 || load<u8>(at + 4) !== BACKSLASH || load<u8>(at + 5) !== LOWER_U) return GAVE_UP;
  const second = unitAt(at + 6);
  return second >= 0 && (second & 0xfc00) === 0xdc00 ? at + 10 : GAVE_UP;
}

/** The number of four hex digits; below 0 where they are none. */
function unitAt(at: usize): i32 {
  let unit = 0;
  for (let n: usize = 0; n < 4; n++) {
    const digit = hexAt(at + n);
    if (digit < 0) return -1;
    unit = (unit << 4) | digit;
  }
  return unit;
}

function hexAt(at: usize): i32 {
  const byte = <i32>load<u8>(at);
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 0x20;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/** Behind a number or a word. */
function otherEnd(at: usize): usize {
  const first = load<u8>(at);
  if (first === MINUS || isDigit(first)) return numberEnd(at);
  if (load<u32>(at) === NULL || load<u32>(at) === TRUE) return at + 4;
  return first === LOWER_F && load<u32>(at + 1) === ALSE ? at + 5 : GAVE_UP;
}

function numberEnd(start: usize): usize {
  let at = load<u8>(start) === MINUS ? start + 1 : start;
  at = load<u8>(at) === ZERO ? at + 1 : digitsEnd(at);
  if (at !== GAVE_UP && load<u8>(at) === DOT) at = digitsEnd(at + 1);
  if (at === GAVE_UP || (load<u8>(at) | 0x20) !== 0x65) return at;
  const sign = load<u8>(at + 1);
  return digitsEnd(at + (sign === 43 || sign === MINUS ? 2 : 1));
}

function digitsEnd(start: usize): usize {
  let at = start;
  while (isDigit(load<u8>(at))) at++;
  return at === start ? GAVE_UP : at;
}

function isDigit(byte: u8): bool {
  return byte >= ZERO && byte <= 57;
}
