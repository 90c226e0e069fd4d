import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { extract } from '../expression/path.ts';
import { type Element, elements, skipSpace, skipValue } from '../json.ts';
import { isGzip } from '../source/gzip.ts';

/** The records of an input, each as its own text, so that they can be laid out in other ways. */
export async function readRecords(file: string): Promise<readonly string[]> {
  const bytes = await readFile(file);
  const text = (isGzip(bytes) ? gunzipSync(bytes) : bytes).toString('utf8').replace(/^\uFEFF/, '');
  const start = skipSpace(text, 0);
  const spans = text[start] === '[' ? [...elements(text, start)] : sequence(text, start);
  return spans.map(({ start, end }) => text.slice(start, end));
}

function sequence(text: string, start: number): readonly Element[] {
  const spans: Element[] = [];
  for (let at = start; at < text.length; ) {
    const end = skipValue(text, at);
    spans.push({ start: at, end });
    at = skipSpace(text, end);
  }
  return spans;
}

/**
 * The records with their tables arriving in the opposite order; within a table the order stays.
 *
 * Null where a transaction holds more than one change: then the order between tables is part of what it says.
 */
export function reordered(records: readonly string[]): readonly string[] | null {
  const byTable = new Map<string, string[]>();
  for (const record of records) {
    if (extract(record, ['change', 1]) !== null) return null;
    const table = extract(record, ['change', 0, 'table']) ?? '';
    byTable.set(table, [...(byTable.get(table) ?? []), record]);
  }
  return [...byTable.values()].reverse().flat();
}

/** The records in so many parts, none of them empty. */
export function inParts(records: readonly string[], count: number): readonly (readonly string[])[] {
  const size = Math.max(1, Math.ceil(records.length / count));
  return Array.from({ length: Math.ceil(records.length / size) }, (_, n) => records.slice(n * size, (n + 1) * size));
}
