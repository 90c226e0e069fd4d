/**
 * What the changes of a log repeat. All changes of one kind, table and set of columns are the same bytes but for the
 * values; so one that was read with care is a template for those that follow, of which only the values are looked at.
 */
import type { Buffer } from 'node:buffer';
import type { Change, Literal, Position } from '../../../change.ts';
import type { Hints } from '../decoder.ts';
import { Hinted, isText, NO_HINTS } from './hints.ts';
import { type Matcher, openMatcher } from './matcher.ts';
import { isSame, MOST_PATTERNS, type Pattern, patternOf, type ReadList } from './pattern.ts';
import { ASCII, ESCAPED, type Places, UTF8 } from './scan.ts';

/** The first letters of null, true and false. */
const [LOWER_N, LOWER_T, LOWER_F] = [110, 116, 102];

interface Template {
  readonly pattern: Pattern;
  readonly change: Change;
}

/** The templates of a log. */
export class Templates {
  readonly #most: number;
  /** Those that were met last come first. */
  readonly #all: Template[] = [];
  #learned = 0;
  #untold: Pattern[] = [];
  #hinted = new Hinted(NO_HINTS);
  /** The template of the change that was matched last, and its places: they start at `base`. */
  #matched: Template | null = null;
  #places: Places = NO_HINTS;
  #base = 0;
  #own: Places = NO_HINTS;
  #matcher: Matcher | null = null;
  /** Whether the matcher knows all templates. */
  #isKnown = false;

  /** With a `most` of 0 everything is read with care. */
  constructor(most: number = MOST_PATTERNS) {
    this.#most = most;
  }

  /** Takes a change that was read for a template; `lists` stand in the order of its bytes. */
  learn(bytes: Buffer, change: Change, lists: readonly ReadList[]): void {
    if (lists.length === 0 || lists.some(({ values }) => values.length === 0)) return;
    const pattern = patternOf(this.#learned, bytes, lists);
    if (this.#all.some((known) => isSame(known.pattern, pattern))) return;
    this.#learned++;
    this.#all.unshift({ pattern, change });
    this.#all.splice(this.#most);
    this.#untold.push(pattern);
    if (this.#own.length < pattern.places) this.#own = new Int32Array(pattern.places);
    this.#isKnown = false;
  }

  /** The patterns that were learned since this was asked last. */
  lessons(): readonly Pattern[] {
    const untold = this.#untold;
    this.#untold = [];
    return untold;
  }

  /** Takes what a scout found in the next bytes. */
  hear(hints: Hints): void {
    this.#hinted = new Hinted(hints);
  }

  /** Whether the bytes are said to be UTF-8. */
  get areText(): boolean {
    return isText(this.#hinted.hints);
  }

  /** Where the change ends that starts there, as a scout found; -1 if it found none. `change` then reads its values. */
  matchHinted(at: number): number {
    const hinted = this.#hinted;
    const template = hinted.find(at) ? this.#templateOf(hinted.pattern) : null;
    if (template === null) return -1;
    this.#matched = template;
    this.#places = hinted.hints;
    this.#base = hinted.base;
    return hinted.end;
  }

  #templateOf(id: number): Template | null {
    for (const template of this.#all) if (template.pattern.id === id) return template;
    return null;
  }

  /** Where the change ends that starts there, if it is like one before; -1 if it is not. `change` then reads its values. */
  match(bytes: Buffer, at: number): number {
    if (this.#all.length === 0) return -1;
    const matcher = this.#matcherOf(bytes);
    for (let n = 0; n < this.#all.length; n++) {
      const template = this.#all[n] as Template;
      const end = matcher.match(template.pattern, at, this.#own, 0);
      if (end < 0) continue;
      if (n > 0) this.#all.unshift(...this.#all.splice(n, 1));
      [this.#matched, this.#places, this.#base] = [template, this.#own, 0];
      return end;
    }
    return -1;
  }

  #matcherOf(bytes: Buffer): Matcher {
    this.#matcher ??= openMatcher();
    if (!this.#isKnown) this.#matcher.know(this.#all.map(({ pattern }) => pattern));
    this.#isKnown = true;
    this.#matcher.take(bytes);
    return this.#matcher;
  }

  /** The change that was matched last. */
  change(bytes: Buffer, at: Position): Change {
    const { pattern, change } = this.#matched as Template;
    switch (change.op) {
      case 'insert':
        return {
          op: 'insert',
          after: { header: change.after.header, values: this.#values(pattern, 'after', bytes) },
          at,
        };
      case 'update': {
        const before = change.before && { ...change.before, values: this.#values(pattern, 'before', bytes) };
        const after = { header: change.after.header, values: this.#values(pattern, 'after', bytes) };
        return { op: 'update', before, after, at };
      }
      case 'delete':
        return { op: 'delete', before: { ...change.before, values: this.#values(pattern, 'before', bytes) }, at };
      default:
        return { ...change, at };
    }
  }

  #values({ lists }: Pattern, of: ReadList['of'], bytes: Buffer): readonly Literal[] {
    const list = lists.find((each) => each.of === of);
    if (list === undefined) return [];
    const [places, base] = [this.#places, this.#base + list.from];
    // Made as long as it will be: an array that grows takes the memory of a longer one.
    const values = new Array<Literal>((list.to - list.from) / 3);
    for (let n = 0, at = base; n < values.length; n++, at += 3)
      values[n] = literalAt(bytes, places[at] as number, places[at + 1] as number, places[at + 2] as number);
    return values;
  }
}

function literalAt(bytes: Buffer, start: number, end: number, written: number): Literal {
  if (written === ASCII) return bytes.toString('latin1', start + 1, end - 1);
  if (written === UTF8) return bytes.toString('utf8', start + 1, end - 1);
  if (written === ESCAPED) return JSON.parse(bytes.toString('utf8', start, end)) as string;
  const first = bytes[start];
  if (first === LOWER_N) return null;
  return first === LOWER_T || (first === LOWER_F ? false : { json: bytes.toString('latin1', start, end) });
}
