/** Decodes bytes of any format, wherever they are cut. */
import type { Diagnostic } from '../../engine/diagnostic/diagnostic.ts';
import type { Interest } from '../../engine/interest.ts';
import {
  type Decoder,
  FROM_THE_START,
  type Item,
  type Opening,
  type Start,
} from '../../engine/source/format/decoder.ts';
import { errorOf, everything } from './reading.ts';

export interface Decoding {
  /** Lengths of the stretches, the last one over and over; all at once where there is none. */
  readonly lengths?: readonly number[];
  readonly start?: Start;
  readonly interest?: Interest;
  readonly grows?: boolean;
}

export interface Decoded {
  readonly items: readonly Item[];
  /** With each commit what it takes to start again behind it. */
  readonly starts: readonly Start[];
  readonly error: Diagnostic | null;
}

export async function decodeWith(
  open: (opening: Opening) => Decoder | Promise<Decoder>,
  bytes: Buffer,
  { lengths = [], start = FROM_THE_START, interest = everything, grows = false }: Decoding = {},
): Promise<Decoded> {
  const [items, starts]: [Item[], Start[]] = [[], []];
  const error = await errorOf(async () => {
    const decoder = await open({
      file: 'file',
      start,
      interest,
      table: 'sheet',
      head: () => stretches(bytes, 0, lengths),
      grows,
    });
    const take = (found: Iterable<Item>) => {
      for (const item of found) {
        items.push(item);
        if (item.op === 'commit') starts.push({ bytes: item.offset, records: item.records, shape: decoder.shape });
      }
    };
    for await (const stretch of stretches(bytes, start.bytes, lengths)) take(decoder.push(stretch));
    take(decoder.finish());
  });
  return { items, starts, error };
}

async function* stretches(bytes: Buffer, from: number, lengths: readonly number[]): AsyncGenerator<Buffer> {
  for (let at = from, turn = 0; at < bytes.length; turn++) {
    const length = lengths[Math.min(turn, lengths.length - 1)] ?? bytes.length;
    yield Buffer.from(bytes.subarray(at, at + length));
    at += length;
  }
}

/** The rows of all inserts, each as its columns say. */
export function rowsIn(items: readonly Item[]): readonly Record<string, unknown>[] {
  return items.flatMap((item) =>
    item.op === 'insert'
      ? [Object.fromEntries(item.after.header.columns.map(({ name }, n) => [name, item.after.values[n]]))]
      : [],
  );
}

/** What was bad: the code, the record, and where in the file it starts and how many bytes it takes. */
export function badIn(items: readonly Item[]): readonly string[] {
  return items.flatMap((item) =>
    item.op === 'bad' ? [`${item.diagnostic.code} ${item.at.record} ${item.at.offset}+${item.size}`] : [],
  );
}
