import type { Mark } from '../change.ts';
import { invariant } from '../diagnostic/diagnostic.ts';
import type { Plan } from '../plan/plan.ts';
import type { Outcome } from '../sink/sqlite.ts';
import type { Failed } from '../store/check/checking.ts';
import type { Rejected } from '../store/check/rejected.ts';
import { type Database, transaction } from '../store/database/database.ts';
import type { Batch } from '../store/stage/batch.ts';
import type { Lost } from '../store/stage/lost.ts';
import { noteRun } from '../store/state/runs.ts';
import { findState, type State } from '../store/state/state.ts';
import { enter } from '../store/step.ts';
import { Overtaken } from './apart.ts';

/** What was read of one source and is to be committed together. */
export interface Portion {
  readonly source: string;
  /** Rows of the relations of all who take it, united. */
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
  readonly onFailed: (failed: readonly Failed[]) => void;
}

/** A metric that is brought up to date: alone, or together with others that share its stock. */
export interface Member extends Committer {
  readonly plan: Plan;
  /** As it was left by whoever commits. */
  readonly state: State;
}

/** How far a source is read. */
export interface Reached {
  readonly file: string;
  readonly records: number;
}

/** What a commit did to one metric. */
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

/** Tells of rows that fail a check when nothing can be undone any more but by the end of the transaction. */
export function tellFailed(members: readonly Member[], committed: readonly (Committed | null)[]): void {
  for (const [n, { onFailed }] of members.entries()) onFailed(committed[n]?.failed ?? []);
}

/** Belongs at the end of the transaction that commits. */
export function noted(db: Database, run: RunSoFar, committed: Committed, rejected: number): Committed {
  const { added = 0, changed = 0, removed = 0 } = committed.outcome?.written ?? {};
  noteRun(db, committed.state, run.began, { changes: run.changes(), added, changed, removed, rejected });
  return committed;
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

/** The state as it is now, which within the transaction is as it will stay. */
export function current(db: Database, { plan, state: known }: Pick<Member, 'plan' | 'state'>): State {
  const state = findState(db, plan);
  if (state?.commits !== known.commits) throw new Overtaken();
  return state;
}

/** As this transaction leaves it. Behind its end another run may have moved it on already. */
export function stateOf(db: Database, plan: Plan): State {
  const state = findState(db, plan);
  invariant(state, 'a state that was written is there');
  return state;
}
