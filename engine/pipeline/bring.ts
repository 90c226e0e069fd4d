import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { EtlError, fail } from '../diagnostic/diagnostic.ts';
import { STANDARD_INPUT } from '../source/place.ts';
import { type Database, explained, openDatabase, sqliteCode } from '../store/database/database.ts';
import { Apart, type Opening, Overtaken, Stopped } from './apart.ts';
import { Intake } from './intake.ts';
import { sayingWhatIsKept } from './kept.ts';
import { type Opened, openState, openTogether } from './open.ts';
import type { RunOptions } from './options.ts';
import type { Places } from './places.ts';
import { measuring, type Progress } from './progress.ts';
import { readInRounds } from './reading.ts';
import type { RunResult } from './result.ts';
import { onFailedIn, type Running, resultOf } from './running.ts';
import { Session } from './session.ts';

/** One run, or several on one database that read the same sources. */
type Runs = readonly [Running, ...(readonly Running[])];

/**
 * Brings metrics up to date: one, or several that share a stock. Gives what each of them came to.
 *
 * Throws an EtlError where one can't go on; Apart where several can't go on together, and Stopped where none of them can.
 * What was committed before stays, and the tallies know of it.
 */
export async function bring(runs: Runs, first: Opening): Promise<readonly RunResult[]> {
  // Begun again, a run is at odds with another one's plan: it would be undone in turn.
  for (let opening = first; ; opening = 'as it is') {
    try {
      return await attempt(runs, opening);
    } catch (error) {
      if (error instanceof Overtaken || error instanceof Apart) for (const { tally } of runs) tally.forget();
      if (!(error instanceof Overtaken)) throw error;
      const [{ plan, places }] = runs;
      if (places.sources.some(({ path }) => path === STANDARD_INPUT)) fail('STATE_OVERTAKEN', { metric: plan.metric });
    }
  }
}

async function attempt(runs: Runs, opening: Opening): Promise<readonly RunResult[]> {
  const [{ places, options, read, known, shipping }] = runs;
  makeFolder(places);
  const db = openDatabase(places.database, options.lockWait);
  let intake: Intake | null = null;
  try {
    // A state is not forgotten for a target that can't be written.
    if (opening === 'refresh') await shipping?.look();
    const held = new Intake(openSessions(db, runs, opening));
    intake = held;
    if (options.isRead) held.first.keepHistory();
    const ship = async () => shipping?.attempt(db);
    const progress = progressOf(runs, held);
    await ship();
    let isLoaded = false;
    for await (const _ of readInRounds(places, { intake, options: optionsOf(runs), read, known, ship, progress })) {
      if (!held.isLoaded) progress('derive');
      if (!isLoaded) held.finish();
      isLoaded = true;
      await ship();
      for (const [run, session] of eachOf(runs, held)) await run.report(run.tally, () => resultOf(session, run));
    }
    if (options.signal?.aborted) await ship();
    else await shipping?.finish(db);
    return await Promise.all(eachOf(runs, held).map(([run, session]) => resultOf(session, run)));
  } catch (error) {
    throw reasonOf(error, runs, { opening, intake });
  } finally {
    db.close();
  }
}

interface Attempt {
  readonly opening: Opening;
  /** Null where the states were not open yet. */
  readonly intake: Intake | null;
}

/** Why an attempt ended. What is wrong with one of several is told when each goes on alone; a bug is not passed over by that. */
function reasonOf(error: unknown, runs: Runs, { opening, intake }: Attempt): unknown {
  const [{ places, options }, ...others] = runs;
  const known = explained(error, places.database, options.lockWait);
  const reasons = runs.map((run, n) => sayingWhatIsKept(known, intake?.sessions[n] ?? null, run.options));
  if (others.length === 0) return reasons[0];
  if (known instanceof Overtaken) return known;
  // What the file does not allow, it allows none of them; but a row that it refuses is of one.
  const isOfFile = known !== error && known instanceof EtlError && known.diagnostics[0]?.code !== 'TARGET_REFUSES_ROW';
  if (isOfFile) return new Stopped(reasons);
  const isBug = !(known instanceof EtlError || known instanceof Apart) && sqliteCode(known) === null;
  return isBug ? known : new Apart(intake ? 'as it is' : opening);
}

function openSessions(db: Database, runs: Runs, opening: Opening): readonly Session[] {
  const opened = openStates(db, runs, opening);
  return runs.map((run, n) => new Session(db, run.plan, run.tally, opened[n] as Opened, onFailedIn(run)));
}

function openStates(db: Database, runs: Runs, opening: Opening): readonly Opened[] {
  const [first, ...others] = runs;
  if (others.length > 0) return openTogether(db, runs, opening).map((state) => ({ state, committed: null }));
  return [openState(db, first.plan, first.places, opening, { run: first.tally, onFailed: onFailedIn(first) })];
}

function eachOf(runs: Runs, { sessions }: Intake): readonly (readonly [Running, Session])[] {
  return runs.map((run, n) => [run, sessions[n] as Session]);
}

/** What one of several would leave out, the others may not. */
function optionsOf([{ options }, ...others]: Runs): RunOptions {
  if (others.length === 0) return options;
  const { onRejected: _, ...said } = options;
  return said;
}

function progressOf(runs: Runs, intake: Intake): (step: Progress['step']) => void {
  const all = eachOf(runs, intake).map(([{ places, options }, session]) => ({
    measure: measuring(places, session),
    tell: options.onProgress,
  }));
  // What is read for all is told of once.
  return (step) => {
    for (const { measure, tell } of step === 'read' ? all.slice(0, 1) : all) tell?.(measure(step));
  };
}

/** The state of a target elsewhere has a folder of its own. */
function makeFolder({ remote, database }: Places): void {
  if (remote) mkdirSync(dirname(database), { recursive: true });
}
