import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fail } from '../diagnostic/diagnostic.ts';
import type { Mapping } from '../mapping/mapping.ts';
import { compile, scansOf } from '../plan/compile.ts';
import type { Plan } from '../plan/plan.ts';
import { type Known, openKnown } from '../source/known.ts';
import { STANDARD_INPUT } from '../source/place.ts';
import { type Read, readSource } from '../source/source.ts';
import type { Failed } from '../store/check/checking.ts';
import { explained, openDatabase } from '../store/database/database.ts';
import { accountOf } from './account.ts';
import { Overtaken } from './commit.ts';
import { sayingWhatIsKept } from './kept.ts';
import type { Opening } from './open.ts';
import type { RunOptions } from './options.ts';
import { awaitedPlaces, type Places, placesOf, shownTarget } from './places.ts';
import { measuring, type Progress } from './progress.ts';
import { readInRounds } from './reading.ts';
import { tellRejectedRows } from './rejections.ts';
import { openReport, type Report } from './report.ts';
import type { RunResult } from './result.ts';
import { withScratch } from './scratch.ts';
import { Session } from './session.ts';
import { Shipping } from './shipping.ts';
import { openTally, type Tally } from './tally.ts';
import { checkSamePlace, followBeside, metricsIn, optionsForRead } from './upstream.ts';

/**
 * Brings a metric up to date: reads what is new in its sources, stages it, derives the metric, writes what differs.
 *
 *   files -> changes -> picked rows -> [ staged rows, checkpoint -> metric rows -> writes ]
 *
 * What stands in brackets is one transaction of the database. Throws an EtlError where it can't go on; what was committed
 * before stays, and the next run goes on from there. What is followed is not read by `read`.
 */
export async function run(mapping: Mapping, options: RunOptions = {}, read: Read = readSource): Promise<RunResult> {
  const plan = compile(mapping);
  const places = await placesOf(mapping, options);
  checkSamePlace(mapping, places, options);
  if (!options.dryRun) return runOn(plan, places, options, read);
  const result = await withScratch(places, (scratch) => runOn(plan, { ...scratch, remote: null }, options, read));
  return asDry(result, shownTarget(places));
}

/** What a run on a copy says of the database that it is a copy of. */
function asDry(result: RunResult, place: string): RunResult {
  const first = result.first.map((each) => asDry(each, place));
  return { ...result, first, write: { ...result.write, place, dry: true } };
}

/** What stays where another run has moved the state meanwhile, and this one begins again from there. */
interface Running {
  readonly plan: Plan;
  readonly places: Places;
  readonly options: RunOptions;
  readonly read: Read;
  readonly started: number;
  readonly tally: Tally;
  readonly known: ReadonlyMap<string, Known>;
  readonly report: Report;
  readonly shipping: Shipping | null;
}

async function runOn(plan: Plan, places: Places, options: RunOptions, read: Read): Promise<RunResult> {
  const metrics = metricsIn(places);
  const forThem = { ...optionsForRead(options), output: places.database };
  if (options.follow && metrics.length > 0)
    return followBeside(metrics, forThem, run, (signal) => runAlone(plan, places, { ...options, signal }, read));
  const first: RunResult[] = [];
  for (const metric of metrics) first.push(await run(metric, forThem));
  return { ...(await runAlone(plan, places, options, read)), first };
}

async function runAlone(plan: Plan, places: Places, options: RunOptions, read: Read): Promise<RunResult> {
  const [started, tally, report] = [performance.now(), openTally(), openReport(plan.metric, options)];
  const shipping = openShipping(plan, places, options);
  const known = new Map(places.sources.map(({ source }) => [source.name, openKnown()]));
  // Begun again, a run is at odds with another one's plan: it would be undone in turn.
  for (let opening: Opening = options.fullRefresh ? 'refresh' : 'migrate'; ; opening = 'as it is') {
    try {
      return await attempt({ plan, places, options, read, started, tally, known, report, shipping }, opening);
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error;
      if (places.sources.some(({ path }) => path === STANDARD_INPUT)) fail('STATE_OVERTAKEN', { metric: plan.metric });
      tally.forget();
    }
  }
}

function openShipping(plan: Plan, { remote, ...place }: Places, options: RunOptions): Shipping | null {
  return remote && new Shipping(plan, { ...place, remote }, options);
}

async function attempt(running: Running, opening: Opening): Promise<RunResult> {
  const { plan, places, options, read, tally, known, report, shipping } = running;
  makeFolder(places);
  const db = openDatabase(places.database, options.lockWait);
  let session: Session | null = null;
  try {
    const sourceOf = (alias: string) => scansOf(plan).find((scan) => scan.alias === alias)?.source ?? null;
    const onFailed = (failed: readonly Failed[]) =>
      tellRejectedRows(plan.metric, sourceOf, failed, options.onRejectedRow);
    // A state is not forgotten for a target that can't be written.
    if (opening === 'refresh') await shipping?.look();
    const held = new Session(db, plan, places, tally, { opening, onFailed });
    session = held;
    if (options.isRead) held.keepHistory();
    const ship = async () => shipping?.attempt(db);
    const measure = measuring(places, held);
    const progress = (step: Progress['step']) => options.onProgress?.(measure(step));
    await shipping?.attempt(db);
    let isLoaded = false;
    for await (const _ of readInRounds(places, { session, options, read, known, ship, progress })) {
      if (!session.state.loaded) progress('derive');
      if (!isLoaded) session.finish(onFailed);
      isLoaded = true;
      await ship();
      await report(tally, () => resultOf(held, running));
    }
    if (options.signal?.aborted) await ship();
    else await shipping?.finish(db);
    return await resultOf(session, running);
  } catch (error) {
    throw sayingWhatIsKept(explained(error, places.database, options.lockWait), session, options);
  } finally {
    db.close();
  }
}

async function resultOf(session: Session, { places, options, started, shipping }: Running): Promise<RunResult> {
  const account = accountOf(session, places, shipping);
  const awaited = options.follow ? await awaitedPlaces(places) : [];
  const seconds = (performance.now() - started) / 1000;
  return { ...account, warnings: [...awaited, ...account.warnings], seconds };
}

/** The state of a target elsewhere has a folder of its own. */
function makeFolder({ remote, database }: Places): void {
  if (remote) mkdirSync(dirname(database), { recursive: true });
}
