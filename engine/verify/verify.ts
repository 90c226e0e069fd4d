import { join } from 'node:path';
import type { Row } from '../change.ts';
import type { Mapping } from '../mapping/mapping.ts';
import { inLoaded } from '../pipeline/loaded.ts';
import type { RunOptions } from '../pipeline/options.ts';
import { type PlaceOptions, targetPlaceOf } from '../pipeline/places.ts';
import { run } from '../pipeline/run.ts';
import { inScratch } from '../pipeline/scratch.ts';
import { type Owned, ownedRows, plainRow, standingRows } from '../sink/existing/owned.ts';
import type { RemoteTarget } from '../sink/remote.ts';
import { checkTarget } from '../sink/target.ts';
import { countRejected } from '../store/check/rejected.ts';
import type { Derivation } from '../store/derive/derivation.ts';
import { metricRows, sorted } from '../store/derive/sorted.ts';
import type { State } from '../store/state/state.ts';
import { type BagDifference, differ } from './differ.ts';
import { differRemote } from './remote.ts';

/** How a target stands against what it should be. */
export interface Verification extends BagDifference {
  readonly metric: string;
  /** Rows of the target that are not the metric's: of a table that somebody else made. */
  readonly others: number;
  /** What it was compared with: the metric derived from the state at once, or from the source read again. */
  readonly against: 'state' | 'source';
}

/**
 * Compares the target, row for row and cell for cell, with the plan's SELECT over the relations. Nothing is written.
 *
 * Throws an EtlError where the metric has no state, its first load has not ended, or it belongs to another plan.
 */
export async function verifyTarget(mapping: Mapping, options: PlaceOptions): Promise<Verification> {
  const { remote } = targetPlaceOf(mapping, options);
  if (!remote) return verifyState(mapping, options);
  return inScratch((folder) =>
    verifyRemote(mapping, remote, 'state', folder, (work) =>
      reading(mapping, options, (derived) => work(derived, metricRows(derived))),
    ),
  );
}

/** The same of the table that stands in the state's own file. */
export function verifyState(mapping: Mapping, options: PlaceOptions): Verification {
  return reading(mapping, options, (derived, standing) => compared(mapping, 'state', standing, metricRows(derived)));
}

/**
 * Compares the target with what a first load makes of the source, read again from its start into a scratch state.
 *
 * Where transactions were left out of the state, those that can't be taken are left out there too.
 */
export async function verifySource(mapping: Mapping, options: RunOptions): Promise<Verification> {
  const { remote } = targetPlaceOf(mapping, options);
  const rejected = reading(mapping, options, ({ db }, _, state) => countRejected(db, state));
  return inScratch(async (folder) => {
    const output = join(folder, 'scratch.db');
    await run(mapping, { ...options, output, ...(rejected > 0 && { onRejected: () => {} }) });
    const made = { ...options, output };
    if (remote)
      return verifyRemote(mapping, remote, 'source', folder, (work) =>
        reading(mapping, made, (derived, { rows }) => work(derived, rows)),
      );
    return reading(mapping, made, (_, { rows }) =>
      reading(mapping, options, (_derived, standing) => compared(mapping, 'source', standing, rows)),
    );
  });
}

async function verifyRemote(
  { metric }: Mapping,
  target: RemoteTarget,
  against: Verification['against'],
  folder: string,
  reading: <T>(work: (derived: Derivation, rows: Iterable<Row>) => T) => T,
): Promise<Verification> {
  const found = await differRemote(folder, target, (work) =>
    reading(({ query }, rows) => work({ columns: query.columns, rows })),
  );
  return { metric, against, others: 0, ...found };
}

/** What stands in a target. */
interface Standing {
  readonly rows: Iterable<Row>;
  /** Of a table that holds rows of others, what is ours. */
  readonly owned: Owned | null;
}

function compared(
  { metric, columns }: Mapping,
  against: Verification['against'],
  { rows, owned }: Standing,
  expected: Iterable<Row>,
): Verification {
  const names = columns.map(({ name }) => name);
  const found = owned ? differ(names, plain(expected, owned.isHeld), plain(rows)) : differ(names, expected, rows);
  return { metric, against, others: owned?.others ?? 0, ...found };
}

function* plain(rows: Iterable<Row>, isLeftOut: (row: Row) => boolean = () => false): Generator<Row> {
  for (const row of rows) if (!isLeftOut(row)) yield plainRow(row);
}

/** Does the work over a loaded state and the rows of its target, in SQLite's order. */
function reading<T>(
  mapping: Mapping,
  options: PlaceOptions,
  work: (derived: Derivation, standing: Standing, state: State) => T,
): T {
  return inLoaded(mapping, options, ({ state, derived }) => {
    checkTarget(derived.db, derived.plan, state);
    return work(derived, standingIn(derived, state), state);
  });
}

/** Of a table that is gone nothing stands. */
function standingIn(derived: Derivation, state: State): Standing {
  const owned = ownedRows(derived, state);
  const from = standingRows(derived, state, owned);
  return { rows: from === null ? [] : sorted(derived.db, from, derived.query.columns.length), owned };
}
