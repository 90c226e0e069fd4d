/**
 * What a document says of one row. The mapping says where in it the row stands, and what is done to it; where it says
 * nothing, the document is the row, and an insert by key.
 */
import type { Buffer } from 'node:buffer';
import type { Change, Position } from '../../../change.ts';
import { fail } from '../../../diagnostic/diagnostic.ts';
import { hints } from '../../../diagnostic/messages.ts';
import type { Interest } from '../../../interest.ts';
import { type Element, JsonError, readLiteral } from '../../../json.ts';
import type { JsonFormat, Meaning, OperationFormat, Steps } from '../../../mapping/format.ts';
import { failNotJson } from '../refuse.ts';
import { checkUtf8, excerpt, foundAt, innerText, noteMembers, openText, placeIn, type Text } from '../text.ts';
import { type Images, openImages } from './image.ts';

export interface Documents {
  /** Throws an EtlError where the document can't be taken. */
  changeIn(bytes: Buffer, at: Position): Change;
}

export function openDocuments(format: JsonFormat, table: string, interest: Interest): Documents {
  const images = openImages(format, table, interest);
  return { changeIn: (bytes, at) => changeIn(readDocument(bytes, at), format, images) };
}

/** The members of a document, which is checked to be JSON to its last character. */
function readDocument(bytes: Buffer, at: Position): Text {
  const read = openText(bytes, at);
  checkUtf8(read);
  if (read.text[0] !== '{') fail('NO_DOCUMENT', { found: excerpt(read.text) }, { data: placeIn(read, 0) });
  try {
    noteMembers(read);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    failNotJson(foundAt(read.text, error.at), error.expected, placeIn(read, error.at));
  }
  return read;
}

function changeIn(read: Text, format: JsonFormat, images: Images): Change {
  const { at } = read;
  const meaning = format.operation ? meaningOf(read, format.operation) : 'insert';
  if (meaning === 'truncate') return { op: 'truncate', header: images.empty, at };
  const before = format.before && levelsTo(read, format.before);
  if (meaning === 'delete') {
    const levels = before ?? levelsTo(read, format.row) ?? failNoRow(read, format.before ?? format.row);
    return { op: 'delete', before: { ...images.of(levels), missing: 'unknown' }, at };
  }
  const after = images.of(levelsTo(read, format.row) ?? failNoRow(read, format.row));
  if (meaning === 'insert') return { op: 'insert', after, at };
  return { op: 'update', before: before && { ...images.of(before), missing: 'unknown' }, after, at };
}

function meaningOf(read: Text, { field, meanings }: OperationFormat): Meaning {
  const part = elementAt(read, field);
  const literal = part && readLiteral(read.text, part.start, part.end);
  const said = literal !== null && typeof literal === 'object' ? literal.json : String(literal);
  const known = literal === null ? undefined : meanings.find(([value]) => value === said);
  if (known !== undefined) return known[1];
  const found = part === null ? 'missing' : excerpt(read.text.slice(part.start, part.end));
  const data = placeIn(read, part?.start ?? 0);
  fail('UNKNOWN_OPERATION', { path: field.join('.'), found }, { data, hint: hints.operations });
}

/** The objects on the way to the one that the path leads to, which is the last; null where it leads to none. */
export function levelsTo(read: Text, path: Steps): readonly Text[] | null {
  const levels = [read];
  for (const name of path) {
    const level = levels.at(-1) as Text;
    const part = level.parts.get(name);
    if (part === undefined || level.text[part.start] !== '{') return null;
    const inner = innerText(level, part.start);
    noteMembers(inner);
    levels.push(inner);
  }
  return levels;
}

function elementAt(read: Text, path: Steps): Element | null {
  const levels = levelsTo(read, path.slice(0, -1));
  return levels?.at(-1)?.parts.get(path.at(-1) ?? '') ?? null;
}

function failNoRow(read: Text, path: Steps): never {
  const part = elementAt(read, path);
  const found = part === null ? 'none' : excerpt(read.text.slice(part.start, part.end));
  fail('NO_ROW', { path: path.join('.'), found }, { data: placeIn(read, part?.start ?? 0) });
}
