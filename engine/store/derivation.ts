import type { Plan } from '../plan/plan.ts';
import { sqlite } from '../sql/dialect.ts';
import type { Names } from '../sql/names.ts';
import { metricQuery, type Query } from '../sql/query.ts';
import type { Database } from './database.ts';
import { namesInState } from './names.ts';
import type { Relation } from './state.ts';

/** The plan's SELECT over the relations as they are kept. */
export interface Derivation {
  readonly db: Database;
  readonly plan: Plan;
  /** In the plan's order; the first one is the root. */
  readonly relations: readonly Relation[];
  readonly root: Relation;
  readonly names: Names;
  /** The root's row number, within the query. */
  readonly rid: string;
  readonly query: Query;
}

/** Throws an EtlError where the columns' types, as they are known by now, don't fit the plan. */
export function derivation(db: Database, plan: Plan, relations: readonly Relation[]): Derivation {
  const names = namesInState(plan, relations);
  const root = relations[0] as Relation;
  const query = metricQuery(plan, names, sqlite);
  return { db, plan, relations, root, names, rid: `${names.alias(root.scan.alias)}.rid`, query };
}
