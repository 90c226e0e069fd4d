import type { Join, Plan } from '../plan/plan.ts';
import type { Dialect } from './dialect.ts';
import { keyForm, meet, sayKey } from './equality.ts';
import type { Names } from './names.ts';
import { sayFilter, sayFrom, sayOn, sayTable } from './query.ts';

/** How many roots there are that their own filter keeps. `restrict` are conditions put before the filter. */
export function rootCount(plan: Plan, names: Names, dialect: Dialect, restrict: readonly string[]): string {
  return `SELECT count(*) FROM ${sayTable(plan.root.alias, names)}${sayWhere(plan, names, dialect, restrict)}`;
}

/** A group of the rows that stand before a join, as `unpairedRows` gives it. */
export interface UnpairedRows {
  readonly partners: bigint;
  /** Whether they have no partner because their key is NULL. */
  readonly nokey: bigint;
  /** What they wait for is asked by this row; null where the parent is the root, or they don't wait. */
  readonly parent: bigint | null;
  readonly rows: bigint;
  /** Of how many rows of the parent they are. */
  readonly parents: bigint;
}

/**
 * Counts the rows that stand before the n-th join and have no partner there, or several. All others have one, and how
 * many they are follows from the joins before.
 */
export function unpairedRows(
  plan: Plan,
  n: number,
  names: Names,
  dialect: Dialect,
  restrict: readonly string[],
): string {
  const join = plan.joins[n] as Join;
  const parent = parentOf(plan, join);
  const partners = `SELECT count(*) FROM ${sayTable(join.scan.alias, names)} WHERE ${sayOn(plan, join, names, dialect)}`;
  const from = sayFrom(plan, plan.joins.slice(0, n), names, dialect).join('\n    ');
  // Rows of the root are counted where they are touched. Others are asked from many roots.
  const shared = parent === plan.root.alias ? 'NULL' : 'CASE WHEN n = 0 AND NOT nokey THEN rid END';
  return `SELECT n AS partners, nokey, ${shared} AS parent, count(*) AS "rows", count(DISTINCT rid) AS parents
FROM (
  SELECT (${partners}) AS n, (${sayNullKey(join, names, dialect)}) AS nokey, ${names.alias(parent)}.rid AS rid
  FROM ${from}${sayWhere(plan, names, dialect, restrict)}
)
WHERE n <> 1
GROUP BY 1, 2, 3`;
}

/**
 * The same of all joins in one pass, where no row has several partners in any of them: then each root is one row, whose joins are
 * all made, also those that an inner join before them has left out. Gives for each join three values, as `missingIn` reads
 * them, and then the rows.
 */
export function missingRows(plan: Plan, names: Names, dialect: Dialect): string {
  const all = plan.joins.map((join): Join => ({ ...join, kind: 'left' }));
  const found = plan.joins.map((join, n) => {
    const parent = parentOf(plan, join);
    const waits = parent === plan.root.alias ? 'NULL' : `${names.alias(parent)}.rid`;
    return `${names.alias(join.scan.alias)}.rid AS t${n}, (${sayNullKey(join, names, dialect)}) AS k${n}, ${waits} AS p${n}`;
  });
  const places = [...plan.joins.keys()];
  const told = places.map((n) => `t${n} IS NULL, k${n}, CASE WHEN t${n} IS NULL AND NOT k${n} THEN p${n} END`);
  return `SELECT ${told.join(', ')}, count(*)
FROM (
  SELECT ${found.join(', ')}
  FROM ${sayFrom(plan, all, names, dialect).join('\n    ')}${sayWhere(plan, names, dialect, [])}
)
WHERE ${places.map((n) => `t${n} IS NULL`).join(' OR ')}
GROUP BY ${told.flatMap((_, n) => [3 * n + 1, 3 * n + 2, 3 * n + 3]).join(', ')}`;
}

/** What a row of `missingRows` says of the joins before which it stands, by their places. */
export function* missingIn(plan: Plan, row: readonly (bigint | null)[]): Generator<readonly [number, UnpairedRows]> {
  const rows = row.at(-1) as bigint;
  for (const [n, { kind }] of plan.joins.entries()) {
    const [isMissing, nokey, parent] = row.slice(3 * n) as [bigint, bigint, bigint | null];
    if (isMissing) yield [n, { partners: 0n, nokey, parent, rows, parents: rows }];
    if (isMissing && kind === 'inner') return;
  }
}

/**
 * Groups the rows that wait for a partner in the n-th join by what they wait for, the largest group first: how many they
 * are, the first roots that lead to them, one after the other with a comma, and the values that a partner would have.
 */
export function waitingGroups(plan: Plan, n: number, names: Names, dialect: Dialect, samples: number): string {
  const join = plan.joins[n] as Join;
  const values = join.on.map(({ left: { alias, path } }) => `${names.alias(alias)}.${names.column(alias, path)}`);
  const keys = join.on.map(({ left: { alias, path } }) => keyForm(alias, path, null, names, dialect));
  const partner = `SELECT 1 FROM ${sayTable(join.scan.alias, names)} WHERE ${sayOn(plan, join, names, dialect)}`;
  const from = sayFrom(plan, plan.joins.slice(0, n), names, dialect).join('\n    ');
  const waits = [`NOT EXISTS (${partner})`, `NOT (${sayNullKey(join, names, dialect)})`];
  const root = `${names.alias(plan.root.alias)}.rid`;
  const found = keys.map((_, place) => `k${place}`);
  return `WITH waiting(root, ${[...found, ...values.map((_, place) => `v${place}`)].join(', ')}) AS MATERIALIZED (
  SELECT ${[root, ...keys, ...values].join(', ')}
  FROM ${from}${sayWhere(plan, names, dialect, waits)}
), numbered AS (
  SELECT *, dense_rank() OVER (PARTITION BY ${found.join(', ')} ORDER BY root) AS place FROM waiting
)
SELECT count(*), group_concat(DISTINCT CASE WHEN place <= ${samples} THEN root END), ${values.map((_, place) => `min(v${place})`).join(', ')}
FROM numbered GROUP BY ${found.join(', ')} ORDER BY 1 DESC, min(root)`;
}

/** A SELECT that has a row if some row may have several partners in a join; null where a key says that none has. */
export function severalPartners({ scan, on }: Join, names: Names, dialect: Dialect): string | null {
  const meetings = on.map((equality) => meet(equality, names, dialect));
  const forms = [...new Set(meetings.flatMap((each) => (each === 'never' ? [] : [each.right])))];
  const key = sayKey(scan, names, dialect);
  if (key.length > 0 && key.every((form) => forms.includes(form))) return null;
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

function sayNullKey({ on }: Join, names: Names, dialect: Dialect): string {
  return on.map(({ left: { alias, path } }) => `${keyForm(alias, path, null, names, dialect)} IS NULL`).join(' OR ');
}

function sayWhere(plan: Plan, names: Names, dialect: Dialect, restrict: readonly string[]): string {
  const own = plan.root.filter ? [sayFilter(plan, plan.root.filter, names, dialect)] : [];
  const conditions = [...restrict, ...own];
  return conditions.length > 0 ? `\n  WHERE ${conditions.join(' AND ')}` : '';
}
