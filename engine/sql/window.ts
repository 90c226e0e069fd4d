import type { Type } from '../change.ts';
import type { Order } from '../expression/group/windowing.ts';
import { windowName } from '../expression/group/windowing.ts';
import { inputName, orderName, partitionName, type WindowedPlan } from '../plan/window.ts';
import type { Dialect } from './dialect.ts';
import { foldOf } from './fold.ts';
import { aggregationIn } from './group.ts';
import { type Query, sayQuery } from './query.ts';

/** A column of the relation of rows with their windows. */
export interface WindowColumn {
  readonly name: string;
  readonly type: Type | null;
  /** Null for a value of the row itself. */
  readonly window: SaidWindow | null;
}

/** A window over the columns of the rows. */
export interface SaidWindow {
  /** What tells the partitions apart, each. */
  readonly partition: readonly string[];
  /** The window's value, as a column of a SELECT that has whole partitions. */
  readonly sql: string;
}

/**
 * The columns of rows with windows: the values, then the windows. `rows` is the query of the rows.
 *
 * Throws an EtlError where a type that only the log knows doesn't fit an aggregate.
 */
export function windowsOf({ windowing, outer }: WindowedPlan, rows: Query, dialect: Dialect): readonly WindowColumn[] {
  const types = new Map(rows.columns.map(({ name, type }) => [name, type]));
  const typeOf = (name: string) => types.get(name) ?? null;
  const values = rows.columns.slice(0, windowing.values.length).map(({ name, type }) => ({ name, type, window: null }));
  const windows = windowing.windows.map(({ input, partition, order }, n) => {
    const type = typeOf(inputName(n));
    const aggregation = aggregationIn(outer, input, type);
    const keys = partition.map((_, place) => {
      const name = partitionName(n, place);
      return dialect.group(dialect.quote(name), typeOf(name));
    });
    const orders = order.map((each, place) => {
      const name = orderName(n, place);
      return sayOrder(each, dialect.order(dialect.quote(name), typeOf(name)));
    });
    const sql = foldOf(aggregation, type, dialect).whole(
      dialect.quote(inputName(n)),
      ` OVER (${sayOver(keys, orders)})`,
    );
    return { name: windowName(n), type: aggregation.type, window: { partition: keys, sql } };
  });
  return [...values, ...windows];
}

function sayOrder({ descending, nullsFirst }: Order, value: string): string {
  return `${value}${descending ? ' DESC' : ''} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`;
}

function sayOver(partition: readonly string[], orders: readonly string[]): string {
  return [
    ...(partition.length > 0 ? [`PARTITION BY ${partition.join(', ')}`] : []),
    ...(orders.length > 0 ? [`ORDER BY ${orders.join(', ')}`] : []),
  ].join(' ');
}

/** A column over a plan's relations, carried along with its rows. */
export interface Carried {
  readonly name: string;
  readonly sql: string;
}

/** Selects the rows with what is carried along and their windows. */
export function sayWindows(
  rows: Query,
  columns: readonly WindowColumn[],
  carried: readonly Carried[],
  { quote }: Dialect,
): string {
  const before = carried.map(({ name, sql }) => `${sql} AS ${quote(name)}`);
  const said = [
    ...carried.map(({ name }) => quote(name)),
    ...columns.map(({ name, window }) => `${window ? window.sql : quote(name)} AS ${quote(name)}`),
  ];
  return `SELECT\n  ${said.join(',\n  ')}\nFROM (\n${sayQuery(rows, before)}\n) AS ${quote('row')}`;
}
