import { invariant } from '../diagnostic/diagnostic.ts';
import { scansOf } from '../plan/compile.ts';
import type { Plan } from '../plan/plan.ts';
import { checksOf } from '../plan/reads.ts';
import { copyRelation } from './copy-relation.ts';
import type { Database } from './database/database.ts';
import { forgottenBy, type HeldRelation, heldRelations, servesFor, withHeld } from './state/holding.ts';
import { moveSources, settle } from './state/moving.ts';
import { dropDerived, findState, type State } from './state/state.ts';
import { createStock } from './state/stock.ts';
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
export function migrate(db: Database, plan: Plan, before: State): Migrated {
  enter('migrate');
  const all = heldRelations(db, before.id);
  const forgotten = forgottenBy(plan, all);
  const held = scansOf(plan).map((scan) => {
    const served = servesFor(scan, all);
    invariant(served, 'a plan that lacks nothing finds all its tables');
    return served;
  });
  const isUnchecked = scansOf(plan).some((scan, n) => checksOf(scan).join() !== held[n]?.checks.join());
  dropDerived(db, before.id);
  moveToOwn(db, plan, before, held);
  const set = 'plan = ?, loaded = 0, counts = NULL';
  db.prepare(`UPDATE _etl_metric SET ${set} WHERE id = ?`).run(plan.hash, before.id);
  const state = findState(db, plan);
  invariant(state, 'a state that was migrated is there');
  return { state, isUnchecked, forgotten };
}

/** A new stock, made of what is held. Where others share the one before, it stays theirs. */
function moveToOwn(db: Database, plan: Plan, state: State, held: readonly HeldRelation[]): void {
  const scans = scansOf(plan).map((scan, n) => withHeld(scan, held[n] as HeldRelation));
  const own = createStock(db, scans);
  const sources = scans.map(({ source }) => source);
  const shift = moveSources(db, { from: state.stock, to: own.stock, movers: 1 }, sources);
  for (const [n, relation] of own.relations.entries()) copyRelation(db, plan, relation, held[n] as HeldRelation, shift);
  settle(db, { plan, state }, own, shift);
}
