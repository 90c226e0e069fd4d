import { pathText } from '../expression/paths.ts';
import type { Plan } from '../plan/plan.ts';
import { type Counted, filterCounts, joinCounts, parentOf } from '../sql/counts.ts';
import { sqlite } from '../sql/dialect.ts';
import type { Database } from './database.ts';
import { namesInState } from './names.ts';
import { arePartnersSingle } from './partners.ts';
import type { Relation } from './state.ts';

/** How a join fares, over the rows of what stands before it in the list. */
export interface JoinCount {
  /** The alias that the join brings. */
  readonly alias: string;
  readonly rows: number;
  readonly matched: number;
  /** Rows whose key is NULL: they join nothing, whatever comes. */
  readonly nullKey: number;
  /** Rows whose partner has not come (yet), and of how many rows of `parent` they are. */
  readonly waiting: number;
  readonly parents: number;
  readonly parent: string;
  /** The columns of the parent by which a partner is looked for. */
  readonly on: readonly string[];
  /** The most partners that one row has. */
  readonly fanout: number;
}

/** Counts every join of the plan over the relations as they stand. */
export function countJoins(db: Database, plan: Plan, relations: readonly Relation[]): readonly JoinCount[] {
  const names = namesInState(plan, relations);
  const queries = joinCounts(plan, names, sqlite, arePartnersSingle(db, plan, names));
  const row: Record<`${Counted}${number}`, bigint> = Object.assign({}, ...queries.map((sql) => db.prepare(sql).get()));
  return plan.joins.map((join, n) => ({
    alias: join.scan.alias,
    rows: Number(row[`rows${n}`]),
    matched: Number(row[`matched${n}`]),
    nullKey: Number(row[`nokey${n}`]),
    waiting: Number(row[`waiting${n}`]),
    parents: Number(row[`parents${n}`]),
    parent: parentOf(plan, join),
    on: join.on.map((equality) => pathText(equality.left.path)),
    fanout: Number(row[`fanout${n}`]),
  }));
}

/** What the metric's `where` keeps of the joined rows. */
export interface FilterCount {
  readonly rows: number;
  readonly kept: number;
}

/** Null where the plan has no filter. */
export function countFilter(db: Database, plan: Plan, relations: readonly Relation[]): FilterCount | null {
  const sql = filterCounts(plan, namesInState(plan, relations), sqlite);
  if (sql === null) return null;
  const row = db.prepare(sql).get() as Record<'rows' | 'kept', bigint>;
  return { rows: Number(row.rows), kept: Number(row.kept) };
}
