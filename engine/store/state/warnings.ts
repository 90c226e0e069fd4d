import { type Diagnostic, diagnose, type Span } from '../../diagnostic/diagnostic.ts';
import { suggestion } from '../../diagnostic/suggest.ts';
import type { ColumnLeaf } from '../../expression/expression.ts';
import { columnsOf } from '../../expression/paths.ts';
import { printColumn } from '../../expression/print.ts';
import { placeIn } from '../../mapping/mapping.ts';
import type { Equality, Join, Plan, Scan } from '../../plan/plan.ts';
import { sqlite } from '../../sql/dialect.ts';
import { meet } from '../../sql/equality.ts';
import type { Names } from '../../sql/names.ts';
import type { Database } from '../database/database.ts';
import { namesInState } from './names.ts';
import type { Relation } from './stock.ts';

/**
 * What only the log could tell, and what makes rows vanish without an error. `otherTables` are those of the log that no
 * relation reads, as far as this run has met them.
 */
export function warningsOf(
  db: Database,
  plan: Plan,
  relations: readonly Relation[],
  otherTables: readonly string[],
): readonly Diagnostic[] {
  const names = namesInState(plan, relations);
  return [
    ...plan.joins.flatMap((join) => join.on.flatMap((equality) => neverMeets(plan, join, equality, names))),
    ...relations.flatMap((relation) => neverRead(plan, relation, otherTables)),
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

/** A misspelled table is no error, for its first record may come later in the log. */
function neverRead(plan: Plan, { scan, seen }: Relation, otherTables: readonly string[]): readonly Diagnostic[] {
  const facts = scan.columns.map(({ path }) => path.kind === 'fact');
  if (seen.some((each, n) => each && !facts[n])) return [];
  const table = scan.tables.find((name) => name !== '*') ?? scan.alias;
  const hint = suggestion(table, otherTables);
  return [diagnose('TABLE_NEVER_SEEN', { table }, { mapping: placeIn(plan.origin, scan.span), hint })];
}

/** A misspelled column is no error, for a column may appear later in the log. */
function neverSeen(db: Database, plan: Plan, { scan, seen, table }: Relation): readonly Diagnostic[] {
  const unseen = new Set(scan.columns.flatMap(({ path }, n) => (seen[n] || path.kind === 'fact' ? [] : [path.column])));
  if (unseen.size === 0 || db.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() === undefined) return [];
  return [...unseen].map((column) => {
    const span = spanOf(plan, scan, column);
    return diagnose('COLUMN_NEVER_SEEN', { alias: scan.alias, column }, { mapping: placeIn(plan.origin, span) });
  });
}

/** Where the column is asked for first; a key, or a side of a join, is so by its table. */
function spanOf(plan: Plan, scan: Scan, column: string): Span {
  const filters = [scan.filter, plan.filter].filter((filter) => filter !== null);
  const leaves = [...plan.project, ...filters].flatMap(({ expression }) => columnsOf(expression));
  const asks = ({ alias, path }: ColumnLeaf) => alias === scan.alias && path.kind !== 'fact' && path.column === column;
  return leaves.find(asks)?.span ?? scan.span;
}
