import type { FileMark } from '../change.ts';
import type { Plan } from '../plan/plan.ts';
import { isDamaged, type Outcome } from '../sink/sqlite.ts';
import { readLsn, readMarks } from '../store/checkpoint.ts';
import type { Database } from '../store/database.ts';
import { derivation } from '../store/derivation.ts';
import { type Lost, NOTHING_LOST, sumLost } from '../store/lost.ts';
import { findState, type State } from '../store/state.ts';
import { type Committed, commitLoad, commitPortion, openState, type Portion, type Reached } from './commit.ts';
import type { RejectCount, WriteCount } from './result.ts';

/** One run's hold on a database: the state as this run has left it, and what it wrote so far. */
export class Session {
  readonly db: Database;
  readonly plan: Plan;
  #state: State;
  #outcomes: Outcome[] = [];
  #reached: Reached | null = null;
  #lost: Lost = NOTHING_LOST;
  #rejected: RejectCount = { transactions: 0, first: null };

  constructor(db: Database, plan: Plan, table: string, refresh: boolean) {
    this.db = db;
    this.plan = plan;
    this.#state = openState(db, plan, table, refresh);
  }

  get state(): State {
    return this.#state;
  }

  /** The last record that this run has committed. */
  get reached(): Reached | null {
    return this.#reached;
  }

  marks(source: string): readonly FileMark[] {
    return readMarks(this.db, this.#state, source);
  }

  /** Updates and deletes of rows that were never seen, so far. */
  get lost(): Lost {
    return this.#lost;
  }

  /** Transactions that were left out, so far. */
  get rejected(): RejectCount {
    return this.#rejected;
  }

  /** The LSN up to which a source is committed; null where its log tells none. */
  lsn(source: string): bigint | null {
    return readLsn(this.db, this.#state, source);
  }

  commit(portion: Portion): void {
    this.#took(commitPortion(this.db, this.plan, this.#state, portion));
    this.#reached = portion.reached ?? this.#reached;
    const { transactions, first } = this.#rejected;
    const [firstNow] = portion.rejected;
    this.#rejected = { transactions: transactions + portion.rejected.length, first: first ?? firstNow ?? null };
  }

  /** Ends a first load, and writes a target anew that is gone or was changed. */
  finish(): void {
    const { db, plan, state } = this;
    if (state.loaded && !isDamaged(derivation(db, plan, state.relations), state)) return;
    this.#took(commitLoad(db, plan, state));
  }

  written(): Pick<WriteCount, 'added' | 'changed' | 'removed' | 'anew'> {
    const sum = (count: (outcome: Outcome) => number) => this.#outcomes.reduce((total, each) => total + count(each), 0);
    return {
      added: sum(({ written }) => written.added),
      changed: sum(({ written }) => written.changed),
      removed: sum(({ written }) => written.removed),
      anew: this.#outcomes.find((outcome) => outcome.anew)?.anew ?? null,
    };
  }

  #took({ outcome, lost }: Committed): void {
    if (outcome) this.#outcomes.push(outcome);
    this.#lost = sumLost(this.#lost, lost);
    this.#state = findState(this.db, this.plan) ?? this.#state;
  }
}
