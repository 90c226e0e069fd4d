import type { Type } from '../change.ts';
import { rejections } from '../plan/filter.ts';
import type { Filter, Join, Plan } from '../plan/plan.ts';
import type { Dialect } from './dialect.ts';
import { sayEqualities } from './equality.ts';
import { sayAt, typed, typedCondition } from './expression.ts';
import type { Names } from './names.ts';

/** The metric as one SELECT over its relations. */
export interface Query {
  readonly columns: readonly QueryColumn[];
  readonly from: readonly string[];
  readonly where: readonly string[];
}

export interface QueryColumn {
  readonly name: string;
  /** The name as an identifier. */
  readonly label: string;
  readonly sql: string;
  readonly type: Type | null;
}

/**
 * Says a plan without groups.
 *
 * Throws an EtlError where the types that `names` knows don't fit an expression of the plan.
 */
export function plainQuery(plan: Plan, names: Names, dialect: Dialect): Query {
  return {
    columns: plan.project.map(({ name, expression }) => {
      const inferred = typed(plan, expression, names);
      const sql = dialect.output(sayAt(plan, expression, inferred, names, dialect), inferred.type);
      return { name, label: dialect.quote(name), sql, type: inferred.type };
    }),
    from: sayFrom(plan, plan.joins, names, dialect),
    where: sayWhere(plan, names, dialect),
  };
}

/** The filters, and the checks of the metric's rows that reject one: what can't be computed fails these, so they may stand anywhere. */
function sayWhere(plan: Plan, names: Names, dialect: Dialect): readonly string[] {
  const checks = rejections(plan.checks).map((filter) => sayFilter(plan, filter, names, dialect));
  return [...sayFilters(plan, names, dialect), ...checks];
}

/**
 * The root's filter and the metric's. Where tables are filtered, the metric's is looked at for rows that pass only: its
 * expressions may rely on that (no division by zero), and a database may look at conditions in any order.
 */
function sayFilters(plan: Plan, names: Names, dialect: Dialect): readonly string[] {
  const root = plan.root.filter ? [sayFilter(plan, plan.root.filter, names, dialect)] : [];
  if (!plan.filter) return root;
  const filters = [...root, ...plan.joins.flatMap((join) => sayPartnerFilter(plan, join, names, dialect))];
  const own = sayFilter(plan, plan.filter, names, dialect);
  return filters.length === 0 ? [own] : [...root, `CASE WHEN ${filters.join(' AND ')} THEN ${own} END`];
}

/** That a partner passes its filter. Also of a left join: a database makes it an inner one where a condition allows it. */
function sayPartnerFilter(plan: Plan, join: Join, names: Names, dialect: Dialect): readonly string[] {
  const { filter, alias } = join.scan;
  if (!filter) return [];
  const passes = sayFilter(plan, filter, names, dialect);
  if (join.kind === 'inner') return [passes];
  // A partner has been found by this column, so it has a value there.
  const found = join.on.map(({ right }) => `${names.alias(alias)}.${names.column(alias, right.path)} IS NULL`);
  return found.slice(0, 1).map((isNone) => `(${isNone} OR ${passes})`);
}

/** The query as text. `before` are columns put before the metric's own, `restrict` conditions put before its filters. */
export function sayQuery(query: Query, before: readonly string[] = [], restrict: readonly string[] = []): string {
  const columns = [...before, ...query.columns.map((column) => `${column.sql} AS ${column.label}`)];
  return sayClauses(columns, query, restrict);
}

/** Other columns over the rows of a query. */
export function sayClauses(columns: readonly string[], query: Query, restrict: readonly string[] = []): string {
  const where = [...restrict, ...query.where];
  return [
    `SELECT\n  ${columns.join(',\n  ')}`,
    `FROM ${query.from.join('\n  ')}`,
    ...(where.length > 0 ? [`WHERE ${where.join('\n  AND ')}`] : []),
  ].join('\n');
}

/** The root and the given joins, one a line. */
export function sayFrom(plan: Plan, joins: readonly Join[], names: Names, dialect: Dialect): readonly string[] {
  return [sayTable(plan.root.alias, names), ...joins.map((join) => sayJoin(plan, join, names, dialect))];
}

/** A relation's own filter stands in ON: it decides who is a partner, and a left join keeps the row whose partner it takes. */
function sayJoin(plan: Plan, join: Join, names: Names, dialect: Dialect): string {
  const word = join.kind === 'left' ? 'LEFT JOIN' : 'JOIN';
  return `${word} ${sayTable(join.scan.alias, names)} ON ${sayOn(plan, join, names, dialect)}`;
}

/** Who is a partner in a join: the equalities, and the filter of the relation that it brings. */
export function sayOn(plan: Plan, join: Join, names: Names, dialect: Dialect): string {
  const filter = join.scan.filter ? [sayFilter(plan, join.scan.filter, names, dialect)] : [];
  return [sayEqualities(join.on, names, dialect), ...filter].join(' AND ');
}

export function sayFilter(plan: Plan, filter: Filter, names: Names, dialect: Dialect): string {
  return sayAt(plan, filter.expression, typedCondition(plan, filter.expression, names), names, dialect);
}

export function sayTable(alias: string, names: Names): string {
  const [table, name] = [names.table(alias), names.alias(alias)];
  return table === name ? table : `${table} AS ${name}`;
}
