import { pathText } from '../expression/paths.ts';
import type { Mapping } from '../mapping/mapping.ts';
import type { RunOptions } from '../pipeline/options.ts';
import { ONLY_SOURCE, type PlaceOptions } from '../pipeline/places.ts';
import type { Derivation } from '../store/derive/derivation.ts';
import { tombstonesOf } from '../store/stage/tombstones.ts';
import { readMarks } from '../store/state/checkpoint.ts';
import type { State } from '../store/state/state.ts';
import type { Absence } from './absence.ts';
import { type Asked, sayKept } from './asked.ts';
import { type Told, tellOf } from './log.ts';
import type { Sought } from './matching.ts';
import { textMeant, valuesMeant } from './meant.ts';
import type { Wanted } from './near.ts';
import { type Cell, placeOf, relationAt } from './row.ts';

/** Reads the log again; null where there is nothing that it could tell. */
export type Search = (options: WhyOptions) => Promise<Told>;

/** Where state and log are; a log may take a while. */
export type WhyOptions = PlaceOptions & Pick<RunOptions, 'onProgress'>;

/** What the log can tell of an absence: what became of the row that is missing. */
export function searchLog(
  derived: Derivation,
  state: State,
  { sources }: Mapping,
  asked: readonly Asked[],
  absence: Absence,
): Search | null {
  const sought = soughtIn(derived, asked, absence);
  const source = sources.find(({ name }) => name === sought?.relation.scan.source);
  if (!sought || !source) return null;
  const { plan, relations, db } = derived;
  const buried = tombstoneOf(derived, sought);
  if (buried) return async () => buried;
  const log = { plan, source, relations, marks: readMarks(db, state, source.name) };
  return ({ inputs, onProgress }) => {
    const input = inputs?.get(source.name) ?? inputs?.get(ONLY_SOURCE);
    return tellOf(log, sought, { input, ...(onProgress && { onProgress }) });
  };
}

function soughtIn(derived: Derivation, asked: readonly Asked[], absence: Absence): Sought | null {
  switch (absence.kind) {
    case 'no row':
      return soughtAs(derived, absence.alias, (place) =>
        asked.flatMap(({ kept }) =>
          kept?.scan === place && kept.column !== null ? [{ column: kept.column, values: kept.values }] : [],
        ),
      );
    case 'stops':
      return absence.stop.kind === 'no partner' ? soughtBy(derived, absence.stop.alias, absence.stop.wanted) : null;
    case 'not led to':
      return soughtBy(derived, absence.parent, absence.wanted);
    default:
      return null;
  }
}

/** By the values of the row that asks for it, as they would be written there. */
function soughtBy(derived: Derivation, alias: string, cells: readonly Cell[]): Sought | null {
  return soughtAs(derived, alias, (place) => {
    const { scan, types } = relationAt(derived, place);
    return cells.map(({ column, value }) => {
      const n = scan.columns.findIndex(({ path }) => pathText(path) === column);
      return { column: n, values: value === null ? [] : valuesMeant(textMeant(value), types[n] ?? null) };
    });
  });
}

function soughtAs(derived: Derivation, alias: string, wantedAt: (place: number) => readonly Wanted[]): Sought {
  const place = placeOf(derived, alias);
  return { relation: relationAt(derived, place), wanted: wantedAt(place) };
}

/** What the state itself knows of a deleted row: where rows have versions, it keeps the key of each that is gone. */
function tombstoneOf(derived: Derivation, { relation, wanted }: Sought): Told | null {
  const { scan } = relation;
  if (!scan.version || wanted.some(({ column }) => column >= scan.tombstone)) return null;
  const { table } = tombstonesOf(relation);
  const scanned = derived.relations.indexOf(relation);
  const where = wanted.map(({ column, values }) => sayKept(derived, { scan: scanned, column, values }));
  const path = `(SELECT path FROM _etl_file WHERE id = ${table}.file)`;
  const row = derived.db
    .prepare(`SELECT ${path} AS file, record FROM ${table} WHERE ${where.join(' AND ')} LIMIT 1`)
    .get();
  const { file, record } = (row ?? {}) as { file?: string; record?: bigint };
  if (file === undefined) return null;
  return { fate: { kind: 'deleted', at: { file, record: Number(record) }, reason: null }, read: [], unread: [] };
}
