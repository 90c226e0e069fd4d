import type { Type } from '../change.ts';
import { keyName } from '../expression/group/grouping.ts';
import { pathText } from '../expression/paths.ts';
import { type GroupedPlan, groupedPlan } from '../plan/group.ts';
import type { Plan } from '../plan/plan.ts';
import { hasWindows, windowedPlan } from '../plan/window.ts';
import type { Dialect } from './dialect.ts';
import { groupsOf, sayGroups } from './group.ts';
import { aliasesIn, type Names } from './names.ts';
import { plainQuery, type Query } from './query.ts';
import { sayWindows, windowsOf } from './window.ts';

/**
 * Says a plan, at once over its relations.
 *
 * Throws an EtlError where the types that `names` knows don't fit an expression of the plan.
 */
export function metricQuery(plan: Plan, names: Names, dialect: Dialect): Query {
  return tracedQuery(plan, names, dialect, null).query;
}

/** A plan's query, and columns of its rows that tell what each is made of. */
export interface Traced {
  readonly query: Query;
  readonly traces: readonly string[];
}

/**
 * The same, with columns carried along from the rows of the plan's relations; `traces` are over these; null for none. Of a
 * grouped metric nothing can be: there the keys of the group are carried.
 */
export function tracedQuery(plan: Plan, names: Names, dialect: Dialect, traces: readonly string[] | null): Traced {
  if (plan.groupBy) {
    const grouped = groupedPlan(plan);
    const rows = rowsQuery(grouped.rows, names, dialect);
    const groups = groupsOf(grouped, rows, dialect);
    const made = madeNames(sayGroups(rows, groups, dialect), grouped.outer, groups, dialect);
    const keys = keysOf(grouped).map((key) => `${made.alias(grouped.outer.root.alias)}.${dialect.quote(key)}`);
    return tracedQuery(grouped.outer, made, dialect, traces && keys);
  }
  if (!hasWindows(plan)) return { query: plainQuery(plan, names, dialect), traces: traces ?? [] };
  const windowed = windowedPlan(plan);
  const rows = rowsQuery(windowed.rows, names, dialect);
  const columns = windowsOf(windowed, rows, dialect);
  const carried = (traces ?? []).map((sql, n) => ({ sql, name: `trace ${n}` }));
  const made = madeNames(sayWindows(rows, columns, carried, dialect), windowed.outer, columns, dialect);
  return { query: plainQuery(windowed.outer, made, dialect), traces: carried.map(({ name }) => dialect.quote(name)) };
}

function keysOf({ grouping: { keys } }: GroupedPlan): readonly string[] {
  return keys.map((_, n) => keyName(n));
}

/** What is computed of each row, in the form in which it is computed with. */
export function rowsQuery(rows: Plan, names: Names, dialect: Dialect): Query {
  return plainQuery(rows, names, { ...dialect, output: (sql) => sql });
}

/** A made relation as the one relation of a plan; `select` makes it. */
function madeNames(
  select: string,
  outer: Plan,
  columns: readonly { readonly name: string; readonly type: Type | null }[],
  dialect: Dialect,
): Names {
  const { quote } = dialect;
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  return {
    table: () => `(\n${select}\n)`,
    alias: aliasesIn(outer, dialect),
    column: (_, path) => quote(pathText(path)),
    type: (_, path) => types.get(pathText(path)) ?? null,
  };
}
