import { fail } from '../diagnostic/diagnostic.ts';
import { hints } from '../diagnostic/messages.ts';
import type { Mapping } from '../mapping/mapping.ts';
import { compile } from '../plan/compile.ts';
import type { Plan } from '../plan/plan.ts';
import { type Database, readDatabase } from '../store/database/database.ts';
import { type Derivation, derivation } from '../store/derive/derivation.ts';
import { findState, type State } from '../store/state/state.ts';
import { type PlaceOptions, targetPlaceOf } from './places.ts';

/** A metric's state, and the plan's SELECT over it. */
export interface Loaded {
  readonly state: State;
  readonly derived: Derivation;
}

/**
 * Does the work over a loaded state, as it is at one moment, whatever another run commits meanwhile. Nothing is written.
 *
 * Throws an EtlError where the metric has no state, its first load has not ended, or it belongs to another plan.
 */
export function inLoaded<T>(mapping: Mapping, options: PlaceOptions, work: (loaded: Loaded) => T): T {
  const { database } = targetPlaceOf(mapping, options);
  const db = readDatabase(database);
  const plan = compile(mapping);
  try {
    return db.transaction(() => {
      const state = loaded(db, plan);
      return work({ state, derived: derivation(db, plan, state.relations) });
    })();
  } finally {
    db.close();
  }
}

function loaded(db: Database, plan: Plan): State {
  const { metric } = plan;
  const state = findState(db, plan);
  if (!state?.loaded) fail('NO_STATE', { metric, path: db.name }, { hint: hints.firstRun });
  if (state.plan !== plan.hash)
    fail('PLAN_CHANGED', { metric }, { data: { file: plan.origin.file }, hint: hints.migrated });
  return state;
}
