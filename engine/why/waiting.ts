import type { Value } from '../change.ts';
import { fail } from '../diagnostic/diagnostic.ts';
import { suggestion } from '../diagnostic/suggest.ts';
import { pathText } from '../expression/paths.ts';
import type { Mapping } from '../mapping/mapping.ts';
import { inLoaded, type Loaded } from '../pipeline/loaded.ts';
import type { PlaceOptions } from '../pipeline/places.ts';
import { waitingGroups } from '../sql/counts.ts';
import { sqlite } from '../sql/dialect.ts';
import { naming } from '../store/derive/culprit.ts';
import type { Derivation } from '../store/derive/derivation.ts';
import { joinCounts } from '../store/state/joins.ts';
import { type Cell, columnAt, readRow, relationAt, type SourceRow } from './row.ts';
import { joinAt } from './unpaired.ts';

/** The rows that wait for a partner in one join. */
export interface WaitingRows {
  /** The table that they wait for, and that whose rows ask. */
  readonly alias: string;
  readonly parent: string;
  /** How many rows that stand before the join wait, and how many have a NULL key and wait for nothing. */
  readonly waiting: number;
  readonly nullKey: number;
  /** By what they wait for, the largest group first; `more` is how many groups are left out. */
  readonly groups: readonly WaitingGroup[];
  readonly more: number;
}

export interface WaitingGroup {
  /** What a partner would have. */
  readonly wanted: readonly Cell[];
  readonly rows: number;
  /** The first of the roots that lead there. */
  readonly samples: readonly SourceRow[];
}

/** Groups that are told of each join, and rows of each. */
const GROUPS = 20;
const SAMPLES = 3;

/**
 * The rows that wait, join by join; of one join where `alias` names the table that it brings. Throws an EtlError where the
 * metric has no state, or no join brings such a table.
 */
export function waitingRows(mapping: Mapping, alias: string | null, options: PlaceOptions): readonly WaitingRows[] {
  return inLoaded(mapping, options, (loaded) => {
    const joins = loaded.derived.plan.joins.map(({ scan }) => scan.alias);
    if (alias !== null && !joins.includes(alias))
      fail('NOT_JOINED', { name: alias }, { hint: suggestion(alias, joins) });
    return waitingIn(loaded, alias);
  });
}

/** The same in a state that is open. */
export function waitingIn({ state, derived }: Loaded, alias: string | null): readonly WaitingRows[] {
  const counts = state.counts ? joinCounts(derived.plan, state.counts) : [];
  return counts.flatMap(({ alias: of, parent, waiting, nullKey }, n) => {
    if (alias === null ? waiting + nullKey === 0 : of !== alias) return [];
    return [{ alias: of, parent, waiting, nullKey, ...groupsAt(derived, n) }];
  });
}

function groupsAt(derived: Derivation, n: number): Pick<WaitingRows, 'groups' | 'more'> {
  const { db, plan, names } = derived;
  const sql = waitingGroups(plan, n, names, sqlite, SAMPLES);
  const all = naming(derived, () => db.prepare(sql).raw().all() as (readonly [bigint, string, ...Value[]])[]);
  const groups = all.slice(0, GROUPS).map(([rows, roots, ...values]) => ({
    wanted: wantedAt(derived, n, values),
    rows: Number(rows),
    samples: roots.split(',').map((rid) => readRow(derived, 0, BigInt(rid))),
  }));
  return { groups, more: all.length - groups.length };
}

function wantedAt(derived: Derivation, n: number, values: readonly Value[]): readonly Cell[] {
  return joinAt(derived, n).on.map(({ left, right }, place) => {
    const asking = derived.relations.findIndex(({ scan }) => scan.alias === left.alias);
    const type = relationAt(derived, asking).types[columnAt(derived, asking, left.path)] ?? null;
    return { column: pathText(right.path), value: values[place] ?? null, type };
  });
}
