import { equalityText } from '../plan/graph.ts';
import { parentOf } from '../sql/counts.ts';
import type { Derivation } from '../store/derive/derivation.ts';
import type { Rids } from './fixed.ts';
import { readRow, relationAt, type SourceRow } from './row.ts';
import type { Stop } from './stops.ts';
import { joinAt, unpairedAt } from './unpaired.ts';

/** A source row, and below it those that it was joined with. */
export interface Tree {
  readonly alias: string;
  /** The equalities of the join that brought it; empty for the root. */
  readonly on: readonly string[];
  /** Null where a left join found none, and then why. */
  readonly row: SourceRow | null;
  readonly stop: Stop | null;
  readonly joined: readonly Tree[];
}

/** The rows along the joins, the root on top; those that stand behind the last of `rids` are left out. */
export function treeOf(derived: Derivation, rids: Rids): Tree {
  return branch(derived, rids, 0);
}

function branch(derived: Derivation, rids: Rids, n: number): Tree {
  const { plan } = derived;
  const { alias } = relationAt(derived, n).scan;
  const rid = rids[n] ?? null;
  const below = plan.joins.flatMap((join, place) =>
    place + 1 < rids.length && parentOf(plan, join) === alias ? [branch(derived, rids, place + 1)] : [],
  );
  return {
    alias,
    on: n === 0 ? [] : joinAt(derived, n - 1).on.map(equalityText),
    row: rid === null ? null : readRow(derived, n, rid),
    stop: rid === null ? unpairedAt(derived, n - 1, rids.slice(0, n)) : null,
    joined: below,
  };
}
