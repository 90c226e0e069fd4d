/**
 * What the columns of a metric hold: counted by SQLite over the metric's rows as they stand in the state's file, all of
 * them. There they stand whatever the sink is, so no server is asked; what does not fit into memory, SQLite sorts on disk.
 */
import type { Type, Value } from '../change.ts';
import { printExpression } from '../expression/print.ts';
import { ownedRows, standingRows } from '../sink/existing/owned.ts';
import { sayQuery } from '../sql/query.ts';
import { naming } from '../store/derive/culprit.ts';
import type { Derivation } from '../store/derive/derivation.ts';
import type { State } from '../store/state/state.ts';
import { type ColumnValues, valuesOf } from './values.ts';

/** A column of the metric, and what it holds. */
export interface ColumnFigures extends ColumnValues {
  readonly name: string;
  /** Null where nobody knows it. */
  readonly type: Type | null;
  /** What it is made of, in the words of the mapping. */
  readonly expression: string;
  /** Rows in which it is not NULL. */
  readonly filled: number;
  /** The least and the greatest value; null where its values have no order that people know, or there is none. */
  readonly range: readonly [least: Value, greatest: Value] | null;
}

export interface MetricFigures {
  readonly rows: number;
  readonly columns: readonly ColumnFigures[];
}

/** Throws an EtlError where the metric is not there any more, and can't be computed. */
export function columnFigures(derived: Derivation, state: State): MetricFigures {
  const from = standingRows(derived, state, ownedRows(derived, state)) ?? `(${sayQuery(derived.query)})`;
  const names = derived.query.columns.map((_, n) => `c${n}`);
  const metric = `metric(${names.join(', ')}) AS (SELECT * FROM ${from})`;
  return naming(derived, () => {
    const [rows = 0n, ...found] = countsOf(derived, metric);
    const columns = derived.plan.project.map(({ name, expression }, n): ColumnFigures => {
      const [filled = 0n, least = null, greatest = null] = found.slice(3 * n);
      const range = least === null || greatest === null ? null : ([least, greatest] as const);
      const type = derived.query.columns[n]?.type ?? null;
      const { spread, ...values } = valuesOf(derived.db, metric, `c${n}`, type);
      return {
        name,
        type,
        expression: printExpression(expression),
        filled: Number(filled),
        ...values,
        range,
        spread: range && spread,
      };
    });
    return { rows: Number(rows), columns };
  });
}

/** How many rows there are; then of each column how many have a value, the least and the greatest. */
function countsOf({ db, query }: Derivation, metric: string): readonly Value[] {
  const counts = query.columns.flatMap(({ type }, n) => [
    `count(c${n})`,
    end('min', `c${n}`, type),
    end('max', `c${n}`, type),
  ]);
  const sql = `WITH ${metric} SELECT ${['count(*)', ...counts].join(', ')} FROM metric`;
  return db.prepare(sql).raw().get() as readonly Value[];
}

/**
 * What a value must be like so that SQLite orders it as people do: a number, and no text, as a numeric of many digits is; a
 * year of four digits after Christ; an instant in UTC.
 */
const ordered: Partial<Readonly<Record<Type, string>>> = {
  integer: '1',
  double: '1',
  numeric: "typeof(VALUE) <> 'text'",
  date: "VALUE GLOB '[0-9][0-9][0-9][0-9]-*[0-9]'",
  timestamp: "VALUE GLOB '[0-9][0-9][0-9][0-9]-*[0-9]'",
  timestamptz: "VALUE GLOB '[0-9][0-9][0-9][0-9]-*+00'",
};

/** The least or the greatest value where all of them are ordered, else NULL. */
function end(which: 'min' | 'max', column: string, type: Type | null): string {
  const isOrdered = type === null ? undefined : ordered[type];
  return isOrdered ? `CASE WHEN min(${isOrdered.replace('VALUE', column)}) THEN ${which}(${column}) END` : 'NULL';
}
