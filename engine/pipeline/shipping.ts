import { randomUUID } from 'node:crypto';
import { type Diagnostic, EtlError } from '../diagnostic/diagnostic.ts';
import { type Code, unshipped } from '../diagnostic/messages.ts';
import type { Plan } from '../plan/plan.ts';
import { openRemote } from '../sink/open.ts';
import type { RemoteSink, RemoteTarget, ShippedCount } from '../sink/remote.ts';
import { type Database, LOCK_WAIT, readDatabase, transaction } from '../store/database/database.ts';
import { takeTurn } from '../store/database/turn.ts';
import { derivation } from '../store/derive/derivation.ts';
import { countUnshipped, findOutbox, markSent, markShipped, readUnshipped } from '../store/state/outbox.ts';
import { findState, type State } from '../store/state/state.ts';
import { enter } from '../store/step.ts';
import type { RunOptions } from './options.ts';
import type { TargetPlace } from './places.ts';
import type { Resent, ShipCount } from './result.ts';

/** From one shipment to the next at least, and from one attempt to the next at most, in ms. */
const [BEAT, PATIENCE] = [500, 30_000];

/**
 * Ships what a run commits to a target elsewhere: `store/state/outbox.ts` says what that is, and why to do it twice is harmless.
 *
 * A target that is not reached, or refuses rows, keeps a run from nothing but that. It is tried again, ever more rarely;
 * what is committed waits in the outbox, and a run that ends with something in it fails.
 */
export class Shipping {
  readonly #plan: Plan;
  readonly #place: TargetPlace & { readonly remote: RemoteTarget };
  readonly #lockWait: number;
  readonly #onUnshipped: (finding: Diagnostic) => void;
  #isLooked = false;
  #failures = 0;
  #next = 0;
  #done: Omit<ShipCount, 'unshipped'> = { rows: 0, gone: 0, resent: null };

  constructor(
    plan: Plan,
    place: TargetPlace & { readonly remote: RemoteTarget },
    { onUnshipped = () => {}, lockWait = LOCK_WAIT }: Pick<RunOptions, 'onUnshipped' | 'lockWait'>,
  ) {
    this.#lockWait = lockWait;
    this.#plan = plan;
    this.#place = place;
    this.#onUnshipped = onUnshipped;
  }

