import { fail } from '../diagnostic/diagnostic.ts';
import { hints } from '../diagnostic/messages.ts';
import { placeIn } from '../mapping/mapping.ts';
import { scansOf } from '../plan/compile.ts';
import type { Plan } from '../plan/plan.ts';
import { checkTarget } from '../sink/target.ts';
import { checkAll, type Failed } from '../store/check/checking.ts';
import { forgetRejectedRows, writeRejectedRows } from '../store/check/rejected.ts';
import type { Database } from '../store/database/database.ts';
import { migrate } from '../store/migrate.ts';
import { indexKey } from '../store/stage/indexes.ts';
import { ensureCatalog } from '../store/state/catalog.ts';
import { fileNumbers } from '../store/state/checkpoint.ts';
import { heldRelations, lacksOf } from '../store/state/holding.ts';
import { ensureOutbox } from '../store/state/outbox.ts';
import { createState, dropState, findState, type State } from '../store/state/state.ts';
import { createShared, createStock, type Relation, type Share } from '../store/state/stock.ts';
import { Apart, type Opening } from './apart.ts';
import { type Committed, type Committer, committing } from './committed.ts';
import { deriveAll } from './load.ts';
import type { TargetPlace } from './places.ts';

/** A state that was opened, and what was committed for that. */
export interface Opened {
  readonly state: State;
  /** Null where the state is the plan's own. */
  readonly committed: Committed | null;
}

/**
 * Finds the state of the plan's metric, or makes an empty one. A state of another plan that holds all that this one needs is
 * made this one's, and the metric is derived anew, in one transaction.
 *
 * With `refresh` an old state is forgotten first; the target stays as it is until the new load has ended. Throws an
 * EtlError where the state lacks what the plan needs, or the target can't be this metric's.
 */
export function openState(
  db: Database,
  plan: Plan,
  { table, remote }: TargetPlace,
  opening: Opening,
  committer: Committer,
): Opened {
  return committing(db, () => {
    ensureCatalog(db);
    const found = findState(db, plan);
    // A load that never ended is of no use to another plan.
    const isOurs = found !== null && opening !== 'refresh' && (found.loaded || found.plan === plan.hash);
    const isOther = isOurs && found.plan !== plan.hash;
    if (isOurs) check(db, plan, found, table, opening);
    if (isOther) return made(db, plan, found, remote, committer);
    const state = isOurs ? found : createAnew(db, plan, table, found);
    if (remote) ensureOutbox(db, state, plan.sinkKey);
    return { state, committed: null };
  });
}

/** A plan, and where its metric goes. */
interface Placed {
  readonly plan: Plan;
  readonly places: TargetPlace;
}

/**
 * Finds the states of metrics that share a stock, or makes empty ones on a new stock; with `refresh` old ones are forgotten
 * first. Throws Apart where they don't share one, and an EtlError where a target can't be the metric's.
 */
export function openTogether(db: Database, sharers: readonly Placed[], opening: Opening): readonly State[] {
  return committing(db, () => {
    ensureCatalog(db);
    const found = sharers.map(({ plan }) => findState(db, plan));
    if (opening === 'refresh' || found.every((state) => state === null)) return createTogether(db, sharers, found);
    return found.map((state, n) => {
      const { plan, places } = sharers[n] as Placed;
      if (state?.plan !== plan.hash || state.stock !== found[0]?.stock) throw new Apart(opening);
      check(db, plan, state, places.table, opening);
      return state;
    });
  });
}

function createTogether(db: Database, sharers: readonly Placed[], before: readonly (State | null)[]): readonly State[] {
  for (const state of before) if (state) dropState(db, state.id);
  const { shares } = createShared(
    db,
    sharers.map(({ plan }) => scansOf(plan)),
  );
  return sharers.map(({ plan, places: { table } }, n) =>
    create(db, plan, table, before[n] ?? null, shares[n] as Share),
  );
}

/** Makes a state of another plan this one's, and its metric. Its rows are told of by new checks as they stand. */
function made(db: Database, plan: Plan, found: State, remote: TargetPlace['remote'], committer: Committer): Opened {
  const { state, isUnchecked, forgotten } = migrate(db, plan, found);
  if (remote) ensureOutbox(db, state, plan.sinkKey);
  const failed = isUnchecked ? recheck(db, plan, state, committer.onFailed) : [];
  const committed = deriveAll(db, plan, state, committer.run);
  committer.onFailed(committed.failed);
  const all = { ...committed, forgotten, failed: [...failed, ...committed.failed] };
  return { state: all.state, committed: all };
}

function recheck(db: Database, plan: Plan, state: State, onFailed: Committer['onFailed']): readonly Failed[] {
  const failed = checkAll(db, plan, state.relations);
  onFailed(failed);
  forgetRejectedRows(db, state);
  for (const each of failed) {
    const { scan } = state.relations.find((relation) => relation.scan.alias === each.alias) as Relation;
    writeRejectedRows(db, state, [each], fileNumbers(db, state, scan.source));
  }
  return failed;
}

/** Makes an empty state in the place of one that is of no use. */
function createAnew(db: Database, plan: Plan, table: string, before: State | null): State {
  if (before) dropState(db, before.id);
  return create(db, plan, table, before, createStock(db, scansOf(plan)));
}

/** Makes an empty state in the place of one that was dropped. */
function create(db: Database, plan: Plan, table: string, before: State | null, share: Share): State {
  const state = createState(db, plan, table, before, share);
  checkTarget(db, plan, state);
  for (const relation of state.relations.filter(isOrderBound)) indexKey(db, plan, relation);
  return state;
}

/**
 * Whether the rows of a key may not be appended one after the other: what the first one says of when it was read would be
 * lost with it, and which ones were passed over would never be known.
 */
function isOrderBound({ scan }: Relation): boolean {
  return scan.version !== null || scan.columns.some(({ path }) => path.kind === 'fact' && path.fact === 'read_at');
}

function check(db: Database, plan: Plan, state: State, table: string, opening: Opening): void {
  if (state.plan !== plan.hash) checkHeld(db, plan, state, opening);
  if (state.target !== table) {
    const where = { mapping: placeIn(plan.origin, plan.sinkSpan), hint: hints.fullRefresh };
    fail('TARGET_MOVED', { metric: plan.metric, known: state.target, table }, where);
  }
  checkTarget(db, plan, state);
}

/** A log is not read again unasked: it may no longer hold what the state was made of. */
function checkHeld(db: Database, plan: Plan, { id }: State, opening: Opening): void {
  const data = { file: plan.origin.file };
  if (opening === 'as it is') fail('PLAN_CHANGED', { metric: plan.metric }, { data, hint: hints.migrated });
  const lacks = lacksOf(plan, heldRelations(db, id));
  if (lacks.length > 0) fail('STATE_LACKS', { metric: plan.metric, lacks }, { data, hint: hints.fullRefresh });
}
