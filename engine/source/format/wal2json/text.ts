import { Buffer, isUtf8 } from 'node:buffer';
import type { Position } from '../../../change.ts';
import type { DataPlace } from '../../../diagnostic/diagnostic.ts';
import { type Element, JsonError, type Member, members, readString } from '../../../json.ts';
import { failNotJson, failNotUtf8, failNotWal2json } from './refuse.ts';

/** An object of the file as text. Bytes that are no UTF-8 stand in it as U+FFFD. */
export interface Text {
  readonly text: string;
  /** The members by name; of duplicates the last, as JSON.parse has it. */
  readonly parts: ReadonlyMap<string, Element>;
  /** Where its bytes stand in the file. */
  readonly at: Position;
  readonly bytes: Buffer;
  /** Units of `text` before those bytes: what was put there to make an object of a part of one. */
  readonly lead: number;
}

/** Reads an object, or with `before` and `behind` what becomes one. It is checked to be JSON to its last character. */
export function readText(bytes: Buffer, at: Position, before = '', behind = ''): Text {
  const text = before + bytes.toString() + behind;
  return partsOf({ text, at, bytes, lead: before.length, parts: new Map() }, members(text, 0));
}

/** Takes the parts of a text from its members, and says where they end to be JSON. */
export function partsOf<T extends Text & { readonly parts: Map<string, Element> }>(
  read: T,
  found: Iterable<Member>,
): T {
  try {
    for (const member of found) read.parts.set(member.name, member);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    checkUtf8(read);
    failNotJson(foundAt(read.text, error.at), error.expected, placeIn(read, error.at));
  }
  return read;
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

/** Says that a member is not what wal2json writes, or is missing. */
export function failMember(read: Text, name: string, expected: string): never {
  const part = read.parts.get(name);
  const found = part === undefined ? `an object with ${namesIn(read)}` : excerpt(read.text.slice(part.start, part.end));
  failNotWal2json(found, `${expected} as "${name}"`, placeIn(read, part?.start ?? 0));
}

function namesIn({ parts }: Text): string {
  const names = [...parts.keys()].map((name) => JSON.stringify(excerpt(name)));
  return names.length === 0 ? 'no member' : `${names.slice(0, 8).join(', ')}${names.length > 8 ? ', ...' : ''}`;
}

/** Refuses bytes that are no UTF-8, at the first of them. */
export function checkUtf8(read: Text): void {
  if (isUtf8(read.bytes)) return;
  const text = read.bytes.toString();
  for (let index = text.indexOf(REPLACEMENT); index !== -1; index = text.indexOf(REPLACEMENT, index + 1)) {
    const offset = Buffer.byteLength(text.slice(0, index));
    // Before the first wrong byte all are right, so a U+FFFD that the file itself holds stands at its own place.
    if (read.bytes.subarray(offset, offset + WRITTEN.length).equals(WRITTEN)) continue;
    failNotUtf8({ file: read.at.file, record: read.at.record, offset: read.at.offset + offset });
  }
}

/** What stands in a text for bytes that are no UTF-8, and how it is written where a file holds it itself. */
const REPLACEMENT = '\ufffd';
const WRITTEN = Buffer.from(REPLACEMENT);

/** A place of the text as a place of the file. */
export function placeIn({ text, at, lead }: Text, index: number): DataPlace {
  const before = Buffer.byteLength(text.slice(lead, Math.max(lead, index)));
  return { file: at.file, record: at.record, offset: at.offset + before };
}

/** The character there; a control character is named by its escape. */
function foundAt(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? 'the end' : JSON.stringify(String.fromCodePoint(code));
}

function excerpt(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
