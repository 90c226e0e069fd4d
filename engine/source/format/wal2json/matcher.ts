/** Compares a change with a pattern: sixteen bytes at a time, where the machine can. */
import { Buffer } from 'node:buffer';
import { openWideMatch, type WideMatch } from '#wide-match';
import { matchPattern, type Pattern } from './pattern.ts';
import type { Places } from './scan.ts';

/** Compares stretches with patterns. */
export interface Matcher {
  /** Takes the patterns that may be asked for from here on, in place of those before; the stretch stays. */
  know(patterns: readonly Pattern[]): void;
  /** Takes the stretch that is looked at from here on. */
  take(bytes: Buffer): void;
  /** As `matchPattern` has it, of that stretch. */
  match(pattern: Pattern, start: number, places: Places): number;
}

export function openMatcher(wide: WideMatch | null = openWideMatch()): Matcher {
  return wide ? new WideMatcher(wide) : new PlainMatcher();
}

class PlainMatcher implements Matcher {
  #bytes: Buffer | null = null;

  know(): void {}

  take(bytes: Buffer): void {
    this.#bytes = bytes;
  }

  match(pattern: Pattern, start: number, places: Places): number {
    return this.#bytes ? matchPattern(pattern, this.#bytes, start, places) : -1;
  }
}

/** Where the memory of WebAssembly is free, and how it grows. */
const [FREE, PAGE] = [1024, 1 << 16];

/** Zeros behind the bytes: more than are ever looked at together. */
const BEHIND = 64;

/**
 * It sees its own memory only: first the patterns, with room for as many more, then the places of one change, then the
 * stretch.
 */
class WideMatcher implements Matcher {
  readonly #wide: WideMatch;
  readonly #addresses = new Map<Pattern, number>();
  /** Where the next pattern goes, where places are noted, and where the stretch begins. */
  #free = FREE;
  #noted = FREE;
  #from = FREE;
  #stretch: Buffer = Buffer.alloc(0);
  #bytes = Buffer.alloc(0);
  #words = new Int32Array(0);

  constructor(wide: WideMatch) {
    this.#wide = wide;
  }

  know(patterns: readonly Pattern[]): void {
    for (const pattern of patterns) {
      if (this.#addresses.has(pattern)) continue;
      const written = writePattern(pattern);
      const fits = this.#free + written.length <= this.#noted && this.#noted + 4 * pattern.places <= this.#from;
      if (fits) this.#write(pattern, written);
      else this.#layOut(patterns);
    }
  }

  take(bytes: Buffer): void {
    if (bytes !== this.#stretch) this.#copy(bytes);
  }

  match(pattern: Pattern, start: number, places: Places): number {
    const address = this.#addresses.get(pattern);
    if (address === undefined) return -1;
    const end = this.#wide.match(address, this.#from, this.#from + start, this.#noted);
    if (end === 0) return -1;
    for (let n = 0, from = this.#noted / 4; n < pattern.places; n++) places[n] = this.#words[from + n] as number;
    return end - this.#from;
  }

  #layOut(patterns: readonly Pattern[]): void {
    const written = patterns.map(writePattern);
    const size = written.reduce((sum, { length }) => sum + length, 0);
    this.#addresses.clear();
    this.#free = FREE;
    this.#noted = FREE + Math.ceil((2 * size) / 4) * 4;
    this.#from = Math.max(this.#from, this.#noted + 8 * Math.max(0, ...patterns.map(({ places }) => places)));
    this.#copy(this.#stretch);
    for (const [n, pattern] of patterns.entries()) this.#write(pattern, written[n] as Uint8Array);
  }

  #write(pattern: Pattern, written: Uint8Array): void {
    this.#addresses.set(pattern, this.#free);
    this.#bytes.set(written, this.#free);
    this.#free += written.length;
  }

  #copy(bytes: Buffer): void {
    this.#stretch = bytes;
    const end = this.#from + bytes.length;
    this.#reserve(end + BEHIND);
    // Of shared memory `set` makes a copy that takes five times as long.
    this.#bytes.fill(bytes, this.#from, end).fill(0, end, end + BEHIND);
  }

  #reserve(bytes: number): void {
    const { memory } = this.#wide;
    const missing = bytes - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    if (this.#bytes.buffer === memory.buffer) return;
    this.#bytes = Buffer.from(memory.buffer);
    this.#words = new Int32Array(memory.buffer);
  }
}

/** A pattern as WebAssembly reads it; `wide/match.ts` says how. */
function writePattern({ constant, lists }: Pattern): Uint8Array {
  const parts = constant.flatMap((bytes, n) => [bytes, ...(lists[n] ? [lists[n].wanted] : [])]);
  const sized = parts.flatMap((part) => [Uint32Array.of(part.length), part]);
  return Buffer.concat([Uint32Array.of(lists.length), ...sized].map(bytesOf));
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint8Array | Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
