import { fail, invariant } from '../diagnostic/diagnostic.ts';
import { hints } from '../diagnostic/messages.ts';
import { JsonError } from '../json.ts';
import { placeIn } from '../mapping/mapping.ts';
import { scansOf } from '../plan/compile.ts';
import type { Plan, Scan } from '../plan/plan.ts';
import type { Database } from './database/database.ts';
import { foundIn } from './pick/reader.ts';
import {
  checksOf,
  forgottenBy,
  type HeldRelation,
  heldRelations,
  type Origin,
  originOf,
  servesFor,
  withHeld,
} from './state/holding.ts';
import {
  createRelation,
  dropDerived,
  dropRelation,
  findState,
  type Relation,
  type State,
  tombstoneTable,
} from './state/state.ts';
import { enter } from './step.ts';

/** A state that was made another plan's. */
export interface Migrated {
  readonly state: State;
  /** Whether its rows were told by other checks than those of the plan. */
  readonly isUnchecked: boolean;
  /** What it held and the plan does not keep (`forgottenBy`). */
  readonly forgotten: readonly string[];
}

/**
 * Makes a state one of another plan, which lacks nothing in it (`lacksOf`): its relations keep what that plan keeps, and
 * how far is read stays. It is not loaded then, for the metric is still to be derived.
 *
 * Belongs to the transaction that derives it. Throws an EtlError where a value that a new path leads into is no JSON.
 */
export function migrate(db: Database, plan: Plan, { id }: State): Migrated {
  enter('migrate');
  const before = heldRelations(db, id);
  const forgotten = forgottenBy(plan, before);
  let isUnchecked = false;
  dropDerived(db, id);
  // Set aside: the new relations bear the same names for as long as both are there.
  db.prepare('UPDATE _etl_relation SET metric = -id WHERE metric = ?').run(id);
  for (const scan of scansOf(plan)) {
    const held = servesFor(scan, before);
    invariant(held, 'a plan that lacks nothing finds all its tables');
    copyRelation(db, plan, createRelation(db, id, withHeld(scan, held)), held);
    isUnchecked ||= checksOf(scan).join() !== held.checks.join();
  }
  for (const relation of before) dropRelation(db, relation.id);
  forgetSources(db, plan, id);
  db.prepare('UPDATE _etl_metric SET plan = ?, loaded = 0, counts = NULL WHERE id = ?').run(plan.hash, id);
  const state = findState(db, plan);
  invariant(state, 'a state that was migrated is there');
  return { state, isUnchecked, forgotten };
}

function copyRelation(db: Database, plan: Plan, { id, table, scan }: Relation, held: HeldRelation): void {
  const origins = scan.columns.map((column) => {
    const origin = originOf(column, held);
    invariant(origin, 'a plan that lacks nothing finds all its columns');
    return origin;
  });
  const learn = db.prepare('UPDATE _etl_column SET type = ?, seen = ? WHERE relation = ? AND number = ?');
  for (const [n, { held: column, within }] of origins.entries())
    if (column) learn.run(within ? 'text' : column.type, column.seen, id, n);
  copyRows(db, plan, scan, { from: `_etl_relation_${held.id}`, to: table, origins });
  if (scan.version === null) return;
  const [from, to] = [tombstoneTable(held.id), tombstoneTable(id)];
  copyRows(db, plan, scan, { from, to, origins: origins.slice(0, scan.tombstone) });
}

interface Copy {
  readonly from: string;
  readonly to: string;
  readonly origins: readonly Origin[];
}

/** Rows keep their numbers: of rows of one key the last is the newest. */
function copyRows(db: Database, plan: Plan, scan: Scan, { from, to, origins }: Copy): void {
  const finders = origins.map(({ within }) => within && foundIn(within));
  let last = 0;
  db.function('etl_within', (json: unknown, n: unknown) => {
    last = Number(n);
    return typeof json === 'string' ? (finders[last]?.(json) ?? null) : null;
  });
  const values = origins.map(({ held, within }, n) => {
    if (!held) return ', NULL';
    return within ? `, etl_within(c${held.number}, ${n})` : `, c${held.number}`;
  });
  try {
    db.exec(`INSERT INTO ${to} SELECT rid, file, record${values.join('')} FROM ${from} ORDER BY rid`);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const column = `${scan.alias}.${origins[last]?.within?.column}`;
    const facts = { column, expected: error.expected, at: error.at };
    fail('COLUMN_NOT_JSON', facts, { mapping: placeIn(plan.origin, scan.span), hint: hints.recordsAgain });
  }
}

/** How far a source is read that the plan does not name is of no use: what was read of it is gone. */
function forgetSources(db: Database, plan: Plan, id: bigint): void {
  const named = JSON.stringify(scansOf(plan).map(({ source }) => source));
  for (const table of ['_etl_file', '_etl_source'])
    db.prepare(`DELETE FROM ${table} WHERE metric = ? AND source NOT IN (SELECT value FROM json_each(?))`).run(
      id,
      named,
    );
}
