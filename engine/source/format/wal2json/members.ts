import { type Element, elements, JsonError, readString, type Skip } from '../../../json.ts';
import { failNotJson } from '../refuse.ts';
import { excerpt, foundAt, noteMembers, placeIn, type Text } from '../text.ts';
import { failIfBareType } from './defect.ts';
import { failNotWal2json } from './refuse.ts';

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
    elements(read.text, part.start).map(({ start, end }) => {
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
