import type { Plan } from '../plan/plan.ts';
import { type WrittenMetric, writeMetric } from '../sink/metric.ts';
import type { Outcome } from '../sink/sqlite.ts';
import { count } from '../store/count/counting.ts';
import type { Database } from '../store/database/database.ts';
import { type Derivation, derivation } from '../store/derive/derivation.ts';
import { lastRoot, type Roots } from '../store/derive/derive.ts';
import { type HistoryRows, keepHistory } from '../store/state/history.ts';
import { findOutbox, restartOutbox } from '../store/state/outbox.ts';
import { markLoaded, type State } from '../store/state/state.ts';

/** From this part of all roots on it is cheaper to derive all than to look for each; of so few it makes no difference. */
const [MANY, FEW] = [0.2, 100];

/** What was written of the metric, and which of its rows came to fail a check. */
export type Wrote = Outcome & Pick<WrittenMetric, 'failed'>;

/**
 * Derives metric rows and writes what differs. `touched` is the number of roots in `temp._etl_touched`; null where more may
 * have changed. Belongs to a transaction.
 */
export function write(db: Database, plan: Plan, state: State, touched: number | null): Wrote {
  const derived = derivation(db, plan, state.relations);
  const all = Number(lastRoot(derived));
  const roots: Roots = touched === null || touched > Math.max(FEW, all * MANY) ? 'all' : 'touched';
  const { outcome, failed, standing } = writeMetric(derived, state, roots);
  const isAnew = !state.loaded || outcome.anew !== null;
  if (isAnew && findOutbox(db, state)) restartOutbox(db, state, plan.sinkKey);
  keepHistory(db, state, historyRowsOf(derived, outcome));
  markLoaded(db, state, outcome.extent, count(derived, state, roots, standing));
  return { ...outcome, failed };
}

function historyRowsOf({ query }: Derivation, outcome: Outcome): HistoryRows {
  const { table, rowid, columns } = outcome.rows;
  const { added, changed, removed } = outcome.written;
  return {
    table,
    rowid,
    columns: query.columns.map(({ name, type }, n) => ({ name, type, held: columns[n]?.name ?? name })),
    count: outcome.extent.rows,
    changes: added + 2 * changed + removed,
  };
}
