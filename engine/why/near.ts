import type { Value } from '../change.ts';
import type { Derivation } from '../store/derive/derivation.ts';
import { columnOf } from '../store/state/stock.ts';
import { readRow, relationAt, type SourceRow } from './row.ts';

/** A row that is almost what was looked for. */
export interface Near {
  readonly row: SourceRow;
  readonly differs: readonly Difference[];
}

export type Difference = 'case' | 'blanks' | 'type';

/** A column of a relation, by its place, and what was looked for there. */
export interface Wanted {
  readonly column: number;
  readonly values: readonly Value[];
}

/** A row of the n-th relation that has the values but for case, blanks or type. All its rows are looked at. */
export function nearRow(derived: Derivation, n: number, wanted: readonly Wanted[]): Near | null {
  const relation = relationAt(derived, n);
  const columns = wanted.map(({ column }) => `, ${columnOf(relation, column)}`).join('');
  const rows = derived.db.prepare(`SELECT rid${columns} FROM ${relation.table}`).raw().iterate();
  for (const [rid, ...found] of rows as Iterable<[bigint, ...Value[]]>) {
    const differs = wanted.map(({ values }, place) => differencesFrom(values, found[place] ?? null));
    if (differs.includes(null) || differs.flat().length === 0) continue;
    return { row: readRow(derived, n, rid), differs: [...new Set(differs.flat().filter((each) => each !== null))] };
  }
  return null;
}

/** In what a value differs from the one of those that it is like; null where it is like none. */
export function differencesFrom(wanted: readonly Value[], found: Value): readonly Difference[] | null {
  for (const value of wanted) {
    const differs = differences(value, found);
    if (differs) return differs;
  }
  return null;
}

function differences(wanted: Value, found: Value): readonly Difference[] | null {
  if (wanted === null || found === null) return null;
  const isOther = typeof wanted !== typeof found;
  const form = (text: string) => (isOther ? shortest(text.toLowerCase()) : text.toLowerCase());
  const [a, b] = [textOf(wanted), textOf(found)];
  const [bareA, bareB] = [withoutBlanks(a), withoutBlanks(b)];
  if (bareA === '' || form(bareA) !== form(bareB)) return null;
  return [
    ...(bareA !== bareB && bareA.toLowerCase() === bareB.toLowerCase() ? (['case'] as const) : []),
    ...(form(a) !== form(b) ? (['blanks'] as const) : []),
    ...(isOther ? (['type'] as const) : []),
  ];
}

/** A number without the zeros that say nothing; any other text stays. */
function shortest(text: string): string {
  const [, sign = '', whole = '', part = ''] = /^(-?)0*(\d+)(?:\.(\d*?)0*)?$/.exec(text) ?? [];
  if (whole === '') return text;
  return `${sign}${whole}${part === '' ? '' : `.${part}`}`;
}

function textOf(value: Value): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value).normalize('NFC');
}

/** Also those that no eye sees. */
function withoutBlanks(text: string): string {
  return text.replace(/[\s\u200b\u2060\ufeff]+/gu, '');
}
