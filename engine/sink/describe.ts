import { type Row, showValue } from '../change.ts';

/** A row in a line: each column with its value. */
export function describe(columns: readonly string[], row: Row): string {
  return columns.map((column, n) => `${column}=${showValue(row[n] ?? null)}`).join(' ');
}

/** The cells in which a row differs from what it should be, behind the first one in which it does not. */
export function differingCells(columns: readonly string[], should: Row, does: Row): string {
  const n = should.findIndex((value, place) => isSame(value, does[place]));
  const which = n < 0 ? '' : `${columns[n]}=${showValue(should[n] ?? null)}: `;
  const cells = columns.flatMap((column, place) => {
    const [wanted, found] = [should[place] ?? null, does[place] ?? null];
    return isSame(wanted, found) ? [] : [`${column} is ${showValue(found)} and should be ${showValue(wanted)}`];
  });
  return `${which}${cells.join(', ')}`;
}

/** Whether two cells look the same and are of one kind. */
export function isSame(a: Row[number], b: Row[number] | undefined): boolean {
  return showValue(a) === showValue(b ?? null) && typeof a === typeof b;
}
