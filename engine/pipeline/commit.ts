import type { Mark } from '../change.ts';
import { invariant } from '../diagnostic/diagnostic.ts';
import type { Plan } from '../plan/plan.ts';
import { type WrittenMetric, writeMetric } from '../sink/metric.ts';
import { isDamaged, type Outcome } from '../sink/sqlite.ts';
import { checkWritten, type Failed, openChecking } from '../store/check/checking.ts';
import { type Rejected, writeRejected, writeRejectedRows } from '../store/check/rejected.ts';
import { count } from '../store/count/counting.ts';
import { type Database, transaction } from '../store/database/database.ts';
import { writingOnce } from '../store/database/journal.ts';
import { type Derivation, derivation } from '../store/derive/derivation.ts';
import { lastRoot, type Roots } from '../store/derive/derive.ts';
import { openTouch, type Touch } from '../store/derive/touch.ts';
import type { Batch } from '../store/stage/batch.ts';
import { indexJoins, indexKey } from '../store/stage/indexes.ts';
import { changeLost, type Lost, NOTHING_LOST } from '../store/stage/lost.ts';
import { deleteReplaced } from '../store/stage/replaced.ts';
import { stage } from '../store/stage/stage.ts';
import { fileNumbers, renameFiles, replaceFiles, writeLsn, writeMark } from '../store/state/checkpoint.ts';
import { type HistoryRows, isHistoryDue, keepHistory } from '../store/state/history.ts';
import { findOutbox, restartOutbox } from '../store/state/outbox.ts';
import { noteRun } from '../store/state/runs.ts';
import { advance, findState, isAlone, markLoaded, type State } from '../store/state/state.ts';
import { enter } from '../store/step.ts';

/** The state was moved on by another run since it was read: what was read from the source since then is of no use. */
export class Overtaken extends Error {}

/** What was read of one source and is to be committed together. */
export interface Portion {
  readonly source: string;
  readonly batch: Batch;
  readonly marks: readonly Mark[];
  readonly renamed: ReadonlyMap<string, string>;
  /** Files that are read anew, whose rows so far are of what they were before; and those that were read to their end. */
  readonly anew: ReadonlySet<string>;
  readonly ended: ReadonlySet<string>;
  /** The LSN of the last transaction; null where the log tells none. */
  readonly lsn: bigint | null;
  /** Whether a change of a row that was never seen is an error. */
  readonly strict: boolean;
  /** Transactions among it that were left out. */
  readonly rejected: readonly Rejected[];
  /** Is told of rows that fail a check, before they are committed. */
  readonly onFailed: (failed: readonly Failed[]) => void;
  /** The last record of a whole transaction among it; null where it has none. */
  readonly reached: Reached | null;
}

/** The run that commits: when it began, in ms since 1970, and how many changes it has read so far. */
export interface RunSoFar {
  readonly began: number;
  readonly changes: () => number;
}

/** Who commits a metric as a whole, and who is told of its rows that fail a check before they are committed. */
export interface Committer {
  readonly run: RunSoFar;
  readonly onFailed: Portion['onFailed'];
}

/** How far a source is read. */
export interface Reached {
  readonly file: string;
  readonly records: number;
}

/** What a commit did. */
export interface Committed {
  /** Null where the target was not to be written: the metric is not loaded yet, or nothing was staged. */
  readonly outcome: Outcome | null;
  /** What the state forgot when it was made this plan's; null where it was that before. */
  readonly forgotten: readonly string[] | null;
  readonly lost: Lost;
  /** Changes that were passed over, for their rows have newer versions. */
  readonly older: number;
  /** Rows that fail a check. */
  readonly failed: readonly Failed[];
  /** The state as this commit leaves it. */
  readonly state: State;
}

/** Commits rows, checkpoint and, once the metric is loaded, what they change in the target: all or nothing. */
export function commitPortion(db: Database, plan: Plan, known: State, portion: Portion, run: RunSoFar): Committed {
  return committing(db, () => {
    const state = current(db, plan, known);
    enter('stage');
    const { source, batch, marks, renamed } = portion;
    renameFiles(db, state, source, renamed);
    replaceFiles(db, state, source, portion.anew);
    const files = fileNumbers(db, state, source);
    const touch = state.loaded && batch.whole + portion.ended.size > 0 ? openTouch(db, plan, state.relations) : null;
    openChecking(db, state.relations);
    const { relations, whole, lost, older } = stage(db, plan, state, batch.rows(), files);
    for (const path of portion.ended) deleteReplaced(db, state, relations, source, path);
    const [first] = lost.samples;
    if (first && portion.strict) throw changeLost(plan, first);
    writeRejected(db, state, portion.rejected, files);
    const failed = checkWritten(db, plan, relations);
    portion.onFailed(failed);
    const rejected = writeRejectedRows(db, state, failed, files);
    for (const mark of marks) writeMark(db, state, source, mark);
    if (portion.lsn !== null) writeLsn(db, state, source, portion.lsn);
    advance(db, state, batch.transactions);
    // A first load is told early of types that don't fit the plan, not when all is staged.
    if (whole) derivation(db, plan, relations);
    const outcome = touch ? writeTouched(db, plan, { ...state, relations }, touch, whole) : null;
    if (outcome) portion.onFailed(outcome.failed);
    const all = [...failed, ...(outcome?.failed ?? [])];
    const committed = { outcome, forgotten: null, lost, older, failed: all, state: stateOf(db, plan) };
    // A file that was only written anew is looked at, and nothing is read of it.
    const isNews = batch.transactions + portion.rejected.length > 0;
    return isNews ? noted(db, run, committed, portion.rejected.length + rejected) : committed;
  });
}

