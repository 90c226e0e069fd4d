import { fail } from '../diagnostic/diagnostic.ts';
import type { Mapping } from '../mapping/mapping.ts';
import { compile } from '../plan/compile.ts';
import type { Plan } from '../plan/plan.ts';
import { STANDARD_INPUT } from '../source/place.ts';
import { naming } from '../store/culprit.ts';
import { explained, openDatabase } from '../store/database.ts';
import { derivation } from '../store/derivation.ts';
import { countFilter, countJoins } from '../store/joins.ts';
import { describePicked } from '../store/lost.ts';
import { warningsOf } from '../store/warnings.ts';
import { Overtaken } from './commit.ts';
import { sayingWhatIsKept } from './kept.ts';
import type { RunOptions } from './options.ts';
import { type Places, placesOf } from './places.ts';
import { readSources } from './reading.ts';
import type { RunResult } from './result.ts';
import { withScratch } from './scratch.ts';
import { Session } from './session.ts';
import { openTally, type Tally } from './tally.ts';

/**
 * Brings a metric up to date: reads what is new in its sources, stages it, derives the metric, writes what differs.
 *
 *   files -> changes -> picked rows -> [ staged rows, checkpoint -> metric rows -> writes ]
 *
 * What stands in brackets is one transaction of the database. Throws an EtlError where it can't go on; what was committed
 * before stays, and the next run goes on from there.
 */
export async function run(mapping: Mapping, options: RunOptions = {}): Promise<RunResult> {
  const plan = compile(mapping);
  const places = await placesOf(mapping, options);
  if (!options.dryRun) return runOn(plan, places, options);
  const result = await withScratch(places, (scratch) => runOn(plan, scratch, options));
  return { ...result, write: { ...result.write, place: places.database, dry: true } };
}

/** Where another run has moved the state meanwhile, this one begins again from there. */
async function runOn(plan: Plan, places: Places, options: RunOptions): Promise<RunResult> {
  const [started, tally] = [performance.now(), openTally()];
  for (let refresh = options.fullRefresh === true; ; refresh = false) {
    try {
      const result = await attempt(plan, places, options, refresh, tally);
      return { ...result, seconds: (performance.now() - started) / 1000 };
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error;
      if (places.sources.some(({ path }) => path === STANDARD_INPUT)) fail('STATE_OVERTAKEN', { metric: plan.metric });
      tally.forget();
    }
  }
}

type Result = Omit<RunResult, 'seconds'>;

async function attempt(
  plan: Plan,
  places: Places,
  options: RunOptions,
  refresh: boolean,
  tally: Tally,
): Promise<Result> {
  const db = openDatabase(places.database, options.lockWait);
  let session: Session | null = null;
  try {
    session = new Session(db, plan, places.table, refresh, tally);
    await readSources(session, places, options);
    if (!options.signal?.aborted) session.finish();
    return resultOf(session, places);
  } catch (error) {
    throw sayingWhatIsKept(explained(error, places.database, options.lockWait), session, options);
  } finally {
    db.close();
  }
}

function resultOf(session: Session, places: Places): Result {
  const { db, plan, state, tally } = session;
  const [read, { lost, rejected, written }] = [tally.read(), tally.done()];
  return {
    metric: plan.metric,
    read,
    lost: { changes: lost.count, samples: lost.samples.map((each) => describePicked(plan, each)) },
    rejected,
    ...countsOf(session),
    write: {
      ...written,
      place: places.database,
      table: places.table,
      rows: Number(state.extent?.rows ?? 0n),
      dry: false,
    },
    loaded: state.loaded,
    checkpoint: places.sources.flatMap(({ source }) =>
      session.marks(source.name).map(({ path, records }) => ({ file: path, records })),
    ),
    warnings:
      state.seq === 0n
        ? []
        : warningsOf(
            db,
            plan,
            state.relations,
            read.unnamed.map(({ table }) => table),
          ),
  };
}

/** Counting computes filters of rows too that the metric did without, and may stop at one of them. */
function countsOf({ db, plan, state: { loaded, relations } }: Session): Pick<RunResult, 'joins' | 'filter'> {
  if (!loaded) return { joins: [], filter: null };
  return naming(derivation(db, plan, relations), () => ({
    joins: countJoins(db, plan, relations),
    filter: countFilter(db, plan, relations),
  }));
}
