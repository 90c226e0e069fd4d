import { checkWritten, openChecking } from '../store/check/checking.ts';
import { writeRejected, writeRejectedRows } from '../store/check/rejected.ts';
import type { Database } from '../store/database/database.ts';
import { derivation } from '../store/derive/derivation.ts';
import { openTouch, type Touch } from '../store/derive/touch.ts';
import type { Picked } from '../store/pick/pick.ts';
import { indexJoins } from '../store/stage/lookups.ts';
import { changeLost, openLost } from '../store/stage/lost.ts';
import type { Staged } from '../store/stage/stage.ts';
import { advance, type State } from '../store/state/state.ts';
import type { Relation } from '../store/state/stock.ts';
import { enter } from '../store/step.ts';
import { Apart } from './apart.ts';
import { type Committed, type Member, noted, type Portion, stateOf } from './committed.ts';
import { type Wrote, write } from './write.ts';

/** What is taken: a portion, whose rows are of these relations. */
export interface Taken {
  readonly portion: Portion;
  readonly relations: readonly Relation[];
  /** Gives a file's number in the catalog. */
  readonly fileId: (file: string) => bigint;
}

/** One of the metrics that take a portion: notes what it changes in the relations of that metric, which are among all. */
export class Taking {
  readonly #db: Database;
  readonly #member: Member;
  readonly #taken: Taken;
  readonly #touch: Touch | null;
  readonly #readers: readonly Reader[];
  readonly #lost = openLost();

  constructor(db: Database, member: Member, taken: Taken) {
    const { plan, state } = member;
    const { batch, ended } = taken.portion;
    this.#db = db;
    this.#member = member;
    this.#taken = taken;
    this.#touch = state.loaded && batch.whole + ended.size > 0 ? openTouch(db, plan, state) : null;
    this.#readers = state.relations.map((relation) => readerOf(relation, taken.relations));
    openChecking(db, state.relations);
  }

  /** A row was never seen. Throws Apart where the metric alone would have taken it for a new one. */
  lose(picked: Picked): void {
    for (const [place, reader] of this.#readers.entries()) {
      if (reader.relation !== picked.shape.relation) continue;
      if (reader.isNew(picked)) throw new Apart('as it is');
      this.#lost.take({ ...picked, shape: { ...picked.shape, relation: place } });
    }
  }

  /** All is staged: writes what that changes in the target. Throws an EtlError where a check stops the run. */
  finish(staged: Staged): Committed {
    const [db, { plan, run }, { portion, fileId }] = [this.#db, this.#member, this.#taken];
    const state = stateOf(db, plan);
    if (state.loaded && staged.learned) indexJoins(db, plan, state.relations);
    const lost = this.#lost.lost();
    if (lost.samples[0] && portion.strict) throw changeLost(plan, lost.samples[0]);
    writeRejected(db, state, portion.rejected, fileId);
    const rows = checkWritten(db, plan, state.relations);
    const rejected = portion.rejected.length + writeRejectedRows(db, state, rows, fileId);
    advance(db, state, portion.batch.transactions);
    const outcome = this.#write(state, staged);
    const failed = [...rows, ...(outcome?.failed ?? [])];
    const { older } = staged;
    const committed = { outcome, forgotten: null, lost, older, failed, state: stateOf(db, plan) };
    // A file that was only written anew is looked at, and nothing is read of it.
    const isNews = portion.batch.transactions + portion.rejected.length > 0;
    return isNews ? noted(db, run, committed, rejected) : committed;
  }

  #write(state: State, { whole }: Staged): Wrote | null {
    const [db, { plan }] = [this.#db, this.#member];
    const isWhole = this.#readers.some(({ relation }) => whole[relation]);
    // A first load is told early of types that don't fit the plan, not when all is staged.
    if (isWhole) derivation(db, plan, state.relations);
    if (this.#touch === null) return null;
    enter('derive');
    return write(db, plan, state, isWhole ? null : this.#touch.finish());
  }
}

/** A relation of the metric, as it is staged. */
interface Reader {
  /** Its place among those that are staged. */
  readonly relation: number;
  /** Whether a change of a row that is not there tells all that the metric uses of it, though not all that is staged. */
  readonly isNew: (picked: Picked) => boolean;
}

function readerOf(own: Relation, staged: readonly Relation[]): Reader {
  const relation = staged.findIndex(({ id }) => id === own.id);
  const { numbers } = staged[relation] as Relation;
  const used = own.numbers.slice(0, own.scan.used).map((number) => numbers.indexOf(number));
  const isNew = ({ op, shape }: Picked) => op === 'update' && used.every((place) => shape.seen[place]);
  return { relation, isNew: staged[relation] === own ? () => false : isNew };
}