/** Belongs at the end of the transaction that commits. */
function noted(db: Database, run: RunSoFar, committed: Committed, rejected: number): Committed {
  const { added = 0, changed = 0, removed = 0 } = committed.outcome?.written ?? {};
  noteRun(db, committed.state, run.began, { changes: run.changes(), added, changed, removed, rejected });
  return committed;
}

/**
 * Ends the first load: indexes, the metric and the mark that it is loaded come in one transaction. Once it has ended, the
 * target is only looked at, and written anew where it is gone or was changed; null where it is not.
 */
export function commitLoad(db: Database, plan: Plan, known: State, committer: Committer): Committed | null {
  const load = () => loadOrLook(db, plan, known, committer);
  return !known.loaded && isAlone(db) ? writingOnce(db, load) : load();
}

function loadOrLook(db: Database, plan: Plan, known: State, committer: Committer): Committed | null {
  return committing(db, () => {
    // Another run may have moved on meanwhile: as long as the target is whole, that is no reason to begin again.
    const found = findState(db, plan);
    const isOurs = found?.loaded && found.plan === plan.hash;
    const isWhole = isOurs && !isDamaged(derivation(db, plan, found.relations), found);
    if (isWhole && !isHistoryDue(db, found)) return null;
    const state = current(db, plan, known);
    return deriveAll(db, plan, state, committer);
  });
}

/** Makes the indexes and the metric of relations as they stand. Belongs to a transaction. */
export function deriveAll(db: Database, plan: Plan, state: State, { run, onFailed }: Committer): Committed {
  enter('derive');
  for (const relation of state.relations) indexKey(db, plan, relation);
  indexJoins(db, plan, state.relations);
  advance(db, state, 0);
  const outcome = write(db, plan, state, null);
  onFailed(outcome.failed);
  const { failed } = outcome;
  const committed = { outcome, forgotten: null, lost: NOTHING_LOST, older: 0, failed, state: stateOf(db, plan) };
  return noted(db, run, committed, 0);
}

/** A transaction whose end is told as a step; behind it the run reads on. */
export function committing<T>(db: Database, work: () => T): T {
  const done = transaction(db, () => {
    const result = work();
    enter('commit');
    return result;
  });
  enter('read');
  return done;
}

/** From this part of all roots on it is cheaper to derive all than to look for each; of so few it makes no difference. */
const [MANY, FEW] = [0.2, 100];

/** What was written of the metric, and which of its rows came to fail a check. */
type Wrote = Outcome & Pick<WrittenMetric, 'failed'>;

function writeTouched(db: Database, plan: Plan, state: State, touch: Touch, whole: boolean): Wrote {
  enter('derive');
  const touched = touch.finish();
  return write(db, plan, state, whole ? null : touched);
}

/** `touched` is the number of roots in `temp._etl_touched`; null where more may have changed. */
function write(db: Database, plan: Plan, state: State, touched: number | null): Wrote {
  const derived = derivation(db, plan, state.relations);
  const all = Number(lastRoot(derived));
  const roots: Roots = touched === null || touched > Math.max(FEW, all * MANY) ? 'all' : 'touched';
  const { outcome, failed, standing } = writeMetric(derived, state, roots);
  const isAnew = !state.loaded || outcome.anew !== null;
  if (isAnew && findOutbox(db, state)) restartOutbox(db, state, plan.sinkKey);
  keepHistory(db, state, historyRowsOf(derived, outcome));
  markLoaded(db, state, outcome.extent, count(derived, state, roots, standing));
  return { ...outcome, failed };
}

function historyRowsOf({ query }: Derivation, outcome: Outcome): HistoryRows {
  const { table, rowid, columns } = outcome.rows;
  const { added, changed, removed } = outcome.written;
  return {
    table,
    rowid,
    columns: query.columns.map(({ name, type }, n) => ({ name, type, held: columns[n]?.name ?? name })),
    count: outcome.extent.rows,
    changes: added + 2 * changed + removed,
  };
}

/** The state as it is now, which within the transaction is as it will stay. */
function current(db: Database, plan: Plan, known: State): State {
  const state = findState(db, plan);
  if (state?.commits !== known.commits) throw new Overtaken();
  return state;
}

/** As this transaction leaves it. Behind its end another run may have moved it on already. */
function stateOf(db: Database, plan: Plan): State {
  const state = findState(db, plan);
  invariant(state, 'a state that was written is there');
  return state;
}
