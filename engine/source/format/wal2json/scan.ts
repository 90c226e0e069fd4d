/**
 * Goes over a list of JSON values byte by byte, and notes where the wanted ones stand. For speed it knows strings, numbers
 * and words, and gives up on anything else: who asked then reads the list with care.
 */

/** How a value is written, and with it how it is decoded. */
export const [WORD, ASCII, UTF8, ESCAPED] = [0, 1, 2, 3];

/** For each value that is wanted: where it starts, where it ends, and how it is written. */
export type Places = Int32Array;

const [TAB, NEWLINE, RETURN, SPACE] = [9, 10, 13, 32];
const [QUOTE, PLUS, COMMA, MINUS, DOT, ZERO, SEVEN, NINE] = [34, 43, 44, 45, 46, 48, 55, 57];
const [BACKSLASH, LOWER_C, LOWER_D, LOWER_U] = [92, 99, 100, 117];

/** What a byte inside of a string is. */
const [PLAIN, BEYOND_ASCII, CLOSES, ESCAPES, REFUSED] = [0, 1, 2, 3, 4];
const KINDS = new Uint8Array(256).fill(REFUSED, 0, SPACE).fill(BEYOND_ASCII, 0x80);
KINDS[QUOTE] = CLOSES;
KINDS[BACKSLASH] = ESCAPES;

/** The bytes that a backslash may stand before, beside `u`. */
const ESCAPED_BYTES = new Uint8Array(256);
for (const character of '"\\/bfnrt') ESCAPED_BYTES[character.charCodeAt(0)] = 1;

const HEX = new Uint8Array(256);
for (const character of '0123456789abcdefABCDEF') HEX[character.charCodeAt(0)] = 1;

/** The words of JSON, each by its first byte. */
const WORDS: (Buffer | undefined)[] = [];
for (const word of ['null', 'true', 'false']) WORDS[word.charCodeAt(0)] = Buffer.from(word);

/** How the string that was skipped last is written. */
let written = ASCII;

/**
 * Goes behind the last value of a list, from its first one on. `wanted` has an entry for each value that the list must
 * have; the places of those that are wanted are noted from `note` on. Gives -1 where it gives up.
 */
export function scanList(bytes: Buffer, start: number, wanted: Uint8Array, places: Places, note: number): number {
  let at = start;
  for (let n = 0; n < wanted.length; n++) {
    if (n > 0) {
      at = skipSpace(bytes, at);
      if (bytes[at] !== COMMA) return -1;
      at = skipSpace(bytes, at + 1);
    }
    const end = bytes[at] === QUOTE ? stringEnd(bytes, at + 1) : otherEnd(bytes, at);
    if (end < 0) return -1;
    if (wanted[n] === 1) {
      places[note++] = at;
      places[note++] = end;
      places[note++] = bytes[at] === QUOTE ? written : WORD;
    }
    at = end;
  }
  return at;
}

/** The first byte from a place on that is no white space. */
export function skipSpace(bytes: Buffer, at: number): number {
  for (;;) {
    const next = bytes[at];
    if (next !== SPACE && next !== NEWLINE && next !== RETURN && next !== TAB) return at;
    at++;
  }
}

/** Behind the closing quote of a string, from behind its opening one on. */
function stringEnd(bytes: Buffer, at: number): number {
  const { length } = bytes;
  written = ASCII;
  while (at < length) {
    const kind = KINDS[bytes[at++] as number];
    if (kind === PLAIN) continue;
    if (kind === CLOSES) return at;
    if (kind === REFUSED) return -1;
    if (kind === BEYOND_ASCII) {
      if (written === ASCII) written = UTF8;
      continue;
    }
    written = ESCAPED;
    const next = bytes[at++] as number;
    if (ESCAPED_BYTES[next] === 1) continue;
    if (next !== LOWER_U || !isHex(bytes, at)) return -1;
    at = isSurrogate(bytes, at) ? pairEnd(bytes, at) : at + 4;
    if (at < 0) return -1;
  }
  return -1;
}

/** Whether four hex digits are half of a pair: those from D800 to DFFF. */
function isSurrogate(bytes: Buffer, at: number): boolean {
  return ((bytes[at] as number) | 0x20) === LOWER_D && (bytes[at + 1] as number) > SEVEN;
}

/** Behind the second half of a pair, from the digits of the first one on; half a pair is no character. */
function pairEnd(bytes: Buffer, at: number): number {
  const second = at + 6;
  const isPair = bytes[at + 4] === BACKSLASH && bytes[at + 5] === LOWER_U && isHex(bytes, second);
  return isPair && isHigh(bytes, at) && isSurrogate(bytes, second) && !isHigh(bytes, second) ? second + 4 : -1;
}

/** Of a surrogate whether it is one of those that come first: from D800 to DBFF. */
function isHigh(bytes: Buffer, at: number): boolean {
  return ((bytes[at + 1] as number) | 0x20) < LOWER_C;
}

function isHex(bytes: Buffer, at: number): boolean {
  for (let n = at; n < at + 4; n++) if (HEX[bytes[n] as number] !== 1) return false;
  return true;
}

/** Behind a number or a word. */
function otherEnd(bytes: Buffer, at: number): number {
  const first = bytes[at] as number;
  if (first === MINUS || isDigit(first)) return numberEnd(bytes, at);
  const word = WORDS[first];
  return word !== undefined && startsWith(bytes, at, word) ? at + word.length : -1;
}

/** Byte by byte: to ask for so few costs more than to look at them. */
function startsWith(bytes: Buffer, at: number, word: Buffer): boolean {
  for (let n = 1; n < word.length; n++) if (bytes[at + n] !== word[n]) return false;
  return true;
}

function numberEnd(bytes: Buffer, start: number): number {
  let at = bytes[start] === MINUS ? start + 1 : start;
  // No digit may follow a leading zero: what comes behind the number then is no comma.
  at = bytes[at] === ZERO ? at + 1 : digitsEnd(bytes, at);
  if (at > 0 && bytes[at] === DOT) at = digitsEnd(bytes, at + 1);
  if (at < 0 || ((bytes[at] as number) | 0x20) !== 0x65) return at;
  const sign = bytes[at + 1];
  return digitsEnd(bytes, at + (sign === PLUS || sign === MINUS ? 2 : 1));
}

/** Behind one or more digits. */
function digitsEnd(bytes: Buffer, start: number): number {
  let at = start;
  while (isDigit(bytes[at] as number)) at++;
  return at === start ? -1 : at;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}
