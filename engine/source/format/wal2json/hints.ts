import type { Hints } from '../decoder.ts';
import type { Places } from './scan.ts';

/**
 * What a scout found in a stretch of bytes: first whether all of it is UTF-8, then for each change where it starts, where
 * it ends, the number of its pattern, and how many places follow; then these.
 *
 * A scout does not know where records start. It looks for what starts as a change does, and may find one inside of a text:
 * so only what starts where a change is expected is taken from it.
 */
export const NO_HINTS: Hints = Int32Array.of(0);

const START_END_PATTERN_COUNT = 4;

export function isText(hints: Hints): boolean {
  return hints[0] === 1;
}

/** Hints as they are read, from the first one on. */
export class Hinted {
  readonly hints: Hints;
  /** Of the hint that was found: where its change ends, the number of its pattern, and where its places start. */
  end = 0;
  pattern = 0;
  base = 0;
  #next = 1;

  constructor(hints: Hints) {
    this.hints = hints;
  }

  /** Whether there is one for a change that starts at this byte. Bytes are asked for in their order. */
  find(at: number): boolean {
    const { hints } = this;
    while ((hints[this.#next] as number) < at)
      this.#next += START_END_PATTERN_COUNT + (hints[this.#next + 3] as number);
    if (hints[this.#next] !== at) return false;
    this.end = hints[this.#next + 1] as number;
    this.pattern = hints[this.#next + 2] as number;
    this.base = this.#next + START_END_PATTERN_COUNT;
    return true;
  }
}

/** Hints as they are written. */
export class Hinting {
  #hints: Places = new Int32Array(1 << 14);
  #length = 1;

  /** A place for a change's own places, as many as there may be. */
  room(count: number): { readonly places: Places; readonly base: number } {
    const base = this.#length + START_END_PATTERN_COUNT;
    if (base + count > this.#hints.length) {
      const larger = new Int32Array(2 * (base + count));
      larger.set(this.#hints);
      this.#hints = larger;
    }
    return { places: this.#hints, base };
  }

  /** Takes a change whose places were put where there is room. */
  add(start: number, end: number, pattern: number, count: number): void {
    this.#hints.set([start, end, pattern, count], this.#length);
    this.#length += START_END_PATTERN_COUNT + count;
  }

  /** All of a stretch; the next one's begin anew. */
  take(isText: boolean): Hints {
    this.#hints[0] = isText ? 1 : 0;
    const hints = this.#hints.slice(0, this.#length);
    this.#length = 1;
    return hints;
  }
}
