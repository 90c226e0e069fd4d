import type { Type, Value } from '../change.ts';
import type { Database } from '../store/database/database.ts';

/** The values of a column, NULL left out. */
export interface ColumnValues {
  /** How many there are. */
  readonly distinct: number;
  /** The most frequent ones, the first of them first. */
  readonly frequent: readonly Frequent[];
  /** Rows in equal parts of the range, from the least value to the greatest; null where that says nothing. */
  readonly spread: readonly number[] | null;
}

export interface Frequent {
  readonly value: Value;
  readonly rows: number;
}

/** Values that are shown of each column, and parts of its range. */
const [MOST, PARTS] = [6, 16];

/** What a column of `metric`, a table of WITH, holds: its rows are gone through once, and grouped by value. */
export function valuesOf(db: Database, metric: string, column: string, type: Type | null): ColumnValues {
  const amount = amountOf(type);
  const groups = `groups(value, rows) AS MATERIALIZED (
    SELECT ${column}, count(*) FROM metric WHERE ${column} IS NOT NULL GROUP BY ${column})`;
  const frequent = `SELECT value, rows, (SELECT count(*) FROM groups) FROM groups ORDER BY rows DESC, value LIMIT ${MOST}`;
  const spread = amount === null ? '' : `UNION ALL SELECT * FROM (${partsOf(amount)})`;
  const found = db
    .prepare(`WITH ${metric}, ${groups} SELECT * FROM (${frequent}) ${spread}`)
    .raw()
    .all() as readonly (readonly [Value, bigint, bigint | null])[];
  const first = found.filter(([, , distinct]) => distinct !== null);
  const distinct = Number(first[0]?.[2] ?? 0n);
  const parts = found.slice(first.length).map(([part, rows]) => [part, Number(rows)] as const);
  return {
    distinct,
    frequent: first.map(([value, rows]) => ({ value, rows: Number(rows) })),
    // So few values are all to be seen, or nearly all.
    spread: distinct > PARTS && amount !== null ? spreadIn(parts) : null,
  };
}

/** A value as a number that SQLite computes with, of a time its seconds; null of what has no amount. */
function amountOf(type: Type | null): string | null {
  switch (type) {
    case 'integer':
    case 'double':
    case 'numeric':
      return "iif(typeof(value) = 'text', NULL, value)";
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return "unixepoch(substr(value, 1, 19)) + CAST('0' || substr(value, 20) AS REAL)";
    default:
      return null;
  }
}

function partsOf(amount: string): string {
  return `WITH amounts(amount, rows) AS (SELECT ${amount}, rows FROM groups),
    ends(least, size) AS (SELECT min(amount), max(amount) - min(amount) FROM amounts)
  SELECT CAST(min(${PARTS - 1}, (amount - least) * ${PARTS}.0 / size) AS INTEGER) AS part, sum(rows), NULL
  FROM amounts, ends GROUP BY part`;
}

/** Null where a value has no part: a time that no calendar has, as a leap second, or an amount of too many digits. */
function spreadIn(parts: readonly (readonly [part: Value, rows: number])[]): readonly number[] | null {
  if (parts.some(([part]) => part === null)) return null;
  const rows = new Map(parts.map(([part, count]) => [Number(part), count]));
  return Array.from({ length: PARTS }, (_, part) => rows.get(part) ?? 0);
}
