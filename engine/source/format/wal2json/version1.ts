/** Changes of version 1. What they tell of a row stands in three lists side by side: its names, types and values. */
import { type Buffer, isUtf8 } from 'node:buffer';
import type { Before, Change, Image, Position } from '../../../change.ts';
import { fail } from '../../../diagnostic/diagnostic.ts';
import type { Interest } from '../../../interest.ts';
import { type Element, type Skip, skipElements, skipSpace, skipValue } from '../../../json.ts';
import { COMMA } from '../input.ts';
import { failNotJson } from '../refuse.ts';
import type { Text } from '../text.ts';
import * as text from '../text.ts';
import { beforeOf } from './before.ts';
import { failCommaBeforeMessage } from './defect.ts';
import { arrayIn, charactersOf, failMember, readMembers, stringIn, stringsIn } from './members.ts';
import type { ReadList } from './pattern.ts';
import { type Columns, imageOf, openShapes, type Shape, type Shapes } from './shape.ts';
import type { Templates } from './template.ts';

/** The names of the three lists in a change, and in its "oldkeys". */
const COLUMNS = { of: 'column', names: 'columnnames', types: 'columntypes', values: 'columnvalues' } as const;
const KEYS = { of: 'key', names: 'keynames', types: 'keytypes', values: 'keyvalues' } as const;

/** The lists that tell a row. */
interface Lists {
  readonly named: typeof COLUMNS | typeof KEYS;
  /** The object they stand in. */
  readonly read: Text;
  /** The elements of the list of values. */
  readonly values: Element[];
  /** Null until the row is decoded. */
  shape: Shape | null;
}

interface ChangeText {
  readonly read: Text;
  readonly columns: Lists;
  /** The last "oldkeys" that is an object. */
  keys: Lists | null;
}

interface AllShapes {
  readonly after: Shapes;
  readonly before: Shapes;
}

/** Makes the function that decodes one change of a transaction; it gives null for a message, which is of no table. */
export function openVersion1(interest: Interest, templates: Templates): (bytes: Buffer, at: Position) => Change | null {
  const shapes = { after: openShapes(interest, primaryKeyIn), before: openShapes(interest, primaryKeyIn) };
  return (bytes, at) => {
    if (bytes[0] === COMMA) failComma(bytes, at);
    if (isUtf8(bytes) && templates.match(bytes, 0) === bytes.length) return templates.change(bytes, at);
    const read = readChange(bytes, at, shapes);
    const change = decode(read, shapes);
    if (change !== null && isUtf8(bytes)) templates.learn(bytes, change, listsIn(read));
    return change;
  };
}

/** The lists of values that were decoded, in the order of their bytes. */
function listsIn({ columns, keys, read }: ChangeText): readonly ReadList[] {
  const place = text.byteIn(read);
  const listOf = (of: ReadList['of'], { values, shape }: Lists): readonly ReadList[] =>
    shape === null
      ? []
      : [
          {
            of,
            wanted: shape.wanted,
            values: values.map(({ start, end }) => ({ start: place(start), end: place(end) })),
          },
        ];
  const lists = [...listOf('after', columns), ...(keys === null ? [] : listOf('before', keys))];
  return lists.sort((a, b) => (a.values[0]?.start ?? 0) - (b.values[0]?.start ?? 0));
}

function decode(change: ChangeText, shapes: AllShapes): Change | null {
  const { read, columns } = change;
  const { at } = read;
  switch (stringIn(read, 'kind')) {
    case 'insert':
      return { op: 'insert', after: decodeRow(read, columns, shapes.after).image, at };
    case 'update': {
      const { image: after } = decodeRow(read, columns, shapes.after);
      return { op: 'update', before: decodeBefore(change, shapes), after, at };
    }
    case 'delete':
      return { op: 'delete', before: decodeBefore(change, shapes) ?? failKeys(read), at };
    case 'message':
      return null;
    default:
      failMember(read, 'kind', 'insert, update, delete or message');
  }
}

