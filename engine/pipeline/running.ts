import { scansOf } from '../plan/compile.ts';
import type { Plan } from '../plan/plan.ts';
import { type Known, openKnown } from '../source/known.ts';
import type { Read } from '../source/source.ts';
import type { Failed } from '../store/check/checking.ts';
import { accountOf } from './account.ts';
import type { RunOptions } from './options.ts';
import { awaitedPlaces, type Places } from './places.ts';
import { tellRejectedRows } from './rejections.ts';
import { openReport, type Report } from './report.ts';
import type { RunResult } from './result.ts';
import type { Session } from './session.ts';
import { Shipping } from './shipping.ts';
import { openTally, type Tally } from './tally.ts';

/** What stays of a run where another run has moved the state meanwhile, and this one begins again from there. */
export interface Running {
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

export function openRunning(plan: Plan, places: Places, options: RunOptions, read: Read): Running {
  const [started, tally, report] = [performance.now(), openTally(), openReport(plan.metric, options)];
  const known = new Map(places.sources.map(({ source }) => [source.name, openKnown()]));
  return { plan, places, options, read, started, tally, known, report, shipping: openShipping(plan, places, options) };
}

function openShipping(plan: Plan, { remote, ...place }: Places, options: RunOptions): Shipping | null {
  return remote && new Shipping(plan, { ...place, remote }, options);
}

/** Tells of rows of the metric that a check rejects. */
export function onFailedIn({ plan, options }: Running): (failed: readonly Failed[]) => void {
  const sourceOf = (alias: string) => scansOf(plan).find((scan) => scan.alias === alias)?.source ?? null;
  return (failed) => tellRejectedRows(plan.metric, sourceOf, failed, options.onRejectedRow);
}

/** What a run has come to so far. */
export async function resultOf(session: Session, { places, options, started, shipping }: Running): Promise<RunResult> {
  const account = accountOf(session, places, shipping);
  const awaited = options.follow ? await awaitedPlaces(places) : [];
  const seconds = (performance.now() - started) / 1000;
  return { ...account, warnings: [...awaited, ...account.warnings], seconds };
}
