/** Changes of version 1. What they tell of a row stands in three lists side by side: its names, types and values. */
import type { Buffer } from 'node:buffer';
import type { Before, Change, Image, Interest, Position } from '../../../change.ts';
import { fail } from '../../../diagnostic/diagnostic.ts';
import { type Element, elements, endOf, type Skip, skipSpace, skipValue } from '../../../json.ts';
import { beforeOf } from './before.ts';
import { failCommaBeforeMessage } from './defect.ts';
import { COMMA } from './input.ts';
import { failNotJson } from './refuse.ts';
import { type Columns, imageOf, openShapes, type Shape, type Shapes } from './shape.ts';
import type { Text } from './text.ts';
import * as text from './text.ts';

/** The names of the three lists in a change, and in its "oldkeys". */
const COLUMNS = { of: 'column', names: 'columnnames', types: 'columntypes', values: 'columnvalues' } as const;
const KEYS = { of: 'key', names: 'keynames', types: 'keytypes', values: 'keyvalues' } as const;

/** An object that tells a row. */
interface RowText extends Text {
  readonly lists: typeof COLUMNS | typeof KEYS;
  /** The elements of the list of values. */
  readonly values: Element[];
}

interface ChangeText extends RowText {
  /** The last "oldkeys" that is an object. */
  keys: RowText | null;
}

interface AllShapes {
  readonly after: Shapes;
  readonly before: Shapes;
}

/** Makes the function that decodes one change of a transaction; it gives null for a message, which is of no table. */
export function openVersion1(interest: Interest): (bytes: Buffer, at: Position) => Change | null {
  const shapes = { after: openShapes(interest), before: openShapes(interest) };
  return (bytes, at) => {
    if (bytes[0] === COMMA) failComma(bytes, at);
    return decode(readChange(bytes, at, shapes), shapes);
  };
}

function decode(read: ChangeText, shapes: AllShapes): Change | null {
  const { at } = read;
  switch (text.stringIn(read, 'kind')) {
    case 'insert':
      return { op: 'insert', after: decodeRow(read, read, shapes.after).image, at };
    case 'update': {
      const { image: after } = decodeRow(read, read, shapes.after);
      return { op: 'update', before: decodeBefore(read, shapes), after, at };
    }
    case 'delete':
      return { op: 'delete', before: decodeBefore(read, shapes) ?? failKeys(read), at };
    case 'message':
      return null;
    default:
      text.failMember(read, 'kind', 'insert, update, delete or message');
  }
}

/** Reads a change in one walk over its characters. */
function readChange(bytes: Buffer, at: Position, shapes: AllShapes): ChangeText {
  const read: ChangeText = { ...openRow(text.openText(bytes, at), COLUMNS), keys: null };
  const skipColumns = skipLists(read, read, shapes.after);
  return text.readMembers(read, (all, start, name) => {
    if (name !== 'oldkeys' || all[start] !== '{') return skipColumns(all, start, name);
    read.keys = openRow(text.innerText(read, start), KEYS);
    return text.noteMembers(read.keys, skipLists(read, read.keys, shapes.before));
  });
}

function openRow(read: Text, lists: RowText['lists']): RowText {
  return { ...read, lists, values: [] };
}

/** Notes the values on its way, and goes over names and types at once where they are those of the table's last row. */
function skipLists(change: Text, { lists, values }: RowText, shapes: Shapes): Skip {
  return (all, start, name) => {
    if (name === lists.values && all[start] === '[') return noteElements(all, start, values);
    if (name !== lists.names && name !== lists.types) return skipValue(all, start);
    const same = shapes.last(change)?.said[name === lists.names ? 0 : 1];
    return same && all.startsWith(same, start) ? start + same.length : skipValue(all, start);
  };
}

function noteElements(all: string, start: number, found: Element[]): number {
  // Of a member that stands there twice the last one counts.
  found.length = 0;
  const skip: Skip = (_, at) => {
    const end = skipValue(all, at);
    found.push({ start: at, end });
    return end;
  };
  return endOf(elements(all, start, skip));
}

function decodeRow(change: Text, row: RowText, shapes: Shapes): { readonly shape: Shape; readonly image: Image } {
  const { lists, values } = row;
  const shape = shapes.of(change, columnsOf(change, row));
  text.arrayIn(row, lists.values) ?? text.failMember(row, lists.values, 'an array');
  if (values.length !== shape.count) failCount(row, shape.header.table, shape.count, values.length, 'values');
  if (shape.wanted !== null) text.checkUtf8(row);
  return { shape, image: imageOf(shape, row, values) };
}

function columnsOf(change: Text, row: RowText): Columns {
  const { lists } = row;
  return {
    said: [text.charactersOf(row, lists.names), text.charactersOf(row, lists.types)],
    read: () => {
      const names = text.stringsIn(row, lists.names) ?? text.failMember(row, lists.names, 'an array');
      const types = text.stringsIn(row, lists.types);
      const table = text.stringIn(change, 'table') ?? '';
      if (types !== null && types.length !== names.length) failCount(row, table, names.length, types.length, 'types');
      return names.map((name, index) => ({ name, type: types?.[index] ?? null }));
    },
  };
}

/** The row before the change; null where the change does not tell it. */
function decodeBefore(read: ChangeText, shapes: AllShapes): Before | null {
  const part = read.parts.get('oldkeys');
  if (part === undefined || read.text[part.start] === 'n') return null;
  if (read.keys === null || read.text[part.start] !== '{') return failKeys(read);
  const { shape, image } = decodeRow(read, read.keys, shapes.before);
  return beforeOf(image, shape, { key: primaryKeyIn(read), told: NONE });
}

/** NULLs of the row are left out, so that no column is known to be missing. */
const NONE: ReadonlySet<string> = new Set();

function primaryKeyIn(read: Text): readonly string[] | null {
  const part = read.parts.get('pk');
  if (part === undefined || read.text[part.start] !== '{') return null;
  return text.stringsIn(text.readMembers(text.innerText(read, part.start)), 'pknames');
}

function failKeys(read: Text): never {
  text.failMember(read, 'oldkeys', 'an object');
}

/** Says that a row has not as many of one thing as it has names. */
function failCount(row: RowText, table: string, names: number, other: number, of: 'types' | 'values'): never {
  const data = text.placeIn(row, row.start);
  fail('NAMES_VALUES_DIFFER', { list: row.lists.of, table, names, other, of }, { data });
}

/** Says what is wrong with a change that starts with a comma: wal2json itself may have written it. */
function failComma(bytes: Buffer, at: Position): never {
  const { file, record, offset } = at;
  const behind = text.openText(bytes.subarray(1), { ...at, offset: offset + 1 });
  const read = text.readMembers({ ...behind, start: skipSpace(behind.text, 0) });
  const isLone = text.stringIn(read, 'kind') === 'message' && text.charactersOf(read, 'transactional') === 'false';
  if (isLone) failCommaBeforeMessage({ file, record, offset });
  failNotJson('","', 'a value', { file, record, offset });
}
