import { fail } from '../diagnostic/diagnostic.ts';
import { hints } from '../diagnostic/messages.ts';
import type { Mapping } from '../mapping/mapping.ts';
import { compile, scansOf } from '../plan/compile.ts';
import type { Plan } from '../plan/plan.ts';
import { countKeptOut } from '../sink/checks.ts';
import { countHeld } from '../sink/existing/held.ts';
import { countRejected, countRejectedRows } from '../store/check/rejected.ts';
import { type Database, readDatabase } from '../store/database/database.ts';
import { derivation } from '../store/derive/derivation.ts';
import { readLsn, readMarks } from '../store/state/checkpoint.ts';
import { type FilterCount, filterCount, type JoinCount, joinCounts } from '../store/state/joins.ts';
import { countUnshipped } from '../store/state/outbox.ts';
import { findState, type State } from '../store/state/state.ts';
import { type Lag, lagOf } from './lag.ts';
import type { Loaded } from './loaded.ts';
import { type PlaceOptions, type Places, placesOf, shownTarget } from './places.ts';
import { type Reach, reachOf } from './reach.ts';
import { sourceAt } from './reading.ts';

/** How a metric stands, and what is not in it yet. */
export interface Status {
  readonly metric: string;
  /** False where its first load has not ended. */
  readonly loaded: boolean;
  /** Whether the mapping has changed since: then its joins are not told, and no run goes on from here. */
  readonly changed: boolean;
  /** When anything was committed last. */
  readonly committed: Date | null;
  readonly sources: readonly SourceStatus[];
  readonly target: { readonly place: string; readonly table: string };
  readonly rows: number;
  /** Rows that a target elsewhere lacks; null where the target is in the state's own file. */
  readonly unshipped: number | null;
  readonly joins: readonly JoinCount[];
  readonly filter: FilterCount | null;
  /** Transactions that were left out, and how often a row came that a check rejected, since the first load began. */
  readonly rejected: { readonly transactions: number; readonly rows: number };
  /** The file that holds the state; for a SQLite target the target too. */
  readonly state: { readonly place: string; readonly bytes: number };
}

export interface SourceStatus {
  readonly source: string;
  readonly checkpoint: readonly Reach[];
  /** The LSN up to which it is committed; null where its log tells none. */
  readonly lsn: bigint | null;
  readonly lag: Lag | null;
}

/** What is there of a metric at one moment. */
export interface Kept {
  readonly db: Database;
  readonly state: State;
  /** Null where the first load has not ended, or the mapping has changed since. */
  readonly loaded: Loaded | null;
}

/** Tells how a metric stands. Nothing is written. Throws an EtlError where it has no state. */
export async function statusOf(mapping: Mapping, options: PlaceOptions): Promise<Status> {
  return (await statusWith(mapping, options, () => null)).status;
}

/** The same, with what else is seen of the metric at the same moment. */
export async function statusWith<T>(
  mapping: Mapping,
  options: PlaceOptions,
  look: (kept: Kept) => T,
): Promise<{ readonly status: Status; readonly seen: T }> {
  const plan = compile(mapping);
  // What is not there yet is no failure here.
  const places = await placesOf(mapping, { ...options, follow: true });
  const { marks, seen, ...kept } = keptIn(plan, places, look);
  const sources: SourceStatus[] = [];
  for (const [n, place] of places.sources.entries()) {
    const { checkpoint, lsn } = kept.sources[n] ?? { checkpoint: [], lsn: null };
    const lag = await lagOf(sourceAt(place, scansOf(plan), places.database), marks[n] ?? []);
    sources.push({ source: place.source.name, checkpoint, lsn, lag });
  }
  return { status: { ...kept, sources }, seen };
}

function keptIn<T>(plan: Plan, places: Places, look: (kept: Kept) => T) {
  const { database, table } = places;
  const db = readDatabase(database);
  try {
    return db.transaction(() => {
      const facts = { metric: plan.metric, path: database };
      const state = findState(db, plan) ?? fail('NO_STATE', facts, { hint: hints.firstRun });
      const loaded = loadedOf(db, plan, state);
      const marks = places.sources.map(({ source }) => readMarks(db, state, source.name));
      const sources = places.sources.map(({ source }, n) => {
        return { checkpoint: (marks[n] ?? []).map(reachOf), lsn: readLsn(db, state, source.name) };
      });
      const [pages, page] = ['page_count', 'page_size'].map((name) => Number(db.pragma(name, { simple: true })));
      return {
        metric: plan.metric,
        loaded: state.loaded,
        changed: state.plan !== plan.hash,
        committed: state.committed,
        sources,
        target: { place: shownTarget(places), table },
        unshipped: places.remote && countUnshipped(db, state),
        ...rowsIn(state, loaded),
        rejected: { transactions: countRejected(db, state), rows: countRejectedRows(db, state) },
        state: { place: database, bytes: (pages ?? 0) * (page ?? 0) },
        marks,
        seen: look({ db, state, loaded }),
      };
    })();
  } finally {
    db.close();
  }
}

function loadedOf(db: Database, plan: Plan, state: State): Loaded | null {
  const isOurs = state.loaded && state.counts !== null && state.plan === plan.hash;
  return isOurs ? { state, derived: derivation(db, plan, state.relations) } : null;
}

/** The rows of the metric, without those whose place another's rows have; and how its joins fare. */
function rowsIn(state: State, loaded: Loaded | null): Pick<Status, 'rows' | 'joins' | 'filter'> {
  const written = Number(state.extent?.rows ?? 0n);
  if (loaded === null || state.counts === null) return { rows: written, joins: [], filter: null };
  const { db, plan } = loaded.derived;
  return {
    rows: written - countHeld(loaded.derived, state),
    joins: joinCounts(plan, state.counts),
    filter: filterCount(plan, state.counts, written + countKeptOut(db, plan, state)),
  };
}
