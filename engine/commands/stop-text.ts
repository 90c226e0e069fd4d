import type { Fate } from '../why/following.ts';
import type { Told, Unread } from '../why/log.ts';
import type { Near } from '../why/near.ts';
import type { Stop } from '../why/stops.ts';
import { line } from './line.ts';
import { cellsText, placeText, rowText } from './row-text.ts';

/** What stops a row, in a sentence. */
export function stopText(stop: Stop): string {
  switch (stop.kind) {
    case 'null key':
      return `${stop.columns.map(({ column }) => column).join(' and ')} is NULL, which joins no row of ${stop.alias}`;
    case 'no partner':
      return `no row of ${stop.alias} has ${cellsText(stop.wanted)}, which ${stop.by.join(' and ')} asks for`;
    case 'check':
      return `${rowText(stop.row)} (${placeText(stop.row.at)}) fails the check ${stop.condition}: ${stop.reason ?? cellsText(stop.values)}`;
    case 'table where':
      return `${rowText(stop.row)} (${placeText(stop.row.at)}) is left out by its table's where, ${stop.condition}: ${cellsText(stop.values)}`;
    case 'metric check':
      return `the row fails the check ${stop.condition}: ${stop.reason ?? cellsText(stop.values)}`;
    case 'where':
      return `the where is not true, ${stop.condition}: ${cellsText(stop.values)}`;
  }
}

/** The near miss, where there is one. */
export function nearLines(near: Near | null): readonly string[] {
  if (!near) return [];
  const { row, differs } = near;
  return [line('near', `${rowText(row)} (${placeText(row.at)}) differs in ${differs.join(' and ')}${readText(near)}`)];
}

/** The values that are near, where they are not those of the key. */
function readText({ row }: Near): string {
  return row.key.length > 0 && row.columns.length > 0 ? `: ${cellsText(row.columns)}` : '';
}

/** What became of a row that is looked for, as the log tells it. */
export function logLines({ fate, read, unread }: Told): readonly string[] {
  const files = read.length === 1 ? read[0] : `${read.length} files`;
  const never = unread.length > 0 ? `nothing of it stands in ${files}` : `no record of it was ever read from ${files}`;
  const told = fate ? [fateText(fate)] : read.length > 0 ? [never] : [];
  return [...told, ...unread.map(unreadText)].map((text, n) => line(n === 0 ? 'log' : '', text));
}

function fateText({ kind, at, reason }: Fate): string {
  switch (kind) {
    case 'deleted':
      return `it was deleted at ${placeText(at)}`;
    case 'emptied':
      return `its table was emptied at ${placeText(at)}`;
    case 'changed':
      return `it had these values until ${placeText(at)}`;
    case 'left out':
      return `a transaction that holds it was left out, for a record that can't be taken (${placeText(at)}): ${reason}`;
    case 'not read yet':
      return `it stands at ${placeText(at)}, which is not read yet`;
    case 'read':
      return `it was read at ${placeText(at)}`;
  }
}

function unreadText({ place, why }: Unread): string {
  const whys = {
    gone: `${place} is gone, and can't be read again`,
    changed: `${place} has changed since it was read, and is not looked into`,
    broken: `${place} can't be read to its end`,
    'no file': `what was read from "${place}" can't be read again; --input names a file to look into`,
  };
  return whys[why];
}
