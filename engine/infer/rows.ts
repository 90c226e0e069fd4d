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

/**
 * Whether an old image leaves out a value that its row has, whichever row of those with the same values at these places it is.
 */
export function leavesOut({ changes }: SampledTable, places: readonly number[]): boolean {
  const live = new Map<string, readonly Cells[]>();
  const rowsAt = (cells: Cells): readonly Cells[] => live.get(keyAt(cells, places) ?? '') ?? [];
  const put = (cells: Cells): void => {
    live.set(keyAt(cells, places) ?? '', [...rowsAt(cells), cells]);
  };
  return changes.some((change) => {
    if (change.op === 'truncate') live.clear();
    if (change.op === 'insert') put(change.after);
    if (change.op === 'truncate' || change.op === 'insert' || change.before === null) return false;
    const { before } = change;
    const [row, ...others] = rowsAt(before);
    const isOut = row?.some((_, n) => [row, ...others].every((each) => has(each, n)) && !has(before, n)) ?? false;
    // Of several, nobody knows which one it was.
    if (others.length === 0) live.delete(keyAt(before, places) ?? '');
    if (change.op === 'update') put(merged(row ?? before, change.after));
    return isOut;
  });
}

function has(cells: Cells, place: number): boolean {
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
