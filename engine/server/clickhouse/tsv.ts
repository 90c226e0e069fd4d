/** Tab-separated values as ClickHouse has them: https://clickhouse.com/docs/interfaces/formats/TabSeparated */
import type { TextRow } from './client.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\\': '\\\\',
};

const MEANINGS = new Map(Object.entries(ESCAPES).map(([character, written]) => [written, character]));

const ESCAPED = /[\0\b\f\n\r\t\\]/g;

/** A text as one value of a line. */
export function tsvText(text: string): string {
  return text.replace(ESCAPED, (character) => ESCAPES[character] ?? character);
}

/** Bytes as one value of a line: not every string of ClickHouse is UTF-8. */
export function tsvBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').replace(/../g, '\\x$&');
}

export const TSV_NULL = '\\N';

/** The values of lines, without what escapes them. */
export function readTsv(text: string): readonly TextRow[] {
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line) => line.split('\t').map(readValue));
}

function readValue(value: string): string | null {
  if (value === TSV_NULL) return null;
  return value.includes('\\') ? value.replace(/\\(.)/g, (written, next) => MEANINGS.get(written) ?? next) : value;
}
