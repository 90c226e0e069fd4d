import type { Mark } from '../change.ts';
import type { Plan } from '../plan/plan.ts';
import { type Database, transaction } from '../store/database/database.ts';
import { readLsn, readMarks } from '../store/state/checkpoint.ts';
import { ensureHistory } from '../store/state/history.ts';
import type { State } from '../store/state/state.ts';
import { type Committed, commitLoad, commitPortion, type Portion } from './commit.ts';
import { type Opening, openState } from './open.ts';
import type { TargetPlace } from './places.ts';
import type { Tally } from './tally.ts';

/** How a state is opened, and who is told of rows of the metric that fail a check on the way. */
interface How {
  readonly opening: Opening;
  readonly onFailed: Portion['onFailed'];
}

/** One run's hold on a database: the state as this run has left it. What it does there is counted. */
export class Session {
  readonly db: Database;
  readonly plan: Plan;
  readonly tally: Tally;
  #state: State;

  constructor(db: Database, plan: Plan, target: TargetPlace, tally: Tally, how: How) {
    this.db = db;
    this.plan = plan;
    this.tally = tally;
    const { state, committed } = openState(db, plan, target, how.opening, {
      run: tally,
      onFailed: how.onFailed,
    });
    this.#state = state;
    if (committed) this.#took(committed, null);
  }

  get state(): State {
    return this.#state;
  }

  marks(source: string): readonly Mark[] {
    return readMarks(this.db, this.#state, source);
  }

  /** The LSN up to which a source is committed; null where its log tells none. */
  lsn(source: string): bigint | null {
    return readLsn(this.db, this.#state, source);
  }

  commit(portion: Portion): void {
    this.#took(commitPortion(this.db, this.plan, this.#state, portion, this.tally), portion);
  }

  /** Ends a first load, and writes a target anew that is gone or was changed. */
  finish(onFailed: Portion['onFailed']): void {
    const committed = commitLoad(this.db, this.plan, this.#state, { run: this.tally, onFailed });
    if (committed) this.#took(committed, null);
  }

  /** Notes from now on what comes and goes in the metric. */
  keepHistory(): void {
    transaction(this.db, () => ensureHistory(this.db, this.#state));
  }

  #took(committed: Committed, portion: Portion | null): void {
    this.tally.commit(committed, portion);
    this.#state = committed.state;
  }
}
