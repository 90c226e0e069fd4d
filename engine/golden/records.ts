import { Buffer } from 'node:buffer';
import { extract } from '../expression/operation/path.ts';
import type { Format } from '../mapping/format.ts';
import { readBytes } from '../source/file.ts';
import { readFile } from '../source/read-file.ts';

/** An input taken apart, so that it can be laid out in other ways. */
export interface Records {
  /** What stands before the first record in every layout: the header of csv. */
  readonly lead: Buffer;
  /** Each with what ends it. */
  readonly records: readonly Buffer[];
}

/** The transactions of an input, as its format tells where they begin and end. */
export async function readRecords(file: string, format: Format): Promise<Records> {
  const stretches: Buffer[] = [];
  for await (const stretch of readBytes(file)) stretches.push(stretch);
  const bytes = Buffer.concat(stretches);
  const spans: { readonly from: number; readonly offset: number }[] = [];
  const source = { format, table: '' };
  for await (const { items } of readFile({ path: file, state: null, match: null }, { source, interest: [] }))
    for (const item of items) if (item.op === 'commit') spans.push(item);
  const records = spans.map(({ from, offset }) => bytes.subarray(from, offset));
  if (format.kind === 'csv') return { lead: bytes.subarray(0, spans[0]?.from ?? bytes.length), records };
  return { lead: Buffer.alloc(0), records: records.map((record) => Buffer.concat([record, LINE_END])) };
}

const LINE_END = Buffer.from('\n');

/**
 * The records with their tables arriving in the opposite order; within a table the order stays.
 *
 * Null where a transaction holds more than one change: then the order between tables is part of what it says.
 */
export function reordered({ lead, records }: Records, { kind }: Format): Records | null {
  if (kind !== 'wal2json') return { lead, records };
  const byTable = new Map<string, Buffer[]>();
  for (const bytes of records) {
    const record = bytes.toString();
    if (extract(record, ['change', 1]) !== null) return null;
    const table = extract(record, ['change', 0, 'table']) ?? '';
    byTable.set(table, [...(byTable.get(table) ?? []), bytes]);
  }
  return { lead, records: [...byTable.values()].reverse().flat() };
}

/** The records in so many parts, some of which may be empty. */
export function inParts(records: readonly Buffer[], count: number): readonly (readonly Buffer[])[] {
  const size = Math.max(1, Math.ceil(records.length / count));
  return Array.from({ length: count }, (_, n) => records.slice(n * size, (n + 1) * size));
}
