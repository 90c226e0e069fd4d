/**
 * What the changes of a log repeat. All changes of one kind, table and set of columns are the same bytes but for the
 * values; so one that was read with care is a template for those that follow, of which only the values are looked at.
 */
import type { Buffer } from 'node:buffer';
import type { Change, Literal, Position } from '../../../change.ts';
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
  /** The template of the change that was matched last, and its places. */
  #matched: Template | null = null;
  #places: Places = new Int32Array(0);
  readonly #openMatcher: () => Matcher;
  /** None as long as there is no template. */
  #matcher: Matcher | null = null;

  /** With a `most` of 0 everything is read with care. */
  constructor(most: number = MOST_PATTERNS, matcher: () => Matcher = openMatcher) {
    this.#most = most;
    this.#openMatcher = matcher;
  }

  /** Takes a change that was read for a template; `lists` stand in the order of its bytes. */
  learn(bytes: Buffer, change: Change, lists: readonly ReadList[]): void {
    if (lists.length === 0 || lists.some(({ values }) => values.length === 0)) return;
    const pattern = patternOf(bytes, lists);
    if (this.#all.some((known) => isSame(known.pattern, pattern))) return;
    this.#all.unshift({ pattern, change });
    this.#all.splice(this.#most);
    if (this.#places.length < pattern.places) this.#places = new Int32Array(pattern.places);
    this.#matcher ??= this.#openMatcher();
    this.#matcher.know(this.#all.map((each) => each.pattern));
  }

  /** Where the change ends that starts there, if it is like one before; -1 if it is not. `change` then reads its values. */
  match(bytes: Buffer, at: number): number {
    if (this.#matcher === null) return -1;
    this.#matcher.take(bytes);
    for (let n = 0; n < this.#all.length; n++) {
      const template = this.#all[n] as Template;
      const end = this.#matcher.match(template.pattern, at, this.#places);
      if (end < 0) continue;
      if (n > 0) this.#all.unshift(...this.#all.splice(n, 1));
      this.#matched = template;
      return end;
    }
    return -1;
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
    const places = this.#places;
    // Made as long as it will be: an array that grows takes the memory of a longer one.
    const values = new Array<Literal>((list.to - list.from) / 3);
    for (let n = 0, at = list.from; n < values.length; n++, at += 3)
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
