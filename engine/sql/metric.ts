import type { Type } from '../change.ts';
import { pathText } from '../expression/paths.ts';
import { groupedPlan } from '../plan/group.ts';
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
  if (plan.groupBy) {
    const grouped = groupedPlan(plan);
    const rows = rowsQuery(grouped.rows, names, dialect);
    const groups = groupsOf(grouped, rows, dialect);
    return metricQuery(
      grouped.outer,
      madeNames(sayGroups(rows, groups, dialect), grouped.outer, groups, dialect),
      dialect,
    );
  }
  if (!hasWindows(plan)) return plainQuery(plan, names, dialect);
  const windowed = windowedPlan(plan);
  const rows = rowsQuery(windowed.rows, names, dialect);
  const columns = windowsOf(windowed, rows, dialect);
  return plainQuery(
    windowed.outer,
    madeNames(sayWindows(rows, columns, dialect), windowed.outer, columns, dialect),
    dialect,
  );
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
