import { isMade } from '../../plan/made.ts';
import type { Plan } from '../../plan/plan.ts';
import { sqlite } from '../../sql/dialect.ts';
import { metricQuery, rowsQuery } from '../../sql/metric.ts';
import type { Names } from '../../sql/names.ts';
import type { Query } from '../../sql/query.ts';
import type { Database } from '../database/database.ts';
import { namesInState } from '../state/names.ts';
import type { Relation } from '../state/stock.ts';
import { TOUCHED, touchedOf } from './touched.ts';

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
  /** How many rows a root may have in a target, whose rowids start for each root at the next multiple of it. */
  readonly rootRows: bigint;
  /** The temporary table of its touched roots. */
  readonly touched: string;
  readonly query: Query;
}

/** More than anybody has. With them a state has room for half a million million roots. */
const ROOT_ROWS = 1n << 24n;

/** Throws an EtlError where the columns' types, as they are known by now, don't fit the plan. */
export function derivation(db: Database, plan: Plan, relations: readonly Relation[]): Derivation {
  return derivationBy(metricQuery, db, plan, relations);
}

/** What is computed of each row before groups or windows are made of the rows. */
export function rowsDerivation(db: Database, rows: Plan, relations: readonly Relation[]): Derivation {
  return derivationBy(rowsQuery, db, rows, relations);
}

function derivationBy(say: typeof metricQuery, db: Database, plan: Plan, relations: readonly Relation[]): Derivation {
  const names = namesInState(plan, relations);
  const root = relations[0] as Relation;
  const query = say(plan, names, sqlite);
  const made = isMade(root.scan);
  const [rootRows, touched] = made ? [1n, touchedOf(root.scan.alias)] : [ROOT_ROWS, TOUCHED];
  return { db, plan, relations, root, names, rid: `${names.alias(root.scan.alias)}.rid`, rootRows, touched, query };
}
