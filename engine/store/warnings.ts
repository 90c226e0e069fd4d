import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import { printColumn } from '../expression/print.ts';
import { placeIn } from '../mapping/mapping.ts';
import type { Equality, Join, Plan } from '../plan/plan.ts';
import { sqlite } from '../sql/dialect.ts';
import { meet } from '../sql/equality.ts';
import type { Names } from '../sql/names.ts';
import type { Database } from './database.ts';
import { namesInState } from './names.ts';
import type { Relation } from './state.ts';

/** What only the log could tell, and what makes rows vanish without an error. */
export function warningsOf(db: Database, plan: Plan, relations: readonly Relation[]): readonly Diagnostic[] {
  const names = namesInState(plan, relations);
  return [
    ...plan.joins.flatMap((join) => join.on.flatMap((equality) => neverMeets(plan, join, equality, names))),
    ...relations.flatMap((relation) => neverSeen(db, plan, relation)),
  ];
}

function neverMeets(plan: Plan, join: Join, equality: Equality, names: Names): readonly Diagnostic[] {
  if (meet(equality, names, sqlite) !== 'never') return [];
  const { left, right } = equality;
  const facts = {
    left: printColumn(left),
    leftType: String(names.type(left.alias, left.path)),
    right: printColumn(right),
    rightType: String(names.type(right.alias, right.path)),
  };
  return [diagnose('TYPES_NEVER_MEET', facts, { mapping: placeIn(plan.origin, join.span) })];
}

/** A misspelled column is no error, for a column may appear later in the log. */
function neverSeen(db: Database, plan: Plan, { scan, seen, table }: Relation): readonly Diagnostic[] {
  const unseen = new Set(scan.columns.flatMap(({ path }, n) => (seen[n] || path.kind === 'fact' ? [] : [path.column])));
  if (unseen.size === 0 || db.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() === undefined) return [];
  return [...unseen].map((column) =>
    diagnose('COLUMN_NEVER_SEEN', { alias: scan.alias, column }, { mapping: placeIn(plan.origin, scan.span) }),
  );
}
