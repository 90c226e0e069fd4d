import type { Plan } from '../plan/plan.ts';
import { isDamaged } from '../sink/sqlite.ts';
import type { Database } from '../store/database/database.ts';
import { writingOnce } from '../store/database/journal.ts';
import { derivation } from '../store/derive/derivation.ts';
import { indexKey } from '../store/stage/indexes.ts';
import { indexJoins } from '../store/stage/lookups.ts';
import { NOTHING_LOST } from '../store/stage/lost.ts';
import { isHistoryDue } from '../store/state/history.ts';
import { advance, areAlone, findState, type State } from '../store/state/state.ts';
import { enter } from '../store/step.ts';
import {
  type Committed,
  type Committer,
  committing,
  current,
  type Member,
  noted,
  stateOf,
  tellFailed,
} from './committed.ts';
import { write } from './write.ts';

/**
 * Ends the first load: indexes, the metrics and the mark that they are loaded come in one transaction. Once it has ended, a
 * target is only looked at, and written anew where it is gone or was changed; null where it is not.
 */
export function commitLoad(db: Database, members: readonly Member[]): readonly (Committed | null)[] {
  const load = () =>
    committing(db, () => {
      const all = members.map((member) => loadOrLook(db, member));
      tellFailed(members, all);
      return all;
    });
  const isFirst = members.every(({ state }) => !state.loaded) && areAlone(db, members.length);
  return isFirst ? writingOnce(db, load) : load();
}

function loadOrLook(db: Database, member: Member): Committed | null {
  const { plan } = member;
  // Another run may have moved on meanwhile: as long as the target is whole, that is no reason to begin again.
  const found = findState(db, plan);
  const isOurs = found?.loaded && found.plan === plan.hash;
  const isWhole = isOurs && !isDamaged(derivation(db, plan, found.relations), found);
  if (isWhole && !isHistoryDue(db, found)) return null;
  return deriveAll(db, plan, current(db, member), member.run);
}

/** Makes the indexes and the metric of relations as they stand. Belongs to a transaction. */
export function deriveAll(db: Database, plan: Plan, state: State, run: Committer['run']): Committed {
  enter('derive');
  for (const relation of state.relations) indexKey(db, plan, relation);
  indexJoins(db, plan, state.relations);
  advance(db, state, 0);
  const outcome = write(db, plan, state, null);
  const { failed } = outcome;
  const committed = { outcome, forgotten: null, lost: NOTHING_LOST, older: 0, failed, state: stateOf(db, plan) };
  return noted(db, run, committed, 0);
}
