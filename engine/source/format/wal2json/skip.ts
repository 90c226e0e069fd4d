/**
 * Goes behind a value of JSON without looking into it. That is what framing needs and no more: brackets are counted and
 * not matched, words and numbers are not checked. Whoever decodes the value checks it.
 */
import * as byte from './input.ts';
import { failTruncated } from './refuse.ts';

/** How deep inside a value the last stretch ended. */
interface Nesting {
  depth: number;
  quoted: boolean;
}

/** Goes behind the value that starts with the next byte. */
export function* skipValue(input: byte.Input): Generator<null, void> {
  const first = input.bytes[input.at];
  const nested = first === byte.QUOTE || first === byte.OPEN_OBJECT || first === byte.OPEN_ARRAY;
  yield* nested ? skipNested(input) : skipWord(input);
}

/** Goes behind a string, an object or an array. */
export function* skipNested(input: byte.Input): Generator<null, void> {
  const nesting = { depth: 0, quoted: false };
  for (;;) {
    input.at = skipStretch(input.bytes, input.at, nesting);
    if (nesting.depth === 0 && !nesting.quoted) return;
    // An escape may reach one byte over the end.
    const over = input.at - input.bytes.length;
    if (!(yield* byte.more(input))) failTruncated(input);
    input.at = over;
  }
}

/** Where the value or the stretch ends. One loop and one table, for this is where framing spends its time. */
function skipStretch(bytes: Uint8Array, start: number, nesting: Nesting): number {
  let { depth, quoted } = nesting;
  let at = start;
  while (at < bytes.length) {
    const kind = KINDS[bytes[at++] as number];
    if (kind === PLAIN) continue;
    // Outside of a string a backslash is never right, so it does not matter what is skipped with it.
    if (kind === ESCAPES) at++;
    else if (kind === QUOTES) quoted = !quoted;
    else if (!quoted) depth += kind === OPENS ? 1 : -1;
    if (depth === 0 && !quoted) break;
  }
  nesting.depth = depth;
  nesting.quoted = quoted;
  return at;
}

const [PLAIN, QUOTES, ESCAPES, OPENS, CLOSES] = [0, 1, 2, 3, 4];
const KINDS = new Uint8Array(256);
KINDS[byte.QUOTE] = QUOTES;
KINDS[byte.BACKSLASH] = ESCAPES;
for (const bracket of [byte.OPEN_OBJECT, byte.OPEN_ARRAY]) KINDS[bracket] = OPENS;
for (const bracket of [byte.CLOSE_OBJECT, byte.CLOSE_ARRAY]) KINDS[bracket] = CLOSES;

/** Goes behind a number, `true`, `false` or `null`: to the next byte that can't belong to one. */
function* skipWord(input: byte.Input): Generator<null, void> {
  for (;;) {
    while (input.at < input.bytes.length && !endsWord(input.bytes[input.at])) input.at++;
    if (input.at < input.bytes.length || !(yield* byte.more(input))) return;
  }
}

function endsWord(next: number | undefined): boolean {
  return (
    next === undefined || next <= 0x20 || next === byte.COMMA || next === byte.CLOSE_OBJECT || next === byte.CLOSE_ARRAY
  );
}
