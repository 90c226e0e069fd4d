import { Buffer, isUtf8 } from 'node:buffer';
import type { Position } from '../../../change.ts';
import type { DataPlace } from '../../../diagnostic/diagnostic.ts';
import { type Element, elements, JsonError, members, readString, type Skip } from '../../../json.ts';
import { failIfBareType } from './defect.ts';
import { failNotJson, failNotUtf8, failNotWal2json } from './refuse.ts';

/** An object of the file as text. Bytes that are no UTF-8 stand in it as U+FFFD. */
export interface Text {
  readonly text: string;
  /** Where the object starts in `text`. */
  readonly start: number;
  /** Its members by name; of duplicates the last, as JSON.parse has it. */
  readonly parts: Map<string, Element>;
  /** Where its bytes stand in the file. */
  readonly at: Position;
  readonly bytes: Buffer;
  /** Units of `text` before those bytes: what was put there to make an object of a part of one. */
  readonly lead: number;
}

/** An object whose members are not read yet; with `before` and `behind` what becomes one. */
export function openText(bytes: Buffer, at: Position, before = '', behind = ''): Text {
  const text = before + bytes.toString() + behind;
  return { text, start: 0, parts: new Map(), at, bytes, lead: before.length };
}

/** An object inside of another. */
export function innerText({ text, at, bytes, lead }: Text, start: number): Text {
  return { text, start, parts: new Map(), at, bytes, lead };
}

/** Reads the members of the object, which is checked to be JSON to its last character. */
export function readMembers(read: Text, skip?: Skip): Text {
  try {
    noteMembers(read, skip);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    failIfBareType(read.text, error.at, placeIn(read, error.at));
    failNotJson(foundAt(read.text, error.at), error.expected, placeIn(read, error.at));
  }
  return read;
}

/** Notes the members of the object, and returns where it ends. Throws a JsonError. */
export function noteMembers(read: Text, skip?: Skip): number {
  const rest = members(read.text, read.start, skip);
  let next = rest.next();
  for (; !next.done; next = rest.next()) read.parts.set(next.value.name, next.value);
  return next.value;
}

/** The characters of a member; none where it is missing. */
export function charactersOf({ text, parts }: Text, name: string): string {
  const part = parts.get(name);
  return part === undefined ? '' : text.slice(part.start, part.end);
}

/** A member that is a string; null where it is missing or null. */
export function stringIn(read: Text, name: string): string | null {
  const part = read.parts.get(name);
  if (part === undefined || read.text[part.start] === 'n') return null;
  if (read.text[part.start] !== '"') failMember(read, name, 'a string');
  return readString(read.text, part.start, part.end);
}

/** A member that is an array; null where it is missing. */
export function arrayIn(read: Text, name: string): Element | null {
  const part = read.parts.get(name) ?? null;
  if (part !== null && read.text[part.start] !== '[') failMember(read, name, 'an array');
  return part;
}

/** A member that is an array of strings; null where it is missing. */
export function stringsIn(read: Text, name: string): readonly string[] | null {
  const part = arrayIn(read, name);
  return (
    part &&
    [...elements(read.text, part.start)].map(({ start, end }) => {
      if (read.text[start] !== '"') failMember(read, name, 'an array of strings');
      return readString(read.text, start, end);
    })
  );
}

/** Says that a member is not what wal2json writes, or is missing. */
export function failMember(read: Text, name: string, expected: string): never {
  const part = read.parts.get(name);
  const found = part === undefined ? `an object with ${namesIn(read)}` : excerpt(read.text.slice(part.start, part.end));
  failNotWal2json(found, `${expected} as "${name}"`, placeIn(read, part?.start ?? read.start));
}

function namesIn({ parts }: Text): string {
  const names = [...parts.keys()].map((name) => JSON.stringify(excerpt(name)));
  return names.length === 0 ? 'no member' : `${names.slice(0, 8).join(', ')}${names.length > 8 ? ', ...' : ''}`;
}

/** Refuses bytes that are no UTF-8, at the first of them. */
export function checkUtf8(read: Pick<Text, 'bytes' | 'at'>): void {
  if (isUtf8(read.bytes)) return;
  const text = read.bytes.toString();
  let [from, offset] = [0, 0];
  for (let index = text.indexOf(REPLACEMENT); index !== -1; index = text.indexOf(REPLACEMENT, index + 1)) {
    offset += Buffer.byteLength(text.slice(from, index));
    from = index;
    // Before the first wrong byte all are right, so a U+FFFD that the file itself holds stands at its own place.
    if (read.bytes.subarray(offset, offset + WRITTEN.length).equals(WRITTEN)) continue;
    failNotUtf8({ file: read.at.file, record: read.at.record, offset: read.at.offset + offset });
  }
}

/** What stands in a text for bytes that are no UTF-8, and how it is written where a file holds it itself. */
const REPLACEMENT = '\ufffd';
const WRITTEN = Buffer.from(REPLACEMENT);

/**
 * A place of the text as a place of the file, for what is wrong there.
 *
 * Where bytes are no UTF-8 nothing behind them has a place, and they are what is wrong: they are refused instead.
 */
export function placeIn(read: Text, index: number): DataPlace {
  checkUtf8(read);
  const { text, at, lead } = read;
  const before = Buffer.byteLength(text.slice(lead, Math.max(lead, index)));
  return { file: at.file, record: at.record, offset: at.offset + before };
}

/** Gives the place among the bytes for a place in the text, all of which are UTF-8 and stand behind no lead. */
export function byteIn({ text, bytes }: Text): (index: number) => number {
  const isAscii = text.length === bytes.length;
  return (index) => (isAscii ? index : Buffer.byteLength(text.slice(0, index)));
}

/** The character there; a control character is named by its escape. */
function foundAt(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? 'the end' : JSON.stringify(String.fromCodePoint(code));
}

/** The first characters of what may be long. */
export function excerpt(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
