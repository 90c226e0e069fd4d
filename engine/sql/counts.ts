import type { Join, Plan } from '../plan/plan.ts';
import type { Dialect } from './dialect.ts';
import { meet } from './equality.ts';
import type { Names } from './names.ts';
import { sayFilter, sayFrom, sayOn, sayTable } from './query.ts';

/** A SELECT of one row; `parent` is the alias whose rows wait. */
export interface JoinQuery {
  readonly sql: string;
  readonly parent: string;
}

/**
 * How a join fares, as one SELECT: of the rows of what stands before it, how many found a partner, how many have a NULL
 * key, how many wait and of how many rows of its parent, and the largest number of partners that one row has.
 */
export function joinCounts(plan: Plan, index: number, names: Names, dialect: Dialect): JoinQuery {
  const join = plan.joins[index] as Join;
  const parent = join.on[join.on.length - 1]?.left.alias ?? plan.root.alias;
  const partners = `SELECT count(*) FROM ${sayTable(join.scan.alias, names)} WHERE ${sayOn(plan, join, names, dialect)}`;
  const nullKey = join.on
    .map((equality) => meet(equality, names, dialect))
    .map((meeting) => (meeting === 'never' ? 'FALSE' : `${meeting.left} IS NULL`));
  const root = plan.root.filter ? `\n  WHERE ${sayFilter(plan, plan.root.filter, names, dialect)}` : '';
  const sql = `SELECT count(*) AS "rows",
  count(*) FILTER (WHERE n > 0) AS matched,
  count(*) FILTER (WHERE n = 0 AND nokey) AS nokey,
  count(*) FILTER (WHERE n = 0 AND NOT nokey) AS waiting,
  count(DISTINCT parent) FILTER (WHERE n = 0 AND NOT nokey) AS parents,
  coalesce(max(n), 0) AS fanout
FROM (
  SELECT (${partners}) AS n, (${nullKey.join(' OR ')}) AS nokey, ${names.alias(parent)}.rid AS parent
  FROM ${sayFrom(plan, plan.joins.slice(0, index), names, dialect).join('\n    ')}${root}
)`;
  return { sql, parent };
}

/** Of the joined rows, how many there are and how many the plan's filter keeps; null where it has none. */
export function filterCounts(plan: Plan, names: Names, dialect: Dialect): string | null {
  if (!plan.filter) return null;
  const kept = `count(*) FILTER (WHERE ${sayFilter(plan, plan.filter, names, dialect)})`;
  const root = plan.root.filter ? `\nWHERE ${sayFilter(plan, plan.root.filter, names, dialect)}` : '';
  return `SELECT count(*) AS "rows", ${kept} AS kept\nFROM ${sayFrom(plan, plan.joins, names, dialect).join('\n  ')}${root}`;
}
