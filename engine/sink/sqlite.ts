import type { Derivation } from '../store/derive/derivation.ts';
import type { Roots } from '../store/derive/derive.ts';
import { dropLedger, type Extent, type State } from '../store/state/state.ts';
import { isCopied } from './existing/copy.ts';
import { hasFreed } from './existing/freed.ts';
import { sharedTarget } from './existing/shared.ts';
import { definitionOf, type ExistingTable } from './existing/table.ts';
import { writeBeside } from './existing/write.ts';
import { rebuild } from './rebuild.ts';
import { type Anew, existingTarget, extentOf, inspect, type Target, targetOf } from './target.ts';
import { update, type Written } from './update.ts';

/** What a batch did to the target. */
export interface Outcome {
  readonly written: Written;
  /** Its rows are those of the metric; in a table that holds rows of others some may be held back. */
  readonly extent: Extent;
  /** Why the table was written anew though the state was loaded; null where it was not. */
  readonly anew: Anew | null;
  /** Where the metric's rows stand by their roots: the table, or the copy of what was written beside others. */
  readonly rows: Target;
}

/**
 * Makes a SQLite table what the relations say: written at once after a first load, by the differences of `roots` from
 * then on. In a table that somebody else made rows of others stay.
 *
 * Belongs to the transaction that commits the relations. Throws an EtlError where the table is not this metric's or does
 * not fit, a row can't be computed, or `sink.key` is not unique.
 */
export function writeSqlite(derivation: Derivation, state: State, roots: Roots): Outcome {
  const { db, plan } = derivation;
  const existing = existingTarget(db, plan, state);
  if (existing) return writeExisting(derivation, state, roots, existing);
  const target = targetOf(state, derivation);
  const found = inspect(derivation, target, state);
  if (state.loaded && found === 'intact') {
    const written = update(derivation, target, roots);
    const rows = (state.extent?.rows ?? 0n) + BigInt(written.added - written.removed);
    return { written, extent: extentOf(db, target, rows), anew: null, rows: target };
  }
  // A table of others that is gone is no more than one of ours.
  dropLedger(db, state.id);
  const rows = rebuild(derivation, target);
  return {
    written: { added: rows, changed: 0, removed: 0 },
    extent: extentOf(db, target, BigInt(rows)),
    anew: state.loaded && found !== 'intact' ? found : null,
    rows: target,
  };
}

function writeExisting(derivation: Derivation, state: State, roots: Roots, table: ExistingTable): Outcome {
  const { written, rows, copy } = writeBeside(derivation, state, roots, table);
  const ddl = definitionOf(derivation.db, table.name) ?? '';
  return { written, extent: { ddl, rows, low: null, high: null }, anew: null, rows: copy };
}

/**
 * Whether the table is no longer there, or no longer as it was written; where it holds rows of others, whether one that a
 * row of ours was held back for has gone.
 */
export function isDamaged(derivation: Derivation, state: State): boolean {
  const { db, plan } = derivation;
  const existing = existingTarget(db, plan, state);
  if (!existing) return inspect(derivation, targetOf(state, derivation), state) !== 'intact';
  const shared = sharedTarget(derivation, state.id, existing);
  return !isCopied(db, shared) || hasFreed(db, shared);
}
