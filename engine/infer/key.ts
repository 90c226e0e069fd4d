/**
 * What identifies the rows of a sampled table.
 *
 * The log of a database may tell it: by its primary key, or by the columns that its old images have. Else it is what is
 * unique and never NULL in the sample: a column that is named like a key, or the first columns together. Where nothing is,
 * a table has no key: rows that are equal are told apart then, and no row overwrites another one.
 */

import { areUnique, isTold, leavesOut, placesOf } from './rows.ts';
import type { Cells, SampledChange, SampledTable } from './table.ts';
import { isIdentifier, isNamedFor } from './words.ts';

export interface FoundKey {
  readonly columns: readonly string[];
  /** Who says so. */
  readonly by: 'log' | 'values';
}

/** Columns of such types are no key: nobody looks for a row by them. */
const NO_KEY = new Set(['double', 'boolean', 'json', 'bytes', 'timestamp', 'timestamptz']);

/** More columns together than these are a key only where the log says so. */
const MOST_TOGETHER = 3;

export function keyOf(table: SampledTable, isLog: boolean): FoundKey {
  const told = toldKey(table);
  const isCertain = isLog && told !== null && isOfKey(told, table);
  const { key } = table;
  if (key !== null && isUsable(key, told, isCertain, table)) return { columns: key, by: 'log' };
  if (isCertain) return { columns: namesAt(told, table), by: 'log' };
  const able = table.columns.flatMap((_, place) => (isAble(place, told, table) ? [place] : []));
  const found = uniqueIn(able, table);
  if (found) return { columns: namesAt(found, table), by: 'values' };
  const isKey = told !== null && told.length > 0 && (!table.isOldWhole || isGood(told, table));
  return isKey ? { columns: namesAt(told, table), by: 'log' } : { columns: [], by: 'values' };
}

/** Where old images tell the columns of another index (REPLICA IDENTITY USING INDEX), rows are found by those only. */
function isUsable(
  key: readonly string[],
  told: readonly number[] | null,
  isCertain: boolean,
  table: SampledTable,
): boolean {
  if (told === null) return true;
  return key.length > 0 ? placesOf(table, key).every((place) => told.includes(place)) : !isCertain;
}

function namesAt(places: readonly number[], { columns }: SampledTable): readonly string[] {
  return places.flatMap((place) => columns[place]?.name ?? []);
}

/** The places that every old image tells; null where there is no old image. */
function toldKey({ changes, columns }: SampledTable): readonly number[] | null {
  const old = changes.flatMap(oldIn);
  if (old.length === 0) return null;
  return columns.flatMap((_, place) => (old.every((cells) => isTold(cells, place)) ? [place] : []));
}

/**
 * Whether old images tell the key and nothing else, and not a whole row without its NULLs. That is certain where one leaves
 * out what its row had; and to be taken where something that rows mostly have is told in none of them, as long as no row
 * lacks or shares what they tell.
 */
function isOfKey(told: readonly number[], table: SampledTable): boolean {
  const { changes, columns, isOldWhole } = table;
  const [old, rows] = [changes.flatMap(oldIn), changes.flatMap(newIn)];
  const isWhole = told.length === columns.length || old.some((cells) => cells.includes(null));
  if (told.length === 0 || isWhole) return false;
  if (!isOldWhole || leavesOut(table, told)) return true;
  if (!isGood(told, table)) return false;
  return columns.some((_, place) => {
    if (old.some((cells) => isTold(cells, place))) return false;
    return rows.filter((cells) => isTold(cells, place)).length * 2 > rows.length;
  });
}

function oldIn(change: SampledChange): readonly Cells[] {
  return 'before' in change && change.before ? [change.before] : [];
}

function newIn(change: SampledChange): readonly Cells[] {
  return 'after' in change ? [change.after] : [];
}

/** Whether a column can be part of a key: each change that has to find or make a row tells it. */
function isAble(place: number, told: readonly number[] | null, table: SampledTable): boolean {
  const { type = null, look = null } = table.columns[place] ?? {};
  if (NO_KEY.has(type ?? '') || ((type === null || type === 'text') && NO_KEY.has(look ?? ''))) return false;
  return (told?.includes(place) ?? true) && isNeverNull(place, table);
}

function isNeverNull(place: number, { changes }: SampledTable): boolean {
  return changes.every((change) => {
    if (change.op === 'insert' || (change.op === 'update' && change.before === null))
      return isTold(change.after, place);
    return change.op !== 'update' || change.after[place] !== null;
  });
}

function isGood(places: readonly number[], table: SampledTable): boolean {
  return places.every((place) => isNeverNull(place, table)) && areUnique(table, places);
}

/** What is unique in the sample, the likeliest first; null where nothing is. */
function uniqueIn(able: readonly number[], table: SampledTable): readonly number[] | null {
  const nameOf = (place: number): string => table.columns[place]?.name ?? '';
  const identifiers = able.filter((place) => isIdentifier(nameOf(place)));
  // What is measured is unique by chance; values that were made to be unique need no name.
  const made = able.filter((place) => table.columns[place]?.look === 'uuid');
  const isOfOther = identifiers.includes(0);
  const candidates = [
    ...able.filter((place) => isNamedFor(nameOf(place), table.name)).map((place) => [place]),
    // A table that begins with what identifies another row has several of it mostly: the lines of an order.
    ...(isOfOther ? firstTogether(able) : []),
    ...[...identifiers, ...made].map((place) => [place]),
    ...firstTogether(able),
  ];
  return candidates.find((places) => areUnique(table, places)) ?? null;
}

/** The first column, the first two, and so on, as long as all can be part of a key. */
function firstTogether(able: readonly number[]): readonly (readonly number[])[] {
  const counts = Array.from({ length: MOST_TOGETHER }, (_, n) => n + 1);
  const firsts = counts.map((count) => Array.from({ length: count }, (_, place) => place));
  return firsts.filter((places) => places.every((place) => able.includes(place)));
}