  /** What was shipped so far, and what waits. */
  count(db: Database, state: State): ShipCount {
    return { ...this.#done, unshipped: countUnshipped(db, state) };
  }

  /** Throws an EtlError where the target can't be this metric's. One that is not reached may be, later. */
  async look(): Promise<void> {
    try {
      await this.#withSink((sink) => sink.look());
    } catch (error) {
      if (!mayPass(error)) throw error;
    }
  }

  /** Ships what waits, unless that was tried just now. Throws an EtlError where the target can't be this metric's, or is not to be had. */
  async attempt(db: Database): Promise<void> {
    if (performance.now() < this.#next || !this.#isDue(db)) return;
    const started = performance.now();
    try {
      const isShipped = await this.#ship(db);
      this.#failures = 0;
      if (!isShipped) return;
    } catch (error) {
      if (!mayPass(error)) throw error;
      if (this.#failures === 0) for (const each of error.diagnostics) this.#onUnshipped(each);
      this.#failures++;
    }
    const took = performance.now() - started;
    this.#next = performance.now() + Math.max(took, Math.min(BEAT * 2 ** this.#failures, PATIENCE));
  }

  /** Ships what waits. Throws an EtlError where it can't be, and waits for no better time. */
  async finish(db: Database): Promise<void> {
    if (this.#isDue(db)) await this.#ship(db);
  }

  /** At first the target is looked at in any case: it may be gone, or not ours. */
  #isDue(db: Database): boolean {
    const state = findState(db, this.#plan);
    return !this.#isLooked || (state !== null && countUnshipped(db, state) > 0);
  }

  /** Gives whether there was something to be sent. */
  async #ship(db: Database): Promise<boolean> {
    try {
      return await this.#withSink((sink) => this.#shipTo(sink, db));
    } catch (error) {
      throw this.#sayingWhatWaits(error, db);
    } finally {
      enter('read');
    }
  }

  async #withSink<T>(work: (sink: RemoteSink) => Promise<T>): Promise<T> {
    const leave = await takeTurn(this.#place.database, this.#lockWait);
    try {
      const sink = await openRemote(this.#place.remote);
      return await work(sink).finally(() => sink.close());
    } finally {
      leave();
    }
  }

  async #shipTo(sink: RemoteSink, db: Database): Promise<boolean> {
    const arrived = await sink.look();
    this.#isLooked = true;
    const token = transaction(db, () => this.#announce(db, arrived));
    if (token === null) return false;
    enter('ship');
    const sent = await this.#send(sink, token);
    if (sent === null) return false;
    const { state, count } = sent;
    transaction(db, () => this.#arrived(db, state, token));
    this.#done = { ...this.#done, rows: this.#done.rows + count.rows, gone: this.#done.gone + count.gone };
    return true;
  }

  /** Notes the token of what is sent next, and gives it; null where nothing is to be sent. */
  #announce(db: Database, arrived: string | null): string | null {
    const state = findState(db, this.#plan);
    const outbox = this.#isShippable(state) ? findOutbox(db, state) : null;
    if (!state || !outbox) return null;
    const isKnown = arrived !== null && (arrived === outbox.shipped || arrived === outbox.sent);
    if (isKnown && countUnshipped(db, state) === 0) return null;
    const resent: Resent = arrived === null ? 'absent' : 'foreign';
    if (!isKnown && outbox.whole === null) this.#done = { ...this.#done, resent };
    const token = randomUUID();
    markSent(db, state, token, !isKnown);
    return token;
  }

  /**
   * Sends what waits, as it stands at one moment. The connection that reads it is one of its own: what is sent is read
   * while the server takes it, and who reads a database in WAL mode keeps nobody from writing. Null where another run has
   * begun a new state since it was announced.
   */
  async #send(sink: RemoteSink, token: string): Promise<Sent | null> {
    const db = readDatabase(this.#place.database);
    try {
      db.exec('BEGIN');
      const state = findState(db, this.#plan);
      if (!this.#isShippable(state)) return null;
      const { columns } = derivation(db, this.#plan, state.relations).query;
      const key = this.#plan.sinkKey;
      const rows = readUnshipped(db, state, { columns: columns.map(({ name }) => name), key });
      return { count: await sink.ship({ ...rows, token, number: state.commits, columns, key }), state };
    } finally {
      db.close();
    }
  }

  #isShippable(state: State | null): state is State {
    return state?.loaded === true && state.plan === this.#plan.hash;
  }

  /** Another run may have begun a new state meanwhile, of which nothing has arrived. */
  #arrived(db: Database, sent: State, token: string): void {
    const state = findState(db, this.#plan);
    if (state?.loaded && state.id === sent.id) markShipped(db, sent, token);
  }

  #sayingWhatWaits(error: unknown, db: Database): unknown {
    const state = error instanceof EtlError ? findState(db, this.#plan) : null;
    const rows = state ? countUnshipped(db, state) : 0;
    if (!(error instanceof EtlError) || rows === 0) return error;
    const note = unshipped({ rows, path: this.#place.database });
    return new EtlError(error.diagnostics.map((each) => ({ ...each, notes: [...(each.notes ?? []), note] })));
  }
}

/** What was sent, and the state that it was read of. */
interface Sent {
  readonly count: ShippedCount;
  readonly state: State;
}

/** Whether it may go well at another time: the server may be there then, and rows that it refuses may be mended. */
function mayPass(error: unknown): error is EtlError {
  return error instanceof EtlError && error.diagnostics.every(({ code }) => PASSING.includes(code));
}

const PASSING: readonly Code[] = [
  'SERVER_NOT_REACHED',
  'CONNECTION_LOST',
  'SERVER_BUSY',
  'ROWS_REFUSED',
  'VALUE_NOT_HELD',
  'TARGET_LOCKED',
];
