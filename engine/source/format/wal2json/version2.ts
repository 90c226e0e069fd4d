/** Records of version 2, each one change. What they tell of a row is a list of its columns, an object each. */
import type { Buffer } from 'node:buffer';
import type { Before, Change, Image, Interest, Position } from '../../../change.ts';
import { type Element, elements, endOf, members, readString, skipValue } from '../../../json.ts';
import { beforeOf } from './before.ts';
import { failNotWal2json } from './refuse.ts';
import { type Columns, imageOf, openShapes, type Shape, type Shapes } from './shape.ts';
import type { Text } from './text.ts';
import * as text from './text.ts';

/** What a record is about: the begin and the commit of a transaction, a row, a table, or a message. */
const ACTIONS = ['B', 'C', 'I', 'U', 'D', 'T', 'M'] as const;
type Action = (typeof ACTIONS)[number];

/** A column of a row. What is no object has none of its members. */
interface ColumnText extends Element {
  readonly name: Element | null;
  readonly type: Element | null;
  readonly value: Element | null;
}

interface RecordText extends Text {
  readonly columns: ColumnText[];
  readonly identity: ColumnText[];
}

interface AllShapes {
  readonly after: Shapes;
  readonly before: Shapes;
}

interface Row {
  readonly shape: Shape;
  readonly image: Image;
}

/** Reads a record in one walk over its characters. It need not be one of version 2. */
export function readRecord(bytes: Buffer, at: Position): RecordText {
  const read = { ...text.openText(bytes, at), columns: [], identity: [] };
  return text.readMembers(read, (all, start, name) => {
    const isRow = (name === 'columns' || name === 'identity') && all[start] === '[';
    return isRow ? noteColumns(all, start, read[name]) : skipValue(all, start);
  });
}

function noteColumns(all: string, start: number, found: ColumnText[]): number {
  // Of a member that stands there twice the last one counts.
  found.length = 0;
  return endOf(elements(all, start, (_, at) => noteColumn(all, at, found)));
}

function noteColumn(all: string, start: number, found: ColumnText[]): number {
  const parts: { name: Element | null; type: Element | null; value: Element | null } = {
    name: null,
    type: null,
    value: null,
  };
  const end = all[start] === '{' ? noteParts(all, start, parts) : skipValue(all, start);
  found.push({ start, end, ...parts });
  return end;
}

function noteParts(all: string, start: number, parts: Record<'name' | 'type' | 'value', Element | null>): number {
  const rest = members(all, start);
  let next = rest.next();
  for (; !next.done; next = rest.next()) {
    const { name } = next.value;
    if (name === 'name' || name === 'type' || name === 'value') parts[name] = next.value;
  }
  return next.value;
}

/** What a record is about. Refuses what is no record of version 2 and none of version 1 either. */
export function actionIn(read: Text): Action {
  if (!read.parts.has('action')) text.failMember(read, 'change', 'an array');
  const action = text.stringIn(read, 'action');
  return ACTIONS.find((each) => each === action) ?? text.failMember(read, 'action', 'B, C, I, U, D, T or M');
}

/** Makes the function that decodes what a record says of a row or a table; it gives null where that is nothing. */
export function openVersion2(interest: Interest): (read: RecordText, action: Action) => Change | null {
  const shapes = { after: openShapes(interest), before: openShapes(interest) };
  return (read, action) => decode(read, action, shapes);
}

function decode(read: RecordText, action: Action, shapes: AllShapes): Change | null {
  const { at } = read;
  switch (action) {
    case 'I':
      return { op: 'insert', after: decodeRow(read, 'columns', shapes.after).image, at };
    case 'U': {
      const after = decodeRow(read, 'columns', shapes.after);
      const before = read.parts.has('identity') ? decodeBefore(read, after.shape.names, shapes) : null;
      return { op: 'update', before, after: after.image, at };
    }
    case 'D':
      return { op: 'delete', before: decodeBefore(read, NONE, shapes), at };
    case 'T':
      return { op: 'truncate', header: shapes.after.of(read, NO_COLUMNS).header, at };
    default:
      return null;
  }
}

const NONE: ReadonlySet<string> = new Set();
const NO_COLUMNS: Columns = { said: [], read: () => [] };

function decodeRow(read: RecordText, member: 'columns' | 'identity', shapes: Shapes): Row {
  text.arrayIn(read, member) ?? text.failMember(read, member, 'an array');
  const columns = read[member];
  const values = columns.map(({ value, ...column }) => value ?? failColumn(read, column, 'a value as "value"'));
  const shape = shapes.of(read, columnsOf(read, columns));
  if (shape.wanted !== null) text.checkUtf8(read);
  return { shape, image: imageOf(shape, read, values) };
}

function columnsOf(read: Text, columns: readonly ColumnText[]): Columns {
  const characters = (part: Element | null): string => (part ? read.text.slice(part.start, part.end) : '');
  const string = (part: Element | null): string | null => {
    return part && read.text[part.start] === '"' ? readString(read.text, part.start, part.end) : null;
  };
  return {
    said: columns.flatMap(({ name, type }) => [characters(name), characters(type)]),
    read: () =>
      columns.map((column) => ({
        name: string(column.name) ?? failColumn(read, column, 'a string as "name"'),
        type: string(column.type),
      })),
  };
}

/** The row before a change. `told` are the columns of the row after it. */
function decodeBefore(read: RecordText, told: ReadonlySet<string>, shapes: AllShapes): Before {
  const { shape, image } = decodeRow(read, 'identity', shapes.before);
  return beforeOf(image, shape, { key: primaryKeyIn(read), told });
}

function primaryKeyIn(read: Text): readonly string[] | null {
  if (!read.parts.has('pk')) return null;
  const part = text.arrayIn(read, 'pk');
  const columns: ColumnText[] = [];
  if (part) noteColumns(read.text, part.start, columns);
  return columnsOf(read, columns)
    .read()
    .map(({ name }) => name);
}

/** Says that a column is not what wal2json writes. */
function failColumn(read: Text, { start, end }: Element, expected: string): never {
  failNotWal2json(text.excerpt(read.text.slice(start, end)), expected, text.placeIn(read, start));
}
