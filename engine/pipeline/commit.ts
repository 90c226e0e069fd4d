import type { Database } from '../store/database/database.ts';
import { leaveStock } from '../store/leave.ts';
import type { Picked } from '../store/pick/pick.ts';
import { type Asker, forgetLookups } from '../store/stage/lookups.ts';
import { deleteReplaced } from '../store/stage/replaced.ts';
import { stage } from '../store/stage/stage.ts';
import { fileNumbers, renameFiles, replaceFiles, writeLsn, writeMark } from '../store/state/checkpoint.ts';
import { outdate, type State, sharersOf } from '../store/state/state.ts';
import { type Stocked, united } from '../store/state/stock.ts';
import { enter } from '../store/step.ts';
import { type Committed, committing, current, type Member, type Portion, stateOf, tellFailed } from './committed.ts';
import { Taking } from './taking.ts';

/**
 * Commits rows, checkpoint and, once a metric is loaded, what they change in its target: all or nothing.
 *
 * Throws Apart where what is read together does not come to the same as what each would read.
 */
export function commitPortion(db: Database, members: readonly Member[], portion: Portion): readonly Committed[] {
  const sharers = onOneStock(db, members);
  return committing(db, () => {
    const states = sharers.map((member) => current(db, member));
    enter('stage');
    const { source } = portion;
    const [{ plan }, stock] = [sharers[0] as Member, states[0] as Stocked];
    const relations = united(states.flatMap((state) => state.relations));
    renameFiles(db, stock, source, portion.renamed);
    replaceFiles(db, stock, source, portion.anew);
    const taken = { portion, relations, fileId: fileNumbers(db, stock, source) };
    const takings = sharers.map((member, n) => new Taking(db, { ...member, state: states[n] as State }, taken));
    const onLost = (picked: Picked) => {
      for (const taking of takings) taking.lose(picked);
    };
    // What is shared has no version: of those who share, any plan says how its rows are staged.
    const staged = stage(db, plan, { ...taken, rows: portion.batch.rows(), onLost });
    for (const path of portion.ended) deleteReplaced(db, stock, relations, source, path);
    for (const mark of portion.marks) writeMark(db, stock, source, mark);
    if (portion.lsn !== null) writeLsn(db, stock, source, portion.lsn);
    if (staged.learned) forgetLookups(db, loadedOf(db, sharers));
    const all = takings.map((taking) => taking.finish(staged));
    tellFailed(sharers, all);
    return all;
  });
}

/**
 * Those who commit, on a stock that is theirs alone: one that others share stays the others'. It is left in a transaction of
 * its own, for how the joins fare is told by the relations as they were before the portion.
 */
function onOneStock(db: Database, members: readonly Member[]): readonly Member[] {
  if (sharersOf(db, (members[0] as Member).state.stock) === members.length) return members;
  return committing(db, () => {
    const leavers = members.map((member) => ({ ...member, state: current(db, member) }));
    leaveStock(db, leavers);
    for (const { state } of leavers) outdate(db, state);
    return leavers.map((leaver) => ({ ...leaver, state: stateOf(db, leaver.plan) }));
  });
}

/** Those that are loaded, as they are by now: a first load has no indexes for changes. */
function loadedOf(db: Database, members: readonly Member[]): readonly Asker[] {
  return members.flatMap(({ plan }) => {
    const { loaded, relations } = stateOf(db, plan);
    return loaded ? [{ plan, relations }] : [];
  });
}
