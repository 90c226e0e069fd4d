/** The states that two mappings are compared on, in a folder that is gone afterwards. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from '../diagnostic/diagnostic.ts';
import { hints, type Lack } from '../diagnostic/messages.ts';
import type { Mapping } from '../mapping/mapping.ts';
import type { RunOptions } from '../pipeline/options.ts';
import { targetPlaceOf } from '../pipeline/places.ts';
import { run } from '../pipeline/run.ts';
import { copyDatabase } from '../pipeline/scratch.ts';
import { compile } from '../plan/compile.ts';
import type { Plan } from '../plan/plan.ts';
import { type Database, openDatabase, transaction } from '../store/database/database.ts';
import { type Derivation, derivation } from '../store/derive/derivation.ts';
import { migrate } from '../store/migrate.ts';
import { indexKey } from '../store/stage/indexes.ts';
import { indexJoins } from '../store/stage/lookups.ts';
import { forgottenBy, type HeldRelation, heldRelations, lacksOf } from '../store/state/holding.ts';
import { findState, type State } from '../store/state/state.ts';

/** Both metrics as their plans derive them. */
export interface Both {
  readonly before: Derivation;
  /** Null where the state lacks what it needs, and no log was read for it. */
  readonly after: Derivation | null;
  /** What the state of the first lacks for the second to be made of it. */
  readonly lacks: readonly Lack[];
  /** What the state holds and the second does not keep. */
  readonly forgotten: readonly string[];
}

/** Does the work over both metrics as they come of the log that `--input` names, read from its start. */
export async function onLog<T>(
  mappings: readonly [Mapping, Mapping],
  options: RunOptions,
  folder: string,
  work: (both: Both) => T,
): Promise<T> {
  const [before, after] = mappings;
  const places = filesIn(folder);
  await run(before, { ...options, output: places.before });
  await run(after, { ...options, output: places.after });
  const plans = [compile(before), compile(after)] as const;
  return onDatabases(places, (first, second) => {
    const changed = changeTo(plans[1], heldRelations(first, loaded(first, plans[0]).id));
    return work({ before: derived(first, plans[0]), after: derived(second, plans[1]), ...changed });
  });
}

/**
 * The same of the state as it is kept. Throws an EtlError where there is none, or it is neither that of the first mapping nor
 * holds what that needs.
 */
export async function onState<T>(
  [before, after]: readonly [Mapping, Mapping],
  options: RunOptions,
  folder: string,
  work: (both: Both) => T,
): Promise<T> {
  const places = filesIn(folder);
  await copyDatabase(targetPlaceOf(before, options).database, places.before);
  copyFileSync(places.before, places.after);
  // Under the name of the first, by which the state is found.
  const [was, is] = [compile(before), { ...compile(after), metric: before.metric }];
  return onDatabases(places, (first, second) => {
    const missing = changeIn(first, was).lacks;
    const data = { file: before.file };
    if (missing.length > 0)
      fail('STATE_LACKS', { metric: before.metric, lacks: missing }, { data, hint: hints.diffInput });
    const changed = changeIn(second, is);
    const after = changed.lacks.length === 0 ? derived(second, is) : null;
    return work({ before: derived(first, was), after, ...changed });
  });
}

function filesIn(folder: string) {
  return { before: join(folder, 'before.db'), after: join(folder, 'after.db') };
}

function onDatabases<T>(
  { before, after }: ReturnType<typeof filesIn>,
  work: (before: Database, after: Database) => T,
): T {
  const first = openDatabase(before);
  try {
    const second = openDatabase(after);
    try {
      return work(first, second);
    } finally {
      second.close();
    }
  } finally {
    first.close();
  }
}

function loaded(db: Database, plan: Plan): State {
  const state = findState(db, plan);
  return state?.loaded ? state : fail('NO_STATE', { metric: plan.metric, path: db.name }, { hint: hints.diffInput });
}

type Change = Pick<Both, 'lacks' | 'forgotten'>;

function changeIn(db: Database, plan: Plan): Change {
  const { id, plan: hash } = loaded(db, plan);
  return hash === plan.hash ? { lacks: [], forgotten: [] } : changeTo(plan, heldRelations(db, id));
}

function changeTo(plan: Plan, relations: readonly HeldRelation[]): Change {
  const lacks = lacksOf(plan, relations);
  return { lacks, forgotten: lacks.length === 0 ? forgottenBy(plan, relations) : [] };
}

/** The metric as the plan derives it of a state that lacks nothing it needs; one of another plan is migrated. */
function derived(db: Database, plan: Plan): Derivation {
  const found = loaded(db, plan);
  const state = found.plan === plan.hash ? found : transaction(db, () => migrated(db, plan, found));
  return derivation(db, plan, state.relations);
}

function migrated(db: Database, plan: Plan, found: State): State {
  const { state } = migrate(db, plan, found);
  for (const relation of state.relations) indexKey(db, plan, relation);
  indexJoins(db, plan, state.relations);
  return state;
}
