import { invariant } from '../diagnostic/diagnostic.ts';
import { scansOf } from '../plan/compile.ts';
import type { Plan } from '../plan/plan.ts';
import { checksOf } from '../plan/reads.ts';
import type { Database } from './database/database.ts';
import { moveOut } from './move-out.ts';
import { forgottenBy, heldRelations, servesFor } from './state/holding.ts';
import { dropDerived, findState, type State } from './state/state.ts';
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
  const held = heldRelations(db, before.id);
  const forgotten = forgottenBy(plan, held);
  const isUnchecked = scansOf(plan).some((scan) => checksOf(scan).join() !== servesFor(scan, held)?.checks.join());
  dropDerived(db, before.id);
  moveOut(db, plan, before);
  const set = 'plan = ?, loaded = 0, counts = NULL';
  db.prepare(`UPDATE _etl_metric SET ${set} WHERE id = ?`).run(plan.hash, before.id);
  const state = findState(db, plan);
  invariant(state, 'a state that was migrated is there');
  return { state, isUnchecked, forgotten };
}
