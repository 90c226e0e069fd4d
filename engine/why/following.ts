import type { Commit, Position, Value } from '../change.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Picked } from '../store/pick.ts';
import type { Relation } from '../store/state.ts';
import type { Wanted } from './near.ts';
import type { Place } from './row.ts';

/** What a log tells last of a row. */
export interface Fate {
  /** Its transaction was left out for a bad record; it stands behind the checkpoint; it is there and was read. */
  readonly kind: 'deleted' | 'emptied' | 'changed' | 'left out' | 'not read yet' | 'read';
  readonly at: Place;
  /** Why its transaction was left out; null otherwise. */
  readonly reason: string | null;
}

/** What is looked for in a log: rows of a relation, by what they have in some of its columns. */
export interface Sought {
  readonly relation: Relation;
  readonly wanted: readonly Wanted[];
}

/** Follows the rows that have what is wanted, transaction by transaction. A deletion tells the key alone, so keys are kept. */
export interface Following {
  add(picked: Picked): void;
  /** The transaction can't be taken. */
  spoil(diagnostic: Diagnostic | undefined): void;
  /** It ends; `raw` is its text, `isRead` whether it stands before the checkpoint. */
  end(commit: Commit, raw: () => Uint8Array, isRead: boolean): void;
  drop(): void;
  fate(): Fate | null;
}

export function openFollowing(sought: Sought): Following {
  const keys = new Set<string>();
  // Of the transaction in hand, so that only the changes of rows that are followed are kept of it.
  const openKeys = new Set<string>();
  let [open, spoiled, lsn]: [Picked[], Diagnostic | null, bigint | null] = [[], null, null];
  let [fate, ahead]: [Fate | null, Fate | null] = [null, null];
  const took = (kind: Fate['kind'], at: Position, isRead: boolean) => {
    const told = { kind, at: { file: at.file, record: at.record }, reason: null };
    if (isRead) fate = told;
    else ahead = kind === 'read' ? { ...told, kind: 'not read yet' } : null;
  };
  const drop = () => {
    [open, spoiled] = [[], null];
    openKeys.clear();
  };
  return {
    add: (picked) => {
      const own = keysOf(sought, picked);
      const isFollowed = own.some((key) => keys.has(key) || openKeys.has(key));
      if (!isFollowed && !isTold(sought, picked) && picked.op !== 'truncate') return;
      open.push(picked);
      for (const key of own) openKeys.add(key);
    },
    spoil: (diagnostic) => {
      spoiled ??= diagnostic ?? null;
    },
    end: (commit, raw, isRead) => {
      const isAgain = commit.lsn !== null && lsn !== null && commit.lsn <= lsn;
      lsn = commit.lsn ?? lsn;
      if (spoiled && !isAgain && (open.length > 0 || holds(raw(), sought))) fate = leftOut(spoiled) ?? fate;
      else if (!spoiled && !isAgain)
        for (const picked of open) apply(sought, keys, picked, (kind) => took(kind, picked.at, isRead));
      drop();
    },
    drop,
    fate: () => ahead ?? fate,
  };
}

/** Does to the keys what a change does to its row. */
function apply(
  { wanted, relation }: Sought,
  keys: Set<string>,
  picked: Picked,
  took: (kind: Fate['kind']) => void,
): void {
  const { op, row, old, shape } = picked;
  if (op === 'truncate') {
    if (keys.size > 0) took('emptied');
    keys.clear();
    return;
  }
  const [after, before = after] = keysOf({ wanted, relation }, picked);
  const had = before !== undefined && keys.delete(before);
  if (op === 'delete') {
    if (had || hasWanted(wanted, old, (column) => column < old.length)) took('deleted');
    return;
  }
  const has = wanted.every((each) => (shape.seen[each.column] ? isOne(each, row) : had));
  if (has && after !== undefined) keys.add(after);
  if (has || had) took(has ? 'read' : 'changed');
}

/** The key of the row after a change, and of the row before; the whole row where its table has none. */
function keysOf({ relation: { scan } }: Sought, { row, old }: Picked): readonly string[] {
  const key = (values: readonly Value[]) => keyText(scan.key.length > 0 ? values.slice(0, scan.key.length) : values);
  return [row, old].filter((values) => values.length > 0).map(key);
}

function isTold({ wanted }: Sought, { op, row, old, shape }: Picked): boolean {
  if (op === 'delete') return hasWanted(wanted, old, (column) => column < old.length);
  return hasWanted(wanted, row, (column) => shape.seen[column] === true);
}

function hasWanted(wanted: readonly Wanted[], row: readonly Value[], isKnown: (column: number) => boolean): boolean {
  return wanted.every((each) => isKnown(each.column) && isOne(each, row));
}

function isOne({ column, values }: Wanted, row: readonly Value[]): boolean {
  const found = row[column] ?? null;
  return values.some((value) => sameText(value) === sameText(found) && typeof value === typeof found);
}

/** Blanks behind a character(n) mean nothing. */
function sameText(value: Value): string | null {
  if (value === null) return null;
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value).trimEnd();
}

function keyText(values: readonly Value[]): string {
  return JSON.stringify(values.map((value) => [typeof value, sameText(value)]));
}

function leftOut({ message, data }: Diagnostic): Fate | null {
  if (data?.record === undefined) return null;
  return { kind: 'left out', at: { file: data.file, record: data.record }, reason: message };
}

/** Whether the text of a transaction has what is wanted, each as a word of its own. */
function holds(raw: Uint8Array, { wanted }: Sought): boolean {
  const text = Buffer.from(raw).toString();
  return wanted.every(({ values }) => values.some((value) => value !== null && hasWord(text, String(value))));
}

function hasWord(text: string, word: string): boolean {
  const within = /[\p{L}\p{N}_.-]/u;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!within.test(text[at - 1] ?? '') && !within.test(text[at + word.length] ?? '')) return word !== '';
  }
  return false;
}
