import { existsSync } from 'node:fs';
import { isFinding } from '../diagnostic/diagnostic.ts';
import type { Mapping } from '../mapping/mapping.ts';
import type { Loaded } from '../pipeline/loaded.ts';
import { type PlaceOptions, targetPlaceOf } from '../pipeline/places.ts';
import { type Kept, type Status, statusWith } from '../pipeline/status.ts';
import { compile } from '../plan/compile.ts';
import type { Plan } from '../plan/plan.ts';
import { countKeptOut } from '../sink/checks.ts';
import { countHeld } from '../sink/existing/held.ts';
import { type LeftOut, readLeftOut } from '../store/check/rejected.ts';
import { type PastRun, readRuns } from '../store/state/runs.ts';
import { columnFigures, type MetricFigures } from './columns.ts';
import { type RelationFigures, relationFigures } from './relations.ts';

/** Rows that wait in one join, as they are shown. */
export interface WaitingShown {
  readonly alias: string;
  readonly waiting: number;
  readonly nullKey: number;
  /** What they wait for, the largest group first; `more` is how many groups are left out. */
  readonly groups: readonly { readonly wanted: string; readonly rows: number; readonly samples: readonly string[] }[];
  readonly more: number;
}

/** A metric as a report shows it, all of one moment. */
export interface Report {
  readonly metric: string;
  readonly description: string | null;
  /** The mapping's file. */
  readonly file: string;
  readonly at: Date;
  readonly plan: Plan;
  /** Null where it was never run. */
  readonly kept: KeptFigures | null;
}

export interface KeptFigures {
  readonly status: Status;
  /** Null where the first load has not ended, or the mapping has changed since. */
  readonly figures: Figures | null;
  /** The last one first. */
  readonly runs: readonly PastRun[];
  /** The latest transactions and rows that were left out. */
  readonly leftOut: readonly LeftOut[];
}

/** What was counted of a metric that stands. */
export interface Figures extends MetricFigures {
  readonly relations: readonly RelationFigures[];
  /** Rows of the root table that its own filter keeps. */
  readonly roots: number;
  /** Rows of the metric that a check of its own rejects; and those that are not written, for their key is another's there. */
  readonly keptOut: number;
  readonly held: number;
  readonly waiting: readonly WaitingShown[];
}

const [RUNS, LEFT_OUT] = [50, 10];

/**
 * Looks at a metric as it stands in its state. Nothing is written, and no server is asked but for what a source holds.
 * `waitingIn` tells the rows that wait.
 */
export async function reportOf(
  mapping: Mapping,
  options: PlaceOptions,
  waitingIn: (loaded: Loaded) => readonly WaitingShown[],
): Promise<Report> {
  const { metric, description, file } = mapping;
  const look = ({ db, state, loaded }: Kept): Omit<KeptFigures, 'status'> => ({
    figures: loaded && figuresOf(loaded, waitingIn),
    runs: readRuns(db, state, RUNS),
    leftOut: readLeftOut(db, state, LEFT_OUT),
  });
  const kept = await orNeverRun(mapping, options, () => statusWith(mapping, options, look));
  return {
    metric,
    description,
    file,
    at: new Date(),
    plan: compile(mapping),
    kept: kept && { status: kept.status, ...kept.seen },
  };
}

function figuresOf(loaded: Loaded, waitingIn: (loaded: Loaded) => readonly WaitingShown[]): Figures {
  const { derived, state } = loaded;
  return {
    ...columnFigures(derived, state),
    relations: relationFigures(derived),
    roots: state.counts?.roots ?? 0,
    keptOut: countKeptOut(derived.db, derived.plan, state),
    held: countHeld(derived, state),
    waiting: waitingIn(loaded),
  };
}

/** Null where there is no state yet. */
async function orNeverRun<T>(mapping: Mapping, options: PlaceOptions, work: () => Promise<T>): Promise<T | null> {
  if (!existsSync(targetPlaceOf(mapping, options).database)) return null;
  try {
    return await work();
  } catch (error) {
    if (isFinding(error, 'NO_STATE')) return null;
    throw error;
  }
}
