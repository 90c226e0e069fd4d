import type { Type, Value } from '../change.ts';
import { invariant } from '../diagnostic/diagnostic.ts';
import type { ColumnPath } from '../expression/expression.ts';
import { pathText } from '../expression/paths.ts';
import type { Derivation } from '../store/derive/derivation.ts';
import { columnOf, type Relation } from '../store/state/stock.ts';

/** A value with its column's name. */
export interface Cell {
  readonly column: string;
  readonly value: Value;
  readonly type: Type | null;
}

/** A row of a relation, as the state keeps it. */
export interface SourceRow {
  readonly alias: string;
  /** Empty where the table has no key. */
  readonly key: readonly Cell[];
  /** The other columns that are kept. */
  readonly columns: readonly Cell[];
  /** The record that last wrote it. */
  readonly at: Place;
}

export interface Place {
  readonly file: string;
  readonly record: number;
}

/** The relation of the n-th scan of the plan; the root is the first one. */
export function relationAt({ relations }: Derivation, n: number): Relation {
  const relation = relations[n];
  invariant(relation, 'each scan of the plan has a relation');
  return relation;
}

/** The place of an alias in the plan. */
export function placeOf({ relations }: Derivation, alias: string): number {
  return relations.findIndex(({ scan }) => scan.alias === alias);
}

/** The place of a column in the n-th scan. */
export function columnAt(derived: Derivation, n: number, path: ColumnPath): number {
  return relationAt(derived, n).scan.columns.findIndex((column) => pathText(column.path) === pathText(path));
}

/** The row of that number. */
export function readRow(derived: Derivation, n: number, rid: bigint): SourceRow {
  const relation = relationAt(derived, n);
  const { scan, table } = relation;
  const row = derived.db
    .prepare(`SELECT *, (SELECT path FROM _etl_file WHERE id = ${table}.file) AS path FROM ${table} WHERE rid = ?`)
    .get(rid) as Record<string, Value> | undefined;
  invariant(row, 'a row that was found is there');
  const cells = cellsOf(relation, (column) => row[columnOf(relation, column)] ?? null);
  return {
    alias: scan.alias,
    key: cells.slice(0, scan.key.length),
    columns: cells.slice(scan.key.length),
    at: { file: String(row.path), record: Number(row.record) },
  };
}

/** The columns that a relation keeps, with the values that stand there. */
function cellsOf({ scan, types }: Relation, valueAt: (column: number) => Value): readonly Cell[] {
  return scan.columns.map(({ path }, n) => ({ column: pathText(path), value: valueAt(n), type: types[n] ?? null }));
}

/** The cell of a column of the row. */
export function cellIn({ key, columns }: SourceRow, column: string): Cell {
  const cell = [...key, ...columns].find((each) => each.column === column);
  invariant(cell, `the row keeps ${column}`);
  return cell;
}
