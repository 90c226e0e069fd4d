/** The metrics that a mapping reads: they are brought up to date before it, in the database where it is itself. */
import { resolve } from 'node:path';
import { fail } from '../diagnostic/diagnostic.ts';
import { type Mapping, placeIn } from '../mapping/mapping.ts';
import { besideHint } from '../mapping/upstream.ts';
import type { RunOptions } from './options.ts';
import { type Places, targetPlaceOf } from './places.ts';
import type { RunResult } from './result.ts';

type Run = (mapping: Mapping, options: RunOptions) => Promise<RunResult>;

/** The metrics that are read; one that a file stands in for is none. */
export function metricsIn({ sources }: Places): readonly Mapping[] {
  return sources.flatMap(({ source }) => (source.format.kind === 'metric' && source.metric ? [source.metric] : []));
}

/** Throws an EtlError where a metric that is read is written to another database. `output` is said for all. */
export function checkSamePlace(mapping: Mapping, places: Places, { output, env }: RunOptions): void {
  if (output !== undefined) return;
  for (const { source } of places.sources) {
    if (source.format.kind !== 'metric' || source.metric === null) continue;
    const { database: path } = targetPlaceOf(source.metric, { env });
    const facts = { metric: source.metric.metric, path, own: places.database };
    if (resolve(path) !== resolve(places.database))
      fail('METRIC_ELSEWHERE', facts, { mapping: placeIn(mapping, source.path.span), hint: besideHint(mapping, path) });
  }
}

/** How a metric that is read is run: what a reader says of itself alone is left out. */
export function optionsForRead(options: RunOptions): RunOptions {
  const { env, batchSize, lockWait, strict, onRejected, onRejectedRow, signal } = options;
  return {
    ...(env && { env }),
    ...(batchSize !== undefined && { batchSize }),
    ...(lockWait !== undefined && { lockWait }),
    ...(strict !== undefined && { strict }),
    ...(onRejected && { onRejected }),
    ...(onRejectedRow && { onRejectedRow }),
    ...(signal && { signal }),
    isRead: true,
  };
}

/**
 * Follows metrics, and does the work once all of them have caught up. It is ended by its signal where one of them fails;
 * that error is thrown then. When the work ends, so do they.
 */
export async function followBeside<T>(
  metrics: readonly Mapping[],
  options: RunOptions,
  run: Run,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const end = new AbortController();
  const signal = AbortSignal.any([end.signal, ...(options.signal ? [options.signal] : [])]);
  const all = metrics.map((metric) => follow(metric, { ...options, signal }, run));
  for (const { ended } of all) ended.catch(() => end.abort());
  const worked = Promise.all(all.map(({ caughtUp }) => caughtUp)).then(() => work(signal));
  await Promise.allSettled([worked]);
  end.abort();
  await Promise.all(all.map(({ ended }) => ended));
  return worked;
}

function follow(metric: Mapping, options: RunOptions, run: Run) {
  let ended: Promise<unknown> = Promise.resolve();
  const caughtUp = new Promise<void>((done) => {
    ended = run(metric, { ...options, follow: true, onCaughtUp: () => done() });
    ended.then(
      () => done(),
      () => done(),
    );
  });
  return { caughtUp, ended };
}
