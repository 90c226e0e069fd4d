/**
 * Goes ahead of the decoder in a thread of its own, and finds the changes that are like one the decoder has read. It knows
 * nothing of records: what looks like the start of a change is compared with the patterns, wherever it stands.
 */
import { Buffer } from 'node:buffer';
import type { Hints, Scout } from '../decoder.ts';
import { Hinting } from './hints.ts';
import { openMatcher } from './matcher.ts';
import { MOST_PATTERNS, type Pattern } from './pattern.ts';
import { isText } from './utf8.ts';

export function openScout(matcher = openMatcher()): Scout<Pattern> {
  const patterns: Pattern[] = [];
  const hinting = new Hinting();
  let start: Buffer = Buffer.alloc(0);

  /** Where the change ends that starts there; -1 where it is like none. */
  function match(at: number): number {
    for (let n = 0; n < patterns.length; n++) {
      const pattern = patterns[n] as Pattern;
      const { places, base } = hinting.room(pattern.places);
      const end = matcher.match(pattern, at, places, base);
      if (end < 0) continue;
      if (n > 0) patterns.unshift(...patterns.splice(n, 1));
      hinting.add(at, end, pattern.id, pattern.places);
      return end;
    }
    return -1;
  }

  return {
    learn(pattern) {
      patterns.unshift(pattern);
      patterns.splice(MOST_PATTERNS);
      matcher.know(patterns);
      start = commonStart(patterns.map(({ constant }) => constant[0] as Uint8Array));
    },
    look(bytes): Hints {
      if (!isText(bytes)) return hinting.take(false);
      matcher.take(bytes);
      for (let at = next(bytes, start, 0); at >= 0; ) {
        const end = match(at);
        at = next(bytes, start, end < 0 ? at + 1 : end);
      }
      return hinting.take(true);
    },
  };
}

function next(bytes: Buffer, start: Buffer, from: number): number {
  return start.length === 0 ? -1 : bytes.indexOf(start, from);
}

/** The bytes that all of them start with. */
function commonStart([first, ...others]: readonly Uint8Array[]): Buffer {
  if (first === undefined) return Buffer.alloc(0);
  const isCommon = (byte: number, at: number) => others.every((each) => each[at] === byte);
  const end = first.findIndex((byte, at) => !isCommon(byte, at));
  return Buffer.from(end < 0 ? first : first.subarray(0, end));
}
