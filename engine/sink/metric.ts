import { hasWindows } from '../plan/window.ts';
import type { Failed } from '../store/check/checking.ts';
import type { Derivation } from '../store/derive/derivation.ts';
import type { Roots } from '../store/derive/derive.ts';
import type { State } from '../store/state/state.ts';
import { checkRows } from './checks.ts';
import { regroup } from './groups.ts';
import type { Made } from './made.ts';
import { type Outcome, writeSqlite } from './sqlite.ts';
import { rootsIn } from './target.ts';
import { rewindow } from './windows.ts';

/** A metric that was written. */
export interface WrittenMetric {
  readonly outcome: Outcome;
  /** Rows that came to fail a check of the metric. */
  readonly failed: readonly Failed[];
  /** A SELECT of the roots that have rows now. */
  readonly standing: string;
}

/**
 * Writes what a batch changes of a metric, for `roots` or all of it; where it has groups or windows, these first.
 *
 * Belongs to the transaction that commits the relations. Throws an EtlError where the table is not this metric's, a row
 * can't be computed, a check stops the run, or `sink.key` is not unique.
 */
export function writeMetric(derived: Derivation, state: State, roots: Roots): WrittenMetric {
  const own: Made = { derivation: derived, roots, rows: null };
  const grouped = derived.plan.groupBy ? regroup(derived, state, roots) : own;
  const last = hasWindows(grouped.derivation.plan) ? rewindow(grouped.derivation, state, grouped.roots) : grouped;
  // First, for a row at which the run is to stop may be one that can't be written.
  const failed = checkRows(derived.plan, last.derivation, state, last.roots);
  const outcome = writeSqlite(last.derivation, state, last.roots);
  const rows = grouped.rows ?? last.rows ?? outcome.rows;
  return { outcome, failed, standing: rootsIn(rows, derived) };
}
