/**
 * What the changes of a log repeat. All changes of one kind, table and set of columns are the same bytes but for the
 * values; so one that was read with care is a template for those that follow, of which only the values are looked at.
 */
import { Buffer } from 'node:buffer';
import type { Change, Literal, Position } from '../../../change.ts';
import { ASCII, ESCAPED, type Places, scanList, UTF8 } from './scan.ts';

/** A list of values in a change that was read: their places in its bytes, and which of them are wanted. */
export interface ReadList {
  readonly of: 'after' | 'before';
  readonly values: readonly { readonly start: number; readonly end: number }[];
  /** Null where none is. */
  readonly wanted: readonly boolean[] | null;
}

interface ListTemplate {
  readonly of: ReadList['of'];
  readonly wanted: Uint8Array;
  /** Where the places of its wanted values begin and end, among those of all lists. */
  readonly from: number;
  readonly to: number;
}

interface Template {
  readonly change: Change;
  /** The bytes before, between and behind the lists. */
  readonly constant: readonly Buffer[];
  readonly lists: readonly ListTemplate[];
}

/** More than most logs have. */
const MOST = 64;

/** The templates of a log. */
export class Templates {
  readonly #most: number;
  /** Those that were met last come first. */
  readonly #all: Template[] = [];
  #places: Places = new Int32Array(0);

  /** Beyond `most` those that were not met for longest are forgotten. With none of them everything is read with care. */
  constructor(most: number = MOST) {
    this.#most = most;
  }

  /** Takes a change that was read for a template; `lists` stand in the order of its bytes. */
  learn(bytes: Buffer, change: Change, lists: readonly ReadList[]): void {
    if (lists.length === 0 || lists.some(({ values }) => values.length === 0)) return;
    const template = templateOf(bytes, change, lists);
    if (this.#all.some((known) => isSame(known, template))) return;
    this.#all.unshift(template);
    this.#all.splice(this.#most);
    const length = template.lists.at(-1)?.to ?? 0;
    if (this.#places.length < length) this.#places = new Int32Array(length);
  }

  /** Where the change ends that starts there, if it is like one before; -1 if it is not. `change` then reads its values. */
  match(bytes: Buffer, at: number): number {
    for (let n = 0; n < this.#all.length; n++) {
      const template = this.#all[n] as Template;
      const end = endOf(template, bytes, at, this.#places);
      if (end < 0) continue;
      if (n > 0) this.#all.unshift(...this.#all.splice(n, 1));
      return end;
    }
    return -1;
  }

  /** The change that was matched last. */
  change(bytes: Buffer, at: Position): Change {
    const template = this.#all[0] as Template;
    return changeOf(template, at, (of) => valuesOf(template, of, bytes, this.#places));
  }
}

/** Copies, for the bytes are a part of the file that is not to be kept. */
function templateOf(bytes: Buffer, change: Change, lists: readonly ReadList[]): Template {
  const starts = [...lists.map(({ values }) => values[0]?.start ?? 0), bytes.length];
  const ends = [0, ...lists.map(({ values }) => values.at(-1)?.end ?? 0)];
  let from = 0;
  return {
    change,
    constant: starts.map((start, n) => Buffer.from(bytes.subarray(ends[n], start))),
    lists: lists.map(({ of, values, wanted }) => {
      const places = { from, to: from + 3 * (wanted?.filter((each) => each).length ?? 0) };
      from = places.to;
      return { of, wanted: Uint8Array.from(values, (_, n) => (wanted?.[n] ? 1 : 0)), ...places };
    }),
  };
}

function isSame(a: Template, b: Template): boolean {
  return a.constant.length === b.constant.length && a.constant.every((part, n) => part.equals(b.constant[n] as Buffer));
}

function endOf({ constant, lists }: Template, bytes: Buffer, start: number, places: Places): number {
  let at = skipConstant(constant[0] as Buffer, bytes, start);
  for (let n = 0; n < lists.length && at >= 0; n++) {
    const { wanted, from } = lists[n] as ListTemplate;
    at = scanList(bytes, at, wanted, places, from);
    if (at >= 0) at = skipConstant(constant[n + 1] as Buffer, bytes, at);
  }
  return at;
}

function skipConstant(constant: Buffer, bytes: Buffer, at: number): number {
  const end = at + constant.length;
  return end <= bytes.length && bytes.compare(constant, 0, constant.length, at, end) === 0 ? end : -1;
}

function changeOf({ change }: Template, at: Position, valuesOf: (of: ReadList['of']) => readonly Literal[]): Change {
  switch (change.op) {
    case 'insert':
      return { op: 'insert', after: { header: change.after.header, values: valuesOf('after') }, at };
    case 'update': {
      const before = change.before && { ...change.before, values: valuesOf('before') };
      return { op: 'update', before, after: { header: change.after.header, values: valuesOf('after') }, at };
    }
    case 'delete':
      return { op: 'delete', before: { ...change.before, values: valuesOf('before') }, at };
    default:
      return { ...change, at };
  }
}

function valuesOf({ lists }: Template, of: ReadList['of'], bytes: Buffer, places: Places): readonly Literal[] {
  const values: Literal[] = [];
  for (const list of lists) {
    if (list.of !== of) continue;
    for (let n = list.from; n < list.to; n += 3)
      values.push(literalAt(bytes, places[n] as number, places[n + 1] as number, places[n + 2] as number));
  }
  return values;
}

function literalAt(bytes: Buffer, start: number, end: number, written: number): Literal {
  if (written === ASCII) return bytes.toString('latin1', start + 1, end - 1);
  if (written === UTF8) return bytes.toString('utf8', start + 1, end - 1);
  if (written === ESCAPED) return JSON.parse(bytes.toString('utf8', start, end)) as string;
  const word = bytes.toString('latin1', start, end);
  if (word === 'null') return null;
  return word === 'true' || (word === 'false' ? false : { json: word });
}
