import type { Derivation } from '../store/derivation.ts';
import type { Roots } from '../store/derive.ts';
import type { Extent, State } from '../store/state.ts';
import { rebuild } from './rebuild.ts';
import { type Anew, extentOf, inspect, targetOf } from './target.ts';
import { update, type Written } from './update.ts';

/** What a batch did to the target. */
export interface Outcome {
  readonly written: Written;
  readonly extent: Extent;
  /** Why the table was written anew though the state was loaded; null where it was not. */
  readonly anew: Anew | null;
}

/**
 * Makes a SQLite table what the relations say: written at once after a first load, by the differences of `roots` from
 * then on.
 *
 * Belongs to the transaction that commits the relations. Throws an EtlError where the table is not this metric's, a row
 * can't be computed, or `sink.key` is not unique.
 */
export function writeSqlite(derivation: Derivation, state: State, roots: Roots): Outcome {
  const { db } = derivation;
  const target = targetOf(state.target, derivation);
  const found = inspect(derivation, target, state);
  if (state.loaded && found === 'intact') {
    const written = update(derivation, target, roots);
    const rows = (state.extent?.rows ?? 0n) + BigInt(written.added - written.removed);
    return { written, extent: extentOf(db, target, rows), anew: null };
  }
  const rows = rebuild(derivation, target);
  const extent = extentOf(db, target, BigInt(rows));
  return {
    written: { added: rows, changed: 0, removed: 0 },
    extent,
    anew: state.loaded && found !== 'intact' ? found : null,
  };
}

/** Whether the table is no longer there, or no longer as it was written. */
export function isDamaged(derivation: Derivation, state: State): boolean {
  return inspect(derivation, targetOf(state.target, derivation), state) !== 'intact';
}
