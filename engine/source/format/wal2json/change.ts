import type { Buffer } from 'node:buffer';
import type { Change, Position } from '../../../change.ts';
import { fail } from '../../../diagnostic/diagnostic.ts';
import { type Element, elements, members, readLiteral, skipValue } from '../../../json.ts';
import { failCount, type Shapes } from './shape.ts';
import { arrayIn, checkUtf8, failMember, partsOf, placeIn, stringIn, type Text } from './text.ts';

interface ChangeText extends Text {
  /** The elements of "columnvalues". */
  readonly values: readonly Element[];
}

/** Decodes one change of a transaction; null for a message, which is of no table. */
export function decodeChange(bytes: Buffer, at: Position, shapes: Shapes): Change | null {
  const read = readChange(bytes, at, shapes);
  const kind = stringIn(read, 'kind');
  switch (kind) {
    case 'insert':
      return decodeInsert(read, shapes);
    case 'message':
      return null;
    case 'update':
    case 'delete':
    case 'truncate': {
      const table = stringIn(read, 'table');
      return fail('CHANGE_NOT_SUPPORTED', { what: kind, table }, { data: placeIn(read, 0) });
    }
    default:
      failMember(read, 'kind', 'insert, update, delete or message');
  }
}

/** Reads a change in one walk over its characters. */
function readChange(bytes: Buffer, at: Position, shapes: Shapes): ChangeText {
  const text = bytes.toString();
  const read = { text, bytes, at, lead: 0, parts: new Map<string, Element>(), values: [] as Element[] };
  const skip = (_: string, start: number, name: string): number => {
    if (name === 'columnvalues' && text[start] === '[') return noteElements(text, start, read.values);
    if (name === 'columnnames' || name === 'columntypes')
      return shapes.skip(read, start, name) ?? skipValue(text, start);
    return skipValue(text, start);
  };
  return partsOf(read, members(text, 0, skip));
}

function noteElements(text: string, start: number, found: Element[]): number {
  // Of a member that stands there twice the last one counts.
  found.length = 0;
  const rest = elements(text, start);
  let next = rest.next();
  for (; !next.done; next = rest.next()) found.push(next.value);
  return next.value;
}

function decodeInsert(read: ChangeText, shapes: Shapes): Change {
  const { header, wanted, count } = shapes.of(read);
  arrayIn(read, 'columnvalues') ?? failMember(read, 'columnvalues', 'an array');
  if (read.values.length !== count) failCount(read, header.table, count, read.values.length, 'values');
  if (wanted !== null) checkUtf8(read);
  const picked = read.values.filter((_, index) => wanted?.[index]);
  const values = picked.map(({ start, end }) => readLiteral(read.text, start, end));
  return { op: 'insert', after: { header, values }, at: read.at };
}
