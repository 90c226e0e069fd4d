import { showValue, type Type, type Value } from '../change.ts';
import type { Cell, Place, SourceRow } from '../why/row.ts';

/** A value in an answer for people: text in quotes, and no longer than a line. */
export function showCell(value: Value, type: Type | null): string {
  if (type === 'boolean' && typeof value === 'bigint') return value === 1n ? 'true' : 'false';
  const shown = type === 'numeric' && typeof value === 'string' ? value : showValue(value);
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST - 3)}...` : shown;
}

const LONGEST = 80;

/** `amount=100 currency_code="EUR"` */
export function cellsText(cells: readonly Cell[]): string {
  return cells.map(({ column, value, type }) => `${column}=${showCell(value, type)}`).join(' ');
}

/** A row by its key, or by all that is kept of it where its table has none. */
export function rowText({ alias, key, columns }: SourceRow): string {
  return [alias, cellsText(key.length > 0 ? key : columns)].join(' ');
}

export function placeText({ file, record }: Place): string {
  return `${file}:${record}`;
}
