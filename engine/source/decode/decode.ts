import { Buffer } from 'node:buffer';
import { basename } from 'node:path';
import type { FileMark } from '../../change.ts';
import type { Interest } from '../../interest.ts';
import { type Format, ROWS } from '../../mapping/format.ts';
import { type FileState, readBytes } from '../file.ts';
import type { Decoder, Item, Opening, Start } from '../format/decoder.ts';
import { openJson } from '../format/json/json.ts';
import { openWal2json } from '../format/wal2json/wal2json.ts';

/** What is decoded of a file: all from a start on. Plain data, which another thread can be handed. */
export interface Task {
  readonly path: string;
  readonly start: Start;
  /** Then no more than the bytes that the file had when it was seen. */
  readonly seen: FileState | null;
  /** Whether the file may be in the midst of being written. */
  readonly grows: boolean;
  readonly format: Format;
  /** What the table is called, where the format has no names of tables. */
  readonly table: string;
  readonly interest: Interest;
}

/** A stretch of a file, and what it says. */
export interface Decoded {
  /** None behind the last ones. */
  readonly bytes: Buffer;
  /** Of the bytes, as of a whole block; null where nobody has digested them. */
  readonly digest: Uint8Array | null;
  /** Those whose last byte is among the bytes. Before an error they are those of whole transactions. */
  readonly items: readonly Item[];
  /** As it is behind the items; null where none is a commit. */
  readonly shape: FileMark['shape'] | null;
  /** Why nothing can be decoded any more; null if something can. */
  readonly error: unknown;
}

/** Decodes stretch by stretch, to the end of the file or to an error. Throws where the file can't be read. */
export async function* decode(task: Task): AsyncGenerator<Decoded> {
  const { path, start, seen } = task;
  const decoder = await openDecoder(task);
  for await (const bytes of readBytes(path, start.bytes, seen)) {
    const decoded = { bytes, digest: null, ...take(decoder, decoder.push(bytes)) };
    yield decoded;
    if (decoded.error !== null) return;
  }
  yield { bytes: Buffer.alloc(0), digest: null, ...take(decoder, decoder.finish()) };
}

function take(decoder: Decoder, found: Iterable<Item>): Pick<Decoded, 'items' | 'shape' | 'error'> {
  const { items, error } = collect(found);
  return { items, shape: items.some(({ op }) => op === 'commit') ? decoder.shape : null, error };
}

function collect(found: Iterable<Item>): Pick<Decoded, 'items' | 'error'> {
  const items: Item[] = [];
  try {
    for (const item of found) items.push(item);
    return { items, error: null };
  } catch (error) {
    return { items: items.slice(0, items.findLastIndex(({ op }) => op === 'commit') + 1), error };
  }
}

/** Starts a format's decoder. To add a format: its file, and its line here. */
async function openDecoder({ path, start, seen, grows, format, table, interest }: Task): Promise<Decoder> {
  const head = () => readBytes(path, 0, seen);
  const opening: Opening = { file: path, start, interest, table, head, grows };
  switch (format.kind) {
    case 'wal2json':
      return openWal2json(path, start, interest);
    case 'csv':
      return (await import('../format/csv/csv.ts')).openCsv(opening, format);
    case 'json':
      return openJson(opening, format);
    case 'rows':
      return openJson({ ...opening, table: format.table ?? basename(path).replace(/\..*$/, '') }, ROWS);
    case 'table':
    case 'metric':
      throw new Error(`a ${format.kind} is no file`);
  }
}
