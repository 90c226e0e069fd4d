/** Who looks for patterns in large stretches of bytes: sixteen bytes at a time, where the processor can. */
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
 * It sees its own memory only: first the patterns, then room for the places of one change, then the stretch. That stays
 * where it is as long as the patterns before it leave it there.
 */
class WideMatcher implements Matcher {
  readonly #wide: WideMatch;
  readonly #addresses = new Map<Pattern, number>();
  #noted = 0;
  #from = PAGE;
  #stretch: Buffer = Buffer.alloc(0);
  #bytes = Buffer.alloc(0);
  #words = new Int32Array(0);

  constructor(wide: WideMatch) {
    this.#wide = wide;
  }

  know(patterns: readonly Pattern[]): void {
    this.#addresses.clear();
    const written = patterns.map(writePattern);
    this.#reserve(FREE + written.reduce((sum, { length }) => sum + length, 0));
    let at = FREE;
    for (const [n, bytes] of written.entries()) {
      this.#addresses.set(patterns[n] as Pattern, at);
      this.#bytes.set(bytes, at);
      at += bytes.length;
    }
    this.#noted = Math.ceil(at / 4) * 4;
    const end = this.#noted + 4 * Math.max(0, ...patterns.map(({ places }) => places));
    if (end <= this.#from) return;
    this.#from = Math.ceil(end / PAGE) * PAGE;
    this.#copy(this.#stretch);
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
