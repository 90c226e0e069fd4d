/** The columns of a row in version 2: an object for each, `{"name":"id","type":"integer","value":1}`. */
import { type Element, type Skip, skipElements, skipMembers, skipSpace, skipValue } from '../../../json.ts';
import { excerpt, innerText, noteMembers, placeIn, type Text } from '../text.ts';
import { failMember, stringIn } from './members.ts';
import { failNotWal2json } from './refuse.ts';
import type { Columns } from './shape.ts';

/** Where a column stands, and its value. */
export interface ColumnText extends Element {
  /** The column without its value: if that is its last member, the characters before it. */
  readonly said: string;
  /** Null where the column has none, or is no object. */
  readonly value: Element | null;
}

/**
 * Notes the columns of the list that starts there, and returns where it ends. Throws a JsonError.
 *
 * `said` is what the last list like this said. Where a column says the same, only its value is looked at.
 */
export function noteColumns(all: string, start: number, found: ColumnText[], said: readonly string[] = []): number {
  // Of a member that stands there twice the last one counts.
  found.length = 0;
  const skip = (_: string, at: number): number => {
    const column = likeLast(all, at, said[found.length] ?? '') ?? columnAt(all, at);
    found.push(column);
    return column.end;
  };
  return skipElements(all, start, skip);
}

function likeLast(all: string, start: number, said: string): ColumnText | null {
  const at = start + said.length;
  if (!said.endsWith(':') || all.slice(start, at) !== said || skipSpace(all, at) > at) return null;
  const end = skipValue(all, at);
  return all[end] === '}' ? { start, end: end + 1, said, value: { start: at, end } } : null;
}

function columnAt(all: string, start: number): ColumnText {
  const values: Element[] = [];
  const note: Skip = (_, at, name) => {
    const end = skipValue(all, at);
    if (name === 'value') values.push({ start: at, end });
    return end;
  };
  const end = all[start] === '{' ? skipMembers(all, start, note) : skipValue(all, start);
  const value = values.at(-1) ?? null;
  if (value === null) return { start, end, said: all.slice(start, end), value };
  const behind = all.slice(value.end, end);
  return { start, end, said: all.slice(start, value.start) + (behind === '}' ? '' : behind), value };
}

/** What a list says of its columns. */
export function columnsOf(read: Text, list: readonly ColumnText[]): Columns {
  return {
    said: list.map(({ said }) => said),
    read: () =>
      list.map((column) => {
        const parts = innerText(read, column.start);
        if (read.text[column.start] !== '{') failColumn(read, column);
        noteMembers(parts);
        return {
          name: stringIn(parts, 'name') ?? failMember(parts, 'name', 'a string'),
          type: stringIn(parts, 'type'),
        };
      }),
  };
}

/** The values of a list, which each of its columns has. */
export function valuesOf(read: Text, list: readonly ColumnText[]): readonly Element[] {
  return list.map((column) => column.value ?? failColumn(read, column));
}

function failColumn(read: Text, { start, end }: ColumnText): never {
  failNotWal2json(excerpt(read.text.slice(start, end)), 'a column with its name and value', placeIn(read, start));
}
