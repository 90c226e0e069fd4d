/** How the records of a place are written, told from its first bytes. */
import { type Buffer, isUtf8 } from 'node:buffer';
import { fail } from '../diagnostic/diagnostic.ts';
import { hints } from '../diagnostic/messages.ts';
import { defaultMode, encodingOf, type Format, ROWS } from '../mapping/format.ts';
import { readBytes } from '../source/file.ts';
import { findFiles, isStream } from '../source/place.ts';
import type { Source } from '../source/read.ts';
import { envelopeOf } from './envelope.ts';
import { readImages } from './sample.ts';

/** The formats that files have. */
export const FORMATS = ['wal2json', 'csv', 'json'] as const;
export type FileFormat = (typeof FORMATS)[number];

/** Documents that tell how they are wrapped. */
const DOCUMENTS = 1_000;

/**
 * A source as a mapping would declare it; `told` is a format that somebody says. Throws an EtlError where there is nothing
 * to read, or no way to read it more than once.
 */
export async function detectSource(path: string, told: FileFormat | null): Promise<Source> {
  if (await isStream(path)) fail('SAMPLE_IS_STREAM', undefined, { data: { file: path }, hint: hints.saveSample });
  const head = await headOf(path);
  if (head === null) fail('NO_SAMPLE', undefined, { data: { file: path } });
  const kind = told ?? kindOf(head, path);
  const format = formatOf(kind, head);
  const source: Source = { path, format, mode: defaultMode(format), table: '' };
  if (format.kind !== 'json') return source;
  return { ...source, format: { ...format, ...envelopeOf(await readImages(source, DOCUMENTS)) } };
}

/** The first bytes of the first file that has any. */
async function headOf(path: string): Promise<Buffer | null> {
  for (const file of await findFiles(path)) for await (const bytes of readBytes(file)) return bytes;
  return null;
}

/** A member of an object that holds no brackets. */
const MEMBER = String.raw`"(?:[^"\\]|\\.)*"\s*:\s*(?:"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null)\s*,\s*`;
const START = String.raw`^\ufeff?\s*(?:\[\s*)?\{\s*`;
const VERSION_1 = new RegExp(String.raw`${START}(?:${MEMBER}){0,20}"change"\s*:\s*\[`);
const VERSION_2 = new RegExp(String.raw`${START}(?:${MEMBER}){0,20}"action"\s*:\s*"[BCIUDTM]"`);
const JSON_TEXT = /^\ufeff?\s*[[{]/;

/** Long heads of records are looked at no further. */
const LOOKED_AT = 1 << 14;

function kindOf(head: Buffer, path: string): FileFormat {
  const text = head.toString('utf8', 0, LOOKED_AT);
  if (text.includes('\0') && encodingIn(head)?.unit !== 2)
    fail('SAMPLE_FORMAT', undefined, { data: { file: path }, hint: hints.sayFormat });
  if (VERSION_1.test(text) || VERSION_2.test(text)) return 'wal2json';
  return JSON_TEXT.test(text) ? 'json' : 'csv';
}

function formatOf(kind: FileFormat, head: Buffer): Format {
  switch (kind) {
    case 'wal2json':
      return { kind };
    case 'json':
      return ROWS;
    case 'csv': {
      const encoding = encodingIn(head);
      const text = new TextDecoder(encoding?.name).decode(head);
      return { kind, delimiter: delimiterIn(text), encoding: encoding ?? { name: 'utf-8', unit: null } };
    }
  }
}

/** Null where the bytes are UTF-8. */
function encodingIn(head: Buffer): ReturnType<typeof encodingOf> {
  const [first, second] = head;
  if (first === 0xff && second === 0xfe) return encodingOf('utf-16le');
  if (first === 0xfe && second === 0xff) return encodingOf('utf-16be');
  // The last character may be cut.
  const isText = [0, 1, 2, 3].some((cut) => isUtf8(head.subarray(0, head.length - cut)));
  return isText ? null : encodingOf('latin1');
}

const DELIMITERS = [',', ';', '\t', '|'];

/** What stands most often in the first line, outside of quotes. */
function delimiterIn(text: string): string {
  const [line = ''] = text.replaceAll(/"(?:[^"]|"")*"/g, '').split(/\r?\n/);
  const counts = DELIMITERS.map((delimiter) => line.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}
