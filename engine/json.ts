/**
 * Reads JSON text without building values: where each value starts and ends, every digit and every duplicate kept.
 *
 * Strict as RFC 8259: accepts exactly what JSON.parse accepts, but for half of a surrogate pair, which is no character:
 * PostgreSQL refuses a document with one as soon as it looks into it. No recursion over data: nesting costs memory,
 * never the call stack. All places are offsets in UTF-16 units; an `end` is exclusive.
 */
import type { Literal } from './change.ts';

const [TAB, NEWLINE, RETURN, SPACE] = [9, 10, 13, 32];
const [QUOTE, COMMA, COLON, MINUS, DOT] = [34, 44, 58, 45, 46];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];

const WORDS = ['null', 'true', 'false'];

/**
 * Part of a string, up to what may not stand in one (a quote, a control character). Twice as fast as a loop over the
 * characters. The number of escapes is bounded because each costs stack inside the pattern's engine, and a string has
 * as many as its writer likes.
 */
const [PLAIN, UNIT] = ['[ !#-[\\]-\\uffff]*', 'u(?![dD][89a-fA-F])[\\da-fA-F]{4}'];
const PAIR = 'u[dD][89abAB][\\da-fA-F]{2}\\\\u[dD][c-fC-F][\\da-fA-F]{2}';
const STRING_PART = new RegExp(`${PLAIN}(?:\\\\(?:["\\\\/bfnrt]|${UNIT}|${PAIR})${PLAIN}){0,500}`, 'y');

/** Thrown where the text is not JSON. */
export class JsonError extends Error {
  /** Where, in UTF-16 units. */
  readonly at: number;
  /** What would have been right there, as a noun: `a value`, `","`. */
  readonly expected: string;

  constructor(at: number, expected: string) {
    super(`expected ${expected} at ${at}`);
    this.name = 'JsonError';
    this.at = at;
    this.expected = expected;
  }
}

export interface Element {
  readonly start: number;
  readonly end: number;
}

export interface Member extends Element {
  readonly name: string;
}

/** Goes behind the value at `at`, as skipValue does, and may note on its way what it finds. `name` is the member's. */
export type Skip = (text: string, at: number, name: string) => number;

/** The first place from `at` on that is no white space. */
export function skipSpace(text: string, at: number): number {
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== SPACE && code !== NEWLINE && code !== RETURN && code !== TAB) return at;
    at++;
  }
}

/** The end of the value that starts at `at`, which is checked to its last character. Throws a JsonError. */
export function skipValue(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code === OPEN_OBJECT || code === OPEN_ARRAY ? skipNested(text, at) : skipScalar(text, at, code);
}

function skipNested(text: string, at: number): number {
  const open: number[] = [];
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      const inside = skipSpace(text, at + 1);
      if (text.charCodeAt(inside) !== closing(code)) {
        open.push(code);
        at = code === OPEN_OBJECT ? skipName(text, inside) : inside;
        continue;
      }
      at = inside + 1;
    } else {
      at = skipScalar(text, at, code);
    }
    at = skipClosed(text, at, open);
    const around = open.at(-1);
    if (around === undefined) return at;
    if (around === OPEN_OBJECT) at = skipName(text, at);
  }
}

/** Where the one value stands that a text consists of, white space around it aside. Throws a JsonError. */
export function wholeValue(text: string, skip: Skip = skipValue): Element {
  const start = skipSpace(text, 0);
  const end = skip(text, start, '');
  const behind = skipSpace(text, end);
  if (behind < text.length) throw new JsonError(behind, 'the end');
  return { start, end };
}

/** The string whose opening quote is at `start`; it must have been skipped before. */
export function readString(text: string, start: number, end: number): string {
  const inner = text.slice(start + 1, end - 1);
  return inner.includes('\\') ? (JSON.parse(text.slice(start, end)) as string) : inner;
}

/** A value that has been skipped before, as far as it can be read without losing a digit. */
export function readLiteral(text: string, start: number, end: number): Literal {
  const first = text[start];
  if (first === '"') return readString(text, start, end);
  if (first === 'n') return null;
  if (first === 't' || first === 'f') return first === 't';
  return { json: text.slice(start, end) };
}

/** Goes behind the object at `start`; `skip` goes behind the value of each of its members, duplicates too. */
export function skipMembers(text: string, start: number, skip: Skip): number {
  let at = skipOpening(text, start, OPEN_OBJECT, 'an object');
  if (text.charCodeAt(at) === CLOSE_OBJECT) return at + 1;
  for (;;) {
    const nameEnd = skipString(text, at, 'a name in double quotes');
    const name = readString(text, at, nameEnd);
    at = skipSpace(text, skip(text, skipSeparator(text, nameEnd), name));
    if (text.charCodeAt(at) === CLOSE_OBJECT) return at + 1;
    at = skipComma(text, at, OPEN_OBJECT);
  }
}

