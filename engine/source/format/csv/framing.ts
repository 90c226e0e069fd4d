import { Buffer } from 'node:buffer';

const [QUOTE, LINE_FEED] = [34, 10];

/** Cuts text that comes in stretches behind records: at a line end that stands in no quotes. */
export interface Framing {
  /** All whole records that end in this stretch, with what was left of the ones before it; empty where none ends. */
  take(stretch: Buffer): Buffer;
  /** What stands behind the last line end. */
  rest(): Buffer;
  /** Bytes that are waiting for a line end. */
  readonly waiting: number;
  /** Whether the text so far ends inside of quotes. */
  readonly quoted: boolean;
}

/** Inside of quotes a quote is written twice, so whether their number is even tells on which side a line end stands. */
export function openFraming(): Framing {
  let [parts, waiting, quoted]: [Buffer[], number, boolean] = [[], 0, false];
  const wait = (part: Buffer) => {
    if (part.length > 0) parts.push(part);
    waiting += part.length;
  };
  const rest = () => {
    const all = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
    [parts, waiting] = [[], 0];
    return all;
  };
  return {
    take(stretch) {
      let end = 0;
      for (let at = 0; at < stretch.length; at++) {
        const byte = stretch[at];
        if (byte === QUOTE) quoted = !quoted;
        else if (byte === LINE_FEED && !quoted) end = at + 1;
      }
      wait(end === 0 ? stretch : stretch.subarray(0, end));
      if (end === 0) return EMPTY;
      const whole = rest();
      wait(stretch.subarray(end));
      return whole;
    },
    rest,
    get waiting() {
      return waiting;
    },
    get quoted() {
      return quoted;
    },
  };
}

const EMPTY = Buffer.alloc(0);

/** The records of a text one by one. */
export function* recordsIn(text: Buffer): Generator<Buffer> {
  let [start, quoted] = [0, false];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === QUOTE) quoted = !quoted;
    if (text[at] !== LINE_FEED || quoted) continue;
    yield text.subarray(start, at + 1);
    start = at + 1;
  }
  if (start < text.length) yield text.subarray(start);
}
