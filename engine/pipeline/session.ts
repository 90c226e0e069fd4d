import type { Mark } from '../change.ts';
import type { Plan } from '../plan/plan.ts';
import { type Database, transaction } from '../store/database/database.ts';
import { readLsn, readMarks } from '../store/state/checkpoint.ts';
import { ensureHistory } from '../store/state/history.ts';
import type { State } from '../store/state/state.ts';
import type { Committed, Committer, Member, Portion } from './committed.ts';
import type { Opened } from './open.ts';
import type { Tally } from './tally.ts';

/** One run's hold on a database: the state as this run has left it. What it does there is counted. */
export class Session {
  readonly db: Database;
  readonly plan: Plan;
  readonly tally: Tally;
  readonly #onFailed: Committer['onFailed'];
  #state: State;

  /** Is told of rows of the metric that fail a check on the way. */
  constructor(db: Database, plan: Plan, tally: Tally, { state, committed }: Opened, onFailed: Committer['onFailed']) {
    this.db = db;
    this.plan = plan;
    this.tally = tally;
    this.#onFailed = onFailed;
    this.#state = state;
    if (committed) this.took(committed, null);
  }

  get state(): State {
    return this.#state;
  }

  /** The metric as it is brought up to date. */
  get member(): Member {
    return { plan: this.plan, state: this.#state, run: this.tally, onFailed: this.#onFailed };
  }

  marks(source: string): readonly Mark[] {
    return readMarks(this.db, this.#state, source);
  }

  /** The LSN up to which a source is committed; null where its log tells none. */
  lsn(source: string): bigint | null {
    return readLsn(this.db, this.#state, source);
  }

  /** Notes from now on what comes and goes in the metric. */
  keepHistory(): void {
    transaction(this.db, () => ensureHistory(this.db, this.#state));
  }

  /** Something was committed: a portion, or with null the whole metric. */
  took(committed: Committed, portion: Portion | null): void {
    this.tally.commit(committed, portion);
    this.#state = committed.state;
  }
}
