import type { Row } from '../change.ts';
import type { Derivation } from '../store/derive/derivation.ts';
import { type Asked, type Kept, sayKept, sayOutput } from './asked.ts';
import type { Rids } from './fixed.ts';
import { relationAt } from './row.ts';

/** A row of the metric, and what it is made of. */
export interface TracedRow {
  /** In column order, as a target holds them. */
  readonly values: Row;
  /** The joined row that it is computed of; of a group the first ones of those that it counts. */
  readonly made: readonly Rids[];
  /** How many joined rows a group counts; null where the metric is no aggregate. */
  readonly counted: number | null;
}

/** How many metric rows have what is asked for, and the first of them. */
export interface Found {
  readonly rows: number;
  readonly first: TracedRow | null;
}

/** What is selected from. */
export interface Selection {
  /** The names of the columns that tell what a row is made of; those of the metric follow them. */
  readonly marks: readonly string[];
  readonly inner: string;
  /** Over the marks, and `o0`, `o1`, ... for the metric's columns. */
  readonly conditions: readonly string[];
  /** Further tables for WITH. */
  readonly before: readonly string[];
}

export interface Selected {
  readonly traced: Row;
  readonly values: Row;
  readonly rows: number;
}

/** The first of the rows for which the conditions are true, and how many there are. They are looked at for whole rows only. */
export function select({ db, plan }: Derivation, { marks, inner, conditions, before }: Selection): Selected | null {
  const outputs = plan.project.map((_, n) => `o${n}`);
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  const order = marks.length > 0 ? `ORDER BY ${marks.join(', ')}` : '';
  const traced = `traced(${[...marks, ...outputs].join(', ')}) AS MATERIALIZED (\n${inner}\n)`;
  const sql = `WITH ${[...before, traced].join(', ')}\nSELECT *, count(*) OVER () FROM traced ${where} ${order} LIMIT 1`;
  const row = db.prepare(sql).raw().get() as Row | undefined;
  if (!row) return null;
  return { traced: row.slice(0, marks.length), values: row.slice(marks.length, -1), rows: Number(row.at(-1)) };
}

export function ridsOf({ relations, names }: Derivation): readonly string[] {
  return relations.map(({ scan }) => `${names.alias(scan.alias)}.rid`);
}

export function sayOutputs({ query }: Derivation, asked: readonly Asked[]): readonly string[] {
  return asked.flatMap(({ output, text }) =>
    output === null ? [] : [sayOutput(`o${output}`, text, query.columns[output]?.type ?? null)],
  );
}

/** What is asked of columns of relations, where rows are restricted by it at once. */
export function restrictions(derived: Derivation, asked: readonly Asked[]): readonly string[] {
  const rids = ridsOf(derived);
  return asked.flatMap(({ kept }) => (kept ? [sayRow(derived, kept, rids[kept.scan] ?? '')] : []));
}

/** That a row of a relation, by its number, has what is asked of it; where NULL is, there may also be no row. */
export function sayRow(derived: Derivation, kept: Kept, rid: string): string {
  const found = `${rid} IN (SELECT rid FROM ${relationAt(derived, kept.scan).table} WHERE ${sayKept(derived, kept)})`;
  return kept.values.includes(null) ? `(${rid} IS NULL OR ${found})` : found;
}
