/**
 * Writes a metric to a table that holds rows of others.
 *
 * A copy of the metric is brought up to date first, as any target is. Then each key that came, went or changed in it is
 * brought into the table: a row of ours goes, is changed in its place (columns that are not ours stay), or comes. A key
 * that stands in the table and not in the ledger is another's: that row stays as it is, and ours is held back. It comes
 * once the other one has gone, which the end of each run looks for.
 *
 * Of a row of ours that somebody deleted or changed `verify` tells. It is mended when the metric's row changes, or all is
 * loaded anew.
 */
import type { Derivation } from '../../store/derive/derivation.ts';
import type { Roots } from '../../store/derive/derive.ts';
import type { State } from '../../store/state/state.ts';
import { enter } from '../../store/step.ts';
import type { Target } from '../target.ts';
import type { Written } from '../update.ts';
import { applyKeys } from './apply.ts';
import { isCopied, loadCopy, takeOn } from './copy.ts';
import { checkTypes } from './fit.ts';
import { ensureLedger } from './ledger.ts';
import { sharedTarget } from './shared.ts';
import type { ExistingTable } from './table.ts';

/** What was written to the table, and the rows of the metric, held ones among them. */
export interface WrittenBeside {
  readonly written: Written;
  readonly rows: bigint;
  /** Where the metric's rows stand by their roots. */
  readonly copy: Target;
}

/**
 * Belongs to the transaction that commits the relations. Throws an EtlError where the table can't hold the metric's
 * values or refuses a row, a row can't be computed, or two have one key.
 */
export function writeBeside(derivation: Derivation, state: State, roots: Roots, table: ExistingTable): WrittenBeside {
  const { db } = derivation;
  checkTypes(derivation, table);
  const shared = sharedTarget(derivation, state.id, table);
  ensureLedger(db, shared, table);
  const rows =
    state.loaded && state.extent && isCopied(db, shared)
      ? state.extent.rows + BigInt(takeOn(derivation, shared, roots))
      : BigInt(loadCopy(derivation, shared));
  enter('write');
  return { written: applyKeys(derivation, shared), rows, copy: shared.copy };
}
