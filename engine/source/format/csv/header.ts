import type { Header, Image } from '../../../change.ts';
import { fail } from '../../../diagnostic/diagnostic.ts';
import { hints } from '../../../diagnostic/messages.ts';
import { type Interest, wantedIn, wantedNames } from '../../../interest.ts';

/** What the first record of a file says of all others. */
export interface Columns {
  readonly header: Header;
  /** For each column of the header its place among the fields. */
  readonly places: readonly number[];
  /** Fields that a record has. */
  readonly count: number;
}

/** The columns that a header names, of which those in use are kept. */
export function columnsOf(
  names: readonly (string | null)[],
  { file, table, interest }: { readonly file: string; readonly table: string; readonly interest: Interest },
): Columns {
  const where = { data: { file, offset: 0 } };
  const twice = names.find((name, n) => name !== null && names.indexOf(name) < n);
  if (typeof twice === 'string') fail('HEADER_TWICE', { name: twice }, where);
  // The lines of a classic Mac: all of the file would be its header.
  const isOneLine = names.some((name) => name?.includes('\r'));
  if (isOneLine) fail('NOT_CSV', { found: 'a carriage return', expected: 'a line feed, or both, at the end' }, where);
  const wanted = wantedIn(interest, null, table);
  const places = names.flatMap((name, n) => (name !== null && wanted?.has(name) ? [n] : []));
  const columnsInUse = wanted && wantedNames(wanted);
  if (columnsInUse && columnsInUse.length > 0 && places.length === 0) {
    const facts = { names: names.map((name) => name ?? ''), columns: columnsInUse };
    fail('HEADER_UNRELATED', facts, { ...where, hint: hints.otherDelimiter });
  }
  const columns = places.map((n) => ({ name: names[n] as string, type: 'text' as const }));
  return { header: { schema: null, table, columns }, places, count: names.length };
}

export function imageOf({ header, places }: Columns, fields: readonly (string | null)[]): Image {
  return { header, values: places.map((n) => fields[n] ?? null) };
}
