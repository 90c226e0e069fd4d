import type { Value } from '../change.ts';
import type { Expression } from '../expression/expression.ts';
import { OperationError } from '../expression/operation/operation.ts';
import { columnsOf, pathText } from '../expression/paths.ts';
import { printColumn } from '../expression/print.ts';
import { sqlite } from '../sql/dialect.ts';
import { say, sayFailing, typedCondition } from '../sql/expression.ts';
import { sayTable } from '../sql/query.ts';
import type { Derivation } from '../store/derive/derivation.ts';
import { type Cell, cellIn, placeOf, readRow, relationAt } from './row.ts';

/** A row of each scan of the plan, by its number; null where a left join found none. It may end before the last scan. */
export type Rids = readonly (bigint | null)[];

/** FROM that has one row: the rows of the scans. */
export function sayFixed(derived: Derivation, rids: Rids): string {
  const { names } = derived;
  const rows = rids.map((rid, n) => {
    const { alias } = relationAt(derived, n).scan;
    return `LEFT JOIN ${sayTable(alias, names)} ON ${rid === null ? 'FALSE' : `${names.alias(alias)}.rid = ${rid}`}`;
  });
  return ['(SELECT 1)', ...rows].join('\n  ');
}

/** Whether a condition is true of the rows; null also where it can't be computed of them. */
export function holds(derived: Derivation, condition: Expression, rids: Rids): boolean | null {
  try {
    const value = computed(
      derived,
      say(typedCondition(derived.plan, condition, derived.names), derived.names, sqlite),
      rids,
    );
    return value === null ? null : value === 1n;
  } catch (error) {
    if (error instanceof OperationError) return null;
    throw error;
  }
}

/** How the rows fail a check: empty where it is false, else why it can't be computed; null where they pass. */
export function failingOf(derived: Derivation, check: Expression, rids: Rids): string | null {
  const { plan, names } = derived;
  return computed(derived, sayFailing(typedCondition(plan, check, names), names, sqlite), rids) as string | null;
}

function computed(derived: Derivation, sql: string, rids: Rids): Value {
  return derived.db
    .prepare(`SELECT ${sql} FROM ${sayFixed(derived, rids)}`)
    .pluck()
    .get() as Value;
}

/** What an expression reads of the rows, each column once. */
export function valuesIn(derived: Derivation, expression: Expression, rids: Rids): readonly Cell[] {
  const leaves = new Map(columnsOf(expression).map((leaf) => [printColumn(leaf), leaf]));
  return [...leaves].map(([column, { alias, path }]) => {
    const n = placeOf(derived, alias);
    const rid = rids[n] ?? null;
    if (rid === null) return { column, value: null, type: null };
    return { ...cellIn(readRow(derived, n, rid), pathText(path)), column };
  });
}
