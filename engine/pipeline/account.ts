import { countKeptOut } from '../sink/checks.ts';
import { type Held, heldRows, NONE_HELD } from '../sink/existing/held.ts';
import { checkWarnings, type FailCount } from '../store/check/failed.ts';
import { derivation } from '../store/derive/derivation.ts';
import { describePicked } from '../store/stage/lost.ts';
import { filterCount, joinCounts } from '../store/state/joins.ts';
import { warningsOf } from '../store/state/warnings.ts';
import { missedExpectations } from './expectations.ts';
import { type Places, shownTarget } from './places.ts';
import { reachOf } from './reach.ts';
import type { CheckCount, RunResult, WriteCount } from './result.ts';
import type { Session } from './session.ts';
import type { Shipping } from './shipping.ts';

/** What a run has done so far, and how the metric stands. */
export function accountOf(session: Session, places: Places, shipping: Shipping | null): Omit<RunResult, 'seconds'> {
  const { plan, state, tally } = session;
  const { forgotten, lost, older, rejected, failed } = tally.done();
  const counts = countsIn(session);
  const held = heldIn(session);
  return {
    metric: plan.metric,
    first: [],
    migrated: forgotten !== null,
    forgotten: forgotten ?? [],
    read: tally.read(),
    lost: { changes: lost.count, samples: lost.samples.map((each) => describePicked(plan, each)) },
    older,
    rejected,
    checks: failed.map(checkCount),
    ...counts,
    write: writeOf(session, places, held, shipping),
    loaded: state.loaded,
    checkpoint: places.sources.flatMap(({ source }) => session.marks(source.name).map(reachOf)),
    warnings: [...warningsIn(session), ...checkWarnings(plan, failed), ...held.warnings],
    missed: missedExpectations(plan, counts.joins),
  };
}

function checkCount({ alias, check, rows, samples: [first] }: FailCount): CheckCount {
  const shown = first ? { text: first.text, reason: first.reason, place: first.place } : null;
  return { alias, check: check.text, onFail: check.onFail, rows, first: shown };
}

function writeOf({ db, tally, state }: Session, places: Places, held: Held, shipping: Shipping | null): WriteCount {
  const rows = Number(state.extent?.rows ?? 0n) - held.rows;
  const { rows: heldBack, differing } = held;
  const shipped = shipping?.count(db, state) ?? null;
  const where = { place: shownTarget(places), table: places.table };
  return { ...tally.done().written, ...where, rows, held: heldBack, differing, dry: false, shipped };
}

function heldIn({ db, plan, state }: Session): Held {
  return state.loaded ? heldRows(derivation(db, plan, state.relations), state) : NONE_HELD;
}

function warningsIn({ db, plan, state, tally }: Session): RunResult['warnings'] {
  if (state.seq === 0n) return [];
  const others = tally.read().unnamed.map(({ table }) => table);
  return warningsOf(db, plan, state.relations, others);
}

function countsIn({ db, plan, state }: Session): Pick<RunResult, 'joins' | 'filter'> {
  const { counts, extent } = state;
  if (counts === null) return { joins: [], filter: null };
  const kept = Number(extent?.rows ?? 0n) + countKeptOut(db, plan, state);
  return { joins: joinCounts(plan, counts), filter: filterCount(plan, counts, kept) };
}
