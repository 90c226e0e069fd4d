import type { Value } from '../change.ts';
import type { Picked } from '../store/pick/pick.ts';
import type { Relation } from '../store/state/stock.ts';
import type { Wanted } from './near.ts';

/** What is looked for in a log: rows of a relation, by what they have in some of its columns. */
export interface Sought {
  readonly relation: Relation;
  readonly wanted: readonly Wanted[];
}

/** The key of the row after a change, and of the row before; where its table has none, what is in use of the row. */
export function keysOf({ relation: { scan } }: Sought, { row, old }: Picked): readonly string[] {
  const key = (values: readonly Value[]) => keyText(values.slice(0, scan.key.length || scan.used));
  return [row, old].filter((values) => values.length > 0).map(key);
}

/** Whether a change tells of itself that its row has what is wanted; a deletion tells the key. */
export function tellsWanted({ wanted }: Sought, { op, row, old, shape }: Picked): boolean {
  if (op === 'delete') return wanted.every((each) => each.column < old.length && isOne(each, old));
  return wanted.every((each) => shape.seen[each.column] === true && isOne(each, row));
}

/** Whether the row has what is wanted after an insert or update; `had` says whether it had before. */
export function hasWanted({ wanted }: Sought, { row, shape }: Picked, had: boolean): boolean {
  return wanted.every((each) => (shape.seen[each.column] ? isOne(each, row) : had));
}

/** Whether the text of a transaction has what is wanted, each as a word of its own. */
export function holdsWanted({ wanted }: Sought, raw: Uint8Array): boolean {
  const text = Buffer.from(raw).toString();
  return wanted.every(({ values }) => values.some((value) => value !== null && hasWord(text, String(value))));
}

function isOne({ column, values }: Wanted, row: readonly Value[]): boolean {
  const found = row[column] ?? null;
  return values.some((value) => typeof value === typeof found && plain(value) === plain(found));
}

/** Blanks behind a character(n) mean nothing. */
function plain(value: Value): string | null {
  if (value === null) return null;
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value).trimEnd();
}

function keyText(values: readonly Value[]): string {
  return JSON.stringify(values.map((value) => [typeof value, plain(value)]));
}

function hasWord(text: string, word: string): boolean {
  const within = /[\p{L}\p{N}_.-]/u;
  for (let at = text.indexOf(word); at >= 0 && word !== ''; at = text.indexOf(word, at + 1)) {
    if (!within.test(text[at - 1] ?? '') && !within.test(text[at + word.length] ?? '')) return true;
  }
  return false;
}
