import { invariant } from '../diagnostic/diagnostic.ts';
import type { Mapping } from '../mapping/mapping.ts';
import { compile } from '../plan/compile.ts';
import type { Plan } from '../plan/plan.ts';
import { type Read, readSource } from '../source/source.ts';
import type { Opening } from './apart.ts';
import { bring } from './bring.ts';
import type { RunOptions } from './options.ts';
import { type Places, placesOf, shownTarget } from './places.ts';
import type { RunResult } from './result.ts';
import { openRunning } from './running.ts';
import { withScratch } from './scratch.ts';
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
  const [result] = await bring([openRunning(plan, places, options, read)], openingOf(options));
  invariant(result, 'a run that has ended came to something');
  return result;
}

/** What becomes of the state of another plan. */
export function openingOf({ fullRefresh }: RunOptions): Opening {
  return fullRefresh ? 'refresh' : 'migrate';
}
