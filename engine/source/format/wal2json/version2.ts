/** Records of version 2, each one change. What they tell of a row is a list of its columns, an object each. */
import type { Buffer } from 'node:buffer';
import type { Before, Change, Image, Position } from '../../../change.ts';
import type { Interest } from '../../../interest.ts';
import { skipValue } from '../../../json.ts';
import type { Text } from '../text.ts';
import * as text from '../text.ts';
import { beforeOf } from './before.ts';
import { type ColumnText, columnsOf, noteColumns, valuesOf } from './columns.ts';
import { arrayIn, failMember, readMembers, stringIn } from './members.ts';
import { imageOf, openShapes, type Shape, type Shapes } from './shape.ts';

/** What a record is about: the begin and the commit of a transaction, a row, a table, or a message. */
const ACTIONS = ['B', 'C', 'I', 'U', 'D', 'T', 'M'] as const;
export type Action = (typeof ACTIONS)[number];

export interface RecordText {
  readonly read: Text;
  /** The two lists that tell a row. */
  readonly columns: ColumnText[];
  readonly identity: ColumnText[];
}

interface AllShapes {
  readonly after: Shapes;
  readonly before: Shapes;
}

/** Reads a record in one walk over its characters. */
function readRecord(bytes: Buffer, at: Position, shapes: AllShapes): RecordText {
  const record: RecordText = { read: text.openText(bytes, at), columns: [], identity: [] };
  const { read, columns, identity } = record;
  readMembers(read, (all, start, name) => {
    if (all[start] !== '[') return skipValue(all, start);
    if (name === 'columns') return noteColumns(all, start, columns, shapes.after.last(read)?.said);
    if (name === 'identity') return noteColumns(all, start, identity, shapes.before.last(read)?.said);
    return skipValue(all, start);
  });
  return record;
}

/** What a record is about. Refuses what is no record of version 2, and none of version 1 either. */
export function actionIn({ read }: RecordText): Action {
  if (!read.parts.has('action')) failMember(read, 'change', 'an array');
  const action = stringIn(read, 'action');
  return ACTIONS.find((each) => each === action) ?? failMember(read, 'action', 'B, C, I, U, D, T or M');
}

export interface Version2 {
  /** Reads a record, which need not be one of version 2. */
  readonly read: (bytes: Buffer, at: Position) => RecordText;
  /** Decodes what a record says of a row or a table; null where that is nothing. */
  readonly decode: (record: RecordText, action: Action) => Change | null;
}

export function openVersion2(interest: Interest): Version2 {
  const shapes = { after: openShapes(interest, primaryKeyIn), before: openShapes(interest, primaryKeyIn) };
  return {
    read: (bytes, at) => readRecord(bytes, at, shapes),
    decode: (record, action) => decode(record, action, shapes),
  };
}

function decode(record: RecordText, action: Action, shapes: AllShapes): Change | null {
  const { read } = record;
  const { at } = read;
  switch (action) {
    case 'I':
      return { op: 'insert', after: decodeRow(record, 'columns', shapes.after).image, at };
    case 'U': {
      const { image: after, shape } = decodeRow(record, 'columns', shapes.after);
      const before = read.parts.has('identity') ? decodeBefore(record, shape.names, shapes) : null;
      return { op: 'update', before, after, at };
    }
    case 'D':
      return { op: 'delete', before: decodeBefore(record, NONE, shapes), at };
    case 'T':
      return { op: 'truncate', header: shapes.after.of(read, { said: [], read: () => [] }).header, at };
    case 'B':
    case 'C':
    case 'M':
      return null;
  }
}

const NONE: ReadonlySet<string> = new Set();

function decodeRow(
  { read, columns, identity }: RecordText,
  member: 'columns' | 'identity',
  shapes: Shapes,
): { readonly shape: Shape; readonly image: Image } {
  arrayIn(read, member) ?? failMember(read, member, 'an array');
  const told = member === 'columns' ? columns : identity;
  const shape = shapes.of(read, columnsOf(read, told));
  const values = valuesOf(read, told);
  return { shape, image: imageOf(shape, read, values) };
}

/** The row before a change; `told` are the columns of the row after it. A NULL is told in both. */
function decodeBefore(record: RecordText, told: ReadonlySet<string>, shapes: AllShapes): Before {
  const { shape, image } = decodeRow(record, 'identity', shapes.before);
  return beforeOf(image, shape, { key: primaryKeyIn(record.read), told });
}

function primaryKeyIn(read: Text): readonly string[] | null {
  const part = arrayIn(read, 'pk');
  if (part === null) return null;
  const columns: ColumnText[] = [];
  noteColumns(read.text, part.start, columns);
  return columnsOf(read, columns)
    .read()
    .map(({ name }) => name);
}
