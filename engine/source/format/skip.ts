/**
 * Goes behind a value of JSON without looking into it. That is what framing needs and no more: brackets are counted and
 * not matched, words and numbers are not checked. Whoever decodes the value checks it.
 */
import type { DataPlace } from '../../diagnostic/diagnostic.ts';
import * as byte from './input.ts';
import { failNotJson, failTruncated } from './refuse.ts';

/** How deep inside a value the last stretch ended. */
interface Nesting {
  depth: number;
  quoted: boolean;
  /** The first byte of the stretch inside of a string that JSON wants escaped; -1 if there is none. */
  control: number;
}

/** Goes behind the value that starts with the next byte. */
export function* skipValue(input: byte.Input): Generator<null, void> {
  const first = input.bytes[input.at];
  const nested = first === byte.QUOTE || first === byte.OPEN_OBJECT || first === byte.OPEN_ARRAY;
  yield* nested ? skipNested(input) : skipWord(input);
}

/** Goes behind a string, an object or an array. */
export function* skipNested(input: byte.Input): Generator<null, void> {
  const nesting = { depth: 0, quoted: false, control: -1 };
  let control: DataPlace | null = null;
  for (;;) {
    input.at = skipStretch(input.bytes, input.at, nesting);
    if (nesting.depth === 0 && !nesting.quoted) return;
    if (nesting.control >= 0) control ??= byte.placeOf(input, input.before + nesting.control);
    // An escape may reach one byte over the end.
    const over = input.at - input.bytes.length;
    if (!(yield* byte.more(input))) failUnclosed(input, control);
    input.at = over;
  }
}

/**
 * Says that the file ends inside of a value. If a string goes over the end of a line, it is not that the rest is still to
 * come: a quote is lost, and no more bytes can mend that.
 */
function failUnclosed(input: byte.Input, control: DataPlace | null): never {
  if (control) failNotJson('a control character inside a string', 'its escape, or a closing quote before it', control);
  failTruncated(input);
}

/** Where the value or the stretch ends. One loop and one table, for this is where framing spends its time. */
function skipStretch(bytes: Uint8Array, start: number, nesting: Nesting): number {
  let [{ depth, quoted }, control] = [nesting, -1];
  let at = start;
  while (at < bytes.length) {
    const kind = KINDS[bytes[at++] as number];
    if (kind === PLAIN) continue;
    // Outside of a string a backslash is never right, so it does not matter what is skipped with it.
    if (kind === ESCAPES) at++;
    else if (kind === QUOTES) quoted = !quoted;
    else if (kind === CONTROL) control = quoted && control < 0 ? at - 1 : control;
    else if (!quoted) depth += kind === OPENS ? 1 : -1;
    if (depth === 0 && !quoted) break;
  }
  nesting.depth = depth;
  nesting.quoted = quoted;
  nesting.control = control;
  return at;
}

const [PLAIN, QUOTES, ESCAPES, OPENS, CLOSES, CONTROL] = [0, 1, 2, 3, 4, 5];
const KINDS = new Uint8Array(256).fill(CONTROL, 0, 0x20);
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