/** Reads a change in one walk over its characters. */
function readChange(bytes: Buffer, at: Position, shapes: AllShapes): ChangeText {
  const read = text.openText(bytes, at);
  const change: ChangeText = { read, columns: { named: COLUMNS, read, values: [], shape: null }, keys: null };
  const skipColumns = skipLists(read, change.columns, shapes.after);
  readMembers(read, (all, start, name) => {
    if (name !== 'oldkeys' || all[start] !== '{') return skipColumns(all, start, name);
    change.keys = { named: KEYS, read: text.innerText(read, start), values: [], shape: null };
    return text.noteMembers(change.keys.read, skipLists(read, change.keys, shapes.before));
  });
  return change;
}

/** Notes the values on its way, and goes over names and types at once where they are those of the table's last row. */
function skipLists(change: Text, { named, values }: Lists, shapes: Shapes): Skip {
  return (all, start, name) => {
    if (name === named.values && all[start] === '[') return noteElements(all, start, values);
    if (name !== named.names && name !== named.types) return skipValue(all, start);
    const same = shapes.last(change)?.said[name === named.names ? 0 : 1];
    return same && all.slice(start, start + same.length) === same ? start + same.length : skipValue(all, start);
  };
}

function noteElements(all: string, start: number, found: Element[]): number {
  // Of a member that stands there twice the last one counts.
  found.length = 0;
  return skipElements(all, start, (_, at) => {
    const end = skipValue(all, at);
    found.push({ start: at, end });
    return end;
  });
}

function decodeRow(change: Text, lists: Lists, shapes: Shapes): { readonly shape: Shape; readonly image: Image } {
  const { named, read, values } = lists;
  const shape = shapes.of(change, columnsOf(change, lists));
  arrayIn(read, named.values) ?? failMember(read, named.values, 'an array');
  if (values.length !== shape.count) failCount(lists, shape.header.table, shape.count, values.length, 'values');
  lists.shape = shape;
  return { shape, image: imageOf(shape, read, values) };
}

function columnsOf(change: Text, lists: Lists): Columns {
  const { named, read } = lists;
  return {
    said: [charactersOf(read, named.names), charactersOf(read, named.types)],
    read: () => {
      const names = stringsIn(read, named.names) ?? failMember(read, named.names, 'an array');
      const types = stringsIn(read, named.types);
      const table = stringIn(change, 'table') ?? '';
      if (types !== null && types.length !== names.length) failCount(lists, table, names.length, types.length, 'types');
      return names.map((name, index) => ({ name, type: types?.[index] ?? null }));
    },
  };
}

/** The row before the change; null where the change does not tell it. */
function decodeBefore({ read, keys }: ChangeText, shapes: AllShapes): Before | null {
  const part = read.parts.get('oldkeys');
  if (part === undefined || read.text[part.start] === 'n') return null;
  if (keys === null || read.text[part.start] !== '{') return failKeys(read);
  const { shape, image } = decodeRow(read, keys, shapes.before);
  return beforeOf(image, shape, { key: primaryKeyIn(read), told: NONE });
}

/** NULLs of the row are left out, so that no column is known to be missing. */
const NONE: ReadonlySet<string> = new Set();

function primaryKeyIn(read: Text): readonly string[] | null {
  const part = read.parts.get('pk');
  if (part === undefined || read.text[part.start] !== '{') return null;
  const key = text.innerText(read, part.start);
  readMembers(key);
  return stringsIn(key, 'pknames');
}

function failKeys(read: Text): never {
  failMember(read, 'oldkeys', 'an object');
}

/** Says that a row has not as many of one thing as it has names. */
function failCount({ named, read }: Lists, table: string, names: number, other: number, of: 'types' | 'values'): never {
  const data = text.placeIn(read, read.start);
  fail('NAMES_VALUES_DIFFER', { list: named.of, table, names, other, of }, { data });
}

/** Says what is wrong with a change that starts with a comma: wal2json itself may have written it. */
function failComma(bytes: Buffer, at: Position): never {
  const { file, record, offset } = at;
  const behind = text.openText(bytes.subarray(1), { ...at, offset: offset + 1 });
  const read = text.innerText(behind, skipSpace(behind.text, 0));
  readMembers(read);
  const isLone = stringIn(read, 'kind') === 'message' && charactersOf(read, 'transactional') === 'false';
  if (isLone) failCommaBeforeMessage({ file, record, offset });
  failNotJson('","', 'a value', { file, record, offset });
}
