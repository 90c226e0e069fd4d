import { Buffer, isUtf8 } from 'node:buffer';
import type { Position } from '../../change.ts';
import type { DataPlace } from '../../diagnostic/diagnostic.ts';
import { type Element, type Skip, skipMembers, skipValue } from '../../json.ts';
import { failNotUtf8 } from './refuse.ts';

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

/** Notes the members of the object, and returns where it ends. Throws a JsonError. */
export function noteMembers(read: Text, skip: Skip = skipValue): number {
  return skipMembers(read.text, read.start, (text, at, name) => {
    const end = skip(text, at, name);
    read.parts.set(name, { start: at, end });
    return end;
  });
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
export function foundAt(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? 'the end' : JSON.stringify(String.fromCodePoint(code));
}

/** The first characters of what may be long. */
export function excerpt(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
