import { type DataPlace, fail } from '../../diagnostic/diagnostic.ts';
import { type Input, placeOf } from './input.ts';

/** Says that the file ends too early: inside a record, or inside the array around the records. */
export function failTruncated(input: Input): never {
  if (input.recordStart === null) fail('TRUNCATED_INPUT', { part: 'array' }, { data: placeOf(input) });
  fail('TRUNCATED_INPUT', { part: 'record' }, { data: placeOf(input, input.recordStart) });
}

/** Says that the next byte is not what the structure needs there. */
export function failUnexpected(input: Input, expected: string): never {
  const found = input.bytes[input.at];
  if (found === undefined) failTruncated(input);
  failNotJson(nameOf(found), expected, placeOf(input));
}

/** What the next value is, which is no object. */
export function kindOfValue(input: Input): string {
  const found = String.fromCharCode(input.bytes[input.at] ?? 0);
  const kind = KINDS.find(([starts]) => starts.includes(found));
  return kind === undefined ? failUnexpected(input, 'a value') : kind[1];
}

/** What a value is, by its first character. */
const KINDS = [
  ['[', 'an array'],
  ['"', 'a string'],
  ['-0123456789', 'a number'],
  ['tf', 'a boolean'],
  ['n', 'null'],
] as const;

export function failNotJson(found: string, expected: string, data: DataPlace): never {
  fail('NOT_JSON', { found, expected }, { data });
}

export function failNotUtf8(data: DataPlace): never {
  fail('NOT_UTF8', undefined, { data });
}

/** Names a byte by its character, or by its number where it is none of its own, or can't be seen. */
function nameOf(byte: number): string {
  const isVisible = byte > 0x20 && byte < 0x7f;
  return isVisible ? JSON.stringify(String.fromCharCode(byte)) : `the byte 0x${byte.toString(16).padStart(2, '0')}`;
}
