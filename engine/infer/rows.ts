/** The rows that a sample has of a table, by its changes. */
import { invariant } from '../diagnostic/diagnostic.ts';
import type { Cell, Cells, SampledChange, SampledTable } from './table.ts';

/** The places of columns in the cells of their table. */
export function placesOf({ columns }: SampledTable, names: readonly string[]): readonly number[] {
  const places = names.map((name) => columns.findIndex((column) => column.name === name));
  invariant(!places.includes(-1), 'a key is made of columns');
  return places;
}

/** The values at these places as one text; null where one of them is NULL or not told. */
function keyAt(cells: Cells, places: readonly number[]): string | null {
  const values = places.map((place) => cells[place] ?? null);
  return values.includes(null) ? null : values.join();
}

/**
 * Whether no two rows have the same values at these places at any time. Of a row before its first change in the sample
 * nothing is known, and an update that tells neither what a row was nor what it is says nothing.
 */
export function areUnique({ changes }: SampledTable, places: readonly number[]): boolean {
  const live = new Map<string, number>();
  const put = (key: string | null, by: 1 | -1): boolean => {
    if (key === null) return true;
    const count = Math.max(0, (live.get(key) ?? 0) + by);
    live.set(key, count);
    return count <= 1;
  };
  return changes.every((change) => {
    if (change.op === 'truncate') live.clear();
    if (change.op === 'insert') return put(keyAt(change.after, places), 1);
    if (change.op === 'delete') return put(keyAt(change.before, places), -1);
    if (change.op !== 'update' || change.before === null) return true;
    put(keyAt(change.before, places), -1);
    return put(keyAt(merged(change.before, change.after), places), 1);
  });
}

/** What is known of all rows that have the same values at some places. */
interface Alike {
  /** The row, where there is one only. */
  readonly row: Cells | null;
  /** Of each place, whether each of them has a value there. */
  readonly has: readonly boolean[];
}

/**
 * Whether an old image leaves out a value that its row has, whichever row of those with the same values at these places it is.
 */
export function leavesOut({ changes }: SampledTable, places: readonly number[]): boolean {
  const live = new Map<string, Alike>();
  const put = (row: Cells): void => {
    const key = keyAt(row, places);
    if (key === null) return;
    const alike = live.get(key);
    const has = Array.from(row, (_, n) => isTold(row, n) && (alike?.has[n] ?? !alike));
    live.set(key, { row: alike ? null : row, has });
  };
  return changes.some((change) => {
    if (change.op === 'truncate') live.clear();
    if (change.op === 'insert') put(change.after);
    if (change.op === 'truncate' || change.op === 'insert' || change.before === null) return false;
    const { before } = change;
    const key = keyAt(before, places) ?? '';
    const { row = null, has = [] } = live.get(key) ?? {};
    // Of several, nobody knows which one it was.
    if (row !== null) live.delete(key);
    if (change.op === 'update') put(merged(row ?? before, change.after));
    return has.some((isThere, n) => isThere && !isTold(before, n));
  });
}

/** Whether an image has a value there. */
export function isTold(cells: Cells, place: number): boolean {
  return cells[place] !== undefined && cells[place] !== null;
}

/** The last image of each row that was ever seen; without a key, each row is another one. */
export function rowsOf(table: SampledTable, key: readonly string[]): readonly Cells[] {
  const places = placesOf(table, key);
  const rows = new Map<string, Cells>();
  for (const [n, change] of table.changes.entries()) {
    if (change.op === 'truncate' || (change.op === 'delete' && key.length === 0)) continue;
    const found = key.length === 0 ? String(n) : keyAt(oldOf(change), places);
    const before = found === null ? undefined : rows.get(found);
    const row = change.op === 'insert' ? filled(change.after, table) : merged(before ?? [], imageOf(change));
    if (change.op === 'update' && found !== null) rows.delete(found);
    const now = key.length === 0 ? found : keyAt(row, places);
    if (now !== null) rows.set(now, row);
  }
  return [...rows.values()];
}

type RowChange = Exclude<SampledChange, { op: 'truncate' }>;

function oldOf(change: RowChange): Cells {
  if (change.op === 'update') return change.before ? merged(change.after, change.before) : change.after;
  return imageOf(change);
}

function imageOf(change: RowChange): Cells {
  return change.op === 'delete' ? change.before : change.after;
}

/** An insert tells the whole row. */
function filled(cells: Cells, { columns }: SampledTable): Cells {
  return columns.map((_, place) => cells[place] ?? null);
}

/** What an image does not tell stays as it was. */
function merged(before: Cells, after: Cells): Cells {
  const all: Cell[] = [...before];
  for (const [place, cell] of after.entries()) if (cell !== undefined) all[place] = cell;
  return all;
}