/** Goes behind the array at `start`; `skip` goes behind each of its elements. */
export function skipElements(text: string, start: number, skip: Skip): number {
  let at = skipOpening(text, start, OPEN_ARRAY, 'an array');
  if (text.charCodeAt(at) === CLOSE_ARRAY) return at + 1;
  for (;;) {
    at = skipSpace(text, skip(text, at, ''));
    if (text.charCodeAt(at) === CLOSE_ARRAY) return at + 1;
    at = skipComma(text, at, OPEN_ARRAY);
  }
}

/** The members of the object at `start`, duplicates too. */
export function members(text: string, start: number): readonly Member[] {
  const found: Member[] = [];
  skipMembers(text, start, (_, at, name) => {
    const end = skipValue(text, at);
    found.push({ name, start: at, end });
    return end;
  });
  return found;
}

/** The elements of the array at `start`. */
export function elements(text: string, start: number): readonly Element[] {
  const found: Element[] = [];
  skipElements(text, start, (_, at) => {
    const end = skipValue(text, at);
    found.push({ start: at, end });
    return end;
  });
  return found;
}

function closing(bracket: number): number {
  return bracket === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY;
}

function skipOpening(text: string, at: number, bracket: number, expected: string): number {
  if (text.charCodeAt(at) !== bracket) throw new JsonError(at, expected);
  return skipSpace(text, at + 1);
}

/** Behind a value: closes what ends here, and goes to what follows the next comma. */
function skipClosed(text: string, at: number, open: number[]): number {
  for (let around = open.at(-1); around !== undefined; around = open.at(-1)) {
    at = skipSpace(text, at);
    if (text.charCodeAt(at) !== closing(around)) return skipComma(text, at, around);
    open.pop();
    at++;
  }
  return at;
}

function skipComma(text: string, at: number, around: number): number {
  if (text.charCodeAt(at) !== COMMA) throw new JsonError(at, around === OPEN_OBJECT ? '"," or "}"' : '"," or "]"');
  return skipSpace(text, at + 1);
}

/** From the name of a member to its value. */
function skipName(text: string, at: number): number {
  return skipSeparator(text, skipString(text, at, 'a name in double quotes'));
}

function skipSeparator(text: string, at: number): number {
  at = skipSpace(text, at);
  if (text.charCodeAt(at) !== COLON) throw new JsonError(at, '":"');
  return skipSpace(text, at + 1);
}

function skipScalar(text: string, at: number, code: number): number {
  if (code === QUOTE) return skipString(text, at, 'a string');
  if (code === MINUS || isDigit(code)) return skipNumber(text, at);
  const word = WORDS.find((each) => text.startsWith(each, at));
  if (word === undefined) throw new JsonError(at, 'a value');
  return at + word.length;
}

function skipString(text: string, start: number, expected: string): number {
  if (text.charCodeAt(start) !== QUOTE) throw new JsonError(start, expected);
  for (let at = start + 1; ; at = STRING_PART.lastIndex) {
    STRING_PART.lastIndex = at;
    STRING_PART.test(text);
    const end = STRING_PART.lastIndex;
    if (text.charCodeAt(end) === QUOTE) return end + 1;
    if (end === at) throw new JsonError(at, expectedInString(text, at));
  }
}

function expectedInString(text: string, at: number): string {
  if (at >= text.length) return 'the closing quote of a string';
  if (text[at] !== '\\') return 'an escaped control character';
  return text[at + 1] === 'u' && isHalf(text.slice(at + 2, at + 6))
    ? 'both halves of a surrogate pair such as "\\ud83e\\udd8a"'
    : 'an escape such as "\\n" or "\\u0041"';
}

function isHalf(digits: string): boolean {
  return /^[dD][89a-fA-F][\da-fA-F]{2}$/.test(digits);
}

function skipNumber(text: string, at: number): number {
  if (text.charCodeAt(at) === MINUS) at++;
  // No digit may follow a leading zero: what comes behind the number then says so.
  at = text[at] === '0' ? at + 1 : skipDigits(text, at);
  if (text.charCodeAt(at) === DOT) at = skipDigits(text, at + 1);
  if (text[at] !== 'e' && text[at] !== 'E') return at;
  const signed = text[at + 1] === '+' || text[at + 1] === '-';
  return skipDigits(text, at + (signed ? 2 : 1));
}

function skipDigits(text: string, at: number): number {
  if (!isDigit(text.charCodeAt(at))) throw new JsonError(at, 'a digit');
  while (isDigit(text.charCodeAt(at))) at++;
  return at;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
