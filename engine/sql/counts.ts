import type { Join, Plan } from '../plan/plan.ts';
import type { Dialect } from './dialect.ts';
import { keyForm, meet } from './equality.ts';
import type { Names } from './names.ts';
import { sayFilter, sayFrom, sayOn, sayTable } from './query.ts';

/** What is counted of a join: the columns of its SELECT. */
export type Counted = 'rows' | 'matched' | 'nokey' | 'waiting' | 'parents' | 'fanout';

/**
 * How each join fares: of the rows of what stands before it, how many found a partner, how many have a NULL key, how many
 * wait and of how many rows of its parent, and the largest number of partners that one row has. One SELECT of one row a
 * join; or one for all, which looks at each row once, where `single` says that no row has several partners.
 */
export function joinCounts(plan: Plan, names: Names, dialect: Dialect, single: boolean): readonly string[] {
  return single && plan.joins.length > 1
    ? [countsAtOnce(plan, names, dialect)]
    : plan.joins.map((join, index) => countsOf(plan, join, index, names, dialect));
}

/** A SELECT that has a row if some row may have several partners in a join. */
export function severalPartners({ scan, on }: Join, names: Names, dialect: Dialect): string {
  const meetings = on.map((equality) => meet(equality, names, dialect));
  const forms = [...new Set(meetings.flatMap((each) => (each === 'never' ? [] : [each.right])))];
  // A filter could fail on rows that would not be looked at otherwise.
  if (scan.filter !== null || forms.length === 0) return 'SELECT 1';
  const known = forms.map((form) => `${form} IS NOT NULL`).join(' AND ');
  const groups = `GROUP BY ${forms.join(', ')} HAVING count(*) > 1 LIMIT 1`;
  return `SELECT 1 FROM ${sayTable(scan.alias, names)} WHERE ${known} ${groups}`;
}

/** The alias whose rows wait for a join's partners. */
export function parentOf(plan: Plan, join: Join): string {
  return join.on.at(-1)?.left.alias ?? plan.root.alias;
}

/** Every join as a left one: a row stands before the next join if all inner joins before that found a partner. */
function countsAtOnce(plan: Plan, names: Names, dialect: Dialect): string {
  const left = plan.joins.map((join): Join => ({ ...join, kind: 'left' }));
  const flags = plan.joins.flatMap((join, n) => [
    `${names.alias(join.scan.alias)}.rid IS NOT NULL AS found${n}`,
    `${sayNullKey(join, names, dialect)} AS nokey${n}`,
    `${names.alias(parentOf(plan, join))}.rid AS parent${n}`,
  ]);
  const counts = plan.joins.flatMap((_, n) => {
    const before = plan.joins.slice(0, n).flatMap(({ kind }, m) => (kind === 'inner' ? [`found${m}`] : []));
    const count = (what: string, ...where: readonly string[]) =>
      `count(${what}) FILTER (WHERE ${[...before, ...where].join(' AND ') || 'TRUE'})`;
    return [
      `${count('*')} AS rows${n}`,
      `${count('*', `found${n}`)} AS matched${n}`,
      `${count('*', `NOT found${n}`, `nokey${n}`)} AS nokey${n}`,
      `${count('*', `NOT found${n}`, `NOT nokey${n}`)} AS waiting${n}`,
      `${count(`DISTINCT parent${n}`, `NOT found${n}`, `NOT nokey${n}`)} AS parents${n}`,
      `coalesce(max(found${n}) FILTER (WHERE ${[...before, 'TRUE'].join(' AND ')}), 0) AS fanout${n}`,
    ];
  });
  const from = sayFrom(plan, left, names, dialect).join('\n    ');
  return `SELECT ${counts.join(',\n  ')}\nFROM (\n  SELECT ${flags.join(', ')}\n  FROM ${from}${sayRoot(plan, names, dialect)}\n)`;
}

function countsOf(plan: Plan, join: Join, n: number, names: Names, dialect: Dialect): string {
  const partners = `SELECT count(*) FROM ${sayTable(join.scan.alias, names)} WHERE ${sayOn(plan, join, names, dialect)}`;
  const from = sayFrom(plan, plan.joins.slice(0, n), names, dialect).join('\n    ');
  return `SELECT count(*) AS rows${n},
  count(*) FILTER (WHERE n > 0) AS matched${n},
  count(*) FILTER (WHERE n = 0 AND nokey) AS nokey${n},
  count(*) FILTER (WHERE n = 0 AND NOT nokey) AS waiting${n},
  count(DISTINCT parent) FILTER (WHERE n = 0 AND NOT nokey) AS parents${n},
  coalesce(max(n), 0) AS fanout${n}
FROM (
  SELECT (${partners}) AS n, (${sayNullKey(join, names, dialect)}) AS nokey, ${names.alias(parentOf(plan, join))}.rid AS parent
  FROM ${from}${sayRoot(plan, names, dialect)}
)`;
}

function sayNullKey({ on }: Join, names: Names, dialect: Dialect): string {
  return on.map(({ left: { alias, path } }) => `${keyForm(alias, path, null, names, dialect)} IS NULL`).join(' OR ');
}

function sayRoot(plan: Plan, names: Names, dialect: Dialect): string {
  return plan.root.filter ? `\n  WHERE ${sayFilter(plan, plan.root.filter, names, dialect)}` : '';
}

/** Of the joined rows, how many there are and how many the plan's filter keeps; null where it has none. */
export function filterCounts(plan: Plan, names: Names, dialect: Dialect): string | null {
  if (!plan.filter) return null;
  const kept = `count(*) FILTER (WHERE ${sayFilter(plan, plan.filter, names, dialect)})`;
  const from = sayFrom(plan, plan.joins, names, dialect).join('\n  ');
  return `SELECT count(*) AS "rows", ${kept} AS kept\nFROM ${from}${sayRoot(plan, names, dialect)}`;
}
