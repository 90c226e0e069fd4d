import { Buffer } from 'node:buffer';
import { basename } from 'node:path';
import type { Commit, FileMark, Interest, Mark } from '../change.ts';
import { type Format, ROWS } from '../mapping/format.ts';
import { type FileState, isGrowing, readBytes } from './file.ts';
import { type Decoder, FROM_THE_START, type Item, type Opening, type Start } from './format/decoder.ts';
import { openJson } from './format/json/json.ts';
import { openWal2json } from './format/wal2json/wal2json.ts';
import { openHeld } from './held.ts';
import { digestOf, extended, type Match, openPrefix, type Prefix } from './prefix.ts';
import type { OpenFile } from './resume.ts';
import { openVanguard, type Scouted } from './scout.ts';

/** A stretch of one file. A transaction may go over several, and its changes count only if its commit comes. */
export interface FileReading {
  readonly file: string;
  /** Whether reading starts here: a transaction that has not ended before is not to be. */
  readonly starts: boolean;
  /** Whether this is the end of the file. */
  readonly ends: boolean;
  /** Bytes (uncompressed) that this reading took from the file. */
  readonly bytes: number;
  readonly items: readonly Item[];
  /** The mark of the file behind a commit, one of `items`; null where none can be made (standard input, a pipe). */
  mark(commit: Commit): Mark | null;
  /** The same, with the bytes before it. */
  behind(commit: Commit): Match | null;
  /** Bytes of the transaction that ends with a commit, one of `items`: all of them, or the first megabyte. */
  raw(commit: Commit): Buffer;
  /**
   * The mark of a file that was read to its end, to be kept together with all items so far. Without it nothing is read
   * twice either, but the next run must look into the file to know that it holds nothing new.
   */
  readonly marks: readonly Mark[];
}

/** What a file is read for; with `seen`, to the end that it had when it was seen. */
export interface FileSource {
  readonly source: { readonly format: Format; readonly table: string };
  readonly interest: Interest;
  readonly seen?: FileState | null;
}

/**
 * Reads a file from its match on, to its end. Throws an EtlError where a record can't be read, behind a reading with all whole transactions before it.
 */
export async function* readFile(
  file: OpenFile,
  { source, interest, seen = null }: FileSource,
): AsyncGenerator<FileReading> {
  const { path, match } = file;
  const start: Start = match?.mark ?? FROM_THE_START;
  const head = () => readBytes(path, 0, seen);
  const opening = { file: path, start, interest, table: source.table, head, grows: isGrowing(seen) };
  const decoder = await openDecoder(source.format, opening);
  const vanguard = openVanguard((file.state?.size ?? 0) - start.bytes);
  const held = openHeld();
  let [offset, before, starts] = [start.bytes, match?.prefix ?? openPrefix(), true];
  let last = (): FileMark | null => match && { ...match.mark, path };
  for await (const { bytes, found } of stretchesAndEnd(vanguard.ahead(readBytes(path, offset, seen)))) {
    const stretch = { file, decoder, bytes, offset, before };
    const behind = (commit: Commit) => matchBehind(commit, stretch);
    const mark = (commit: Commit) => behind(commit)?.mark ?? null;
    held.take(bytes, offset);
    const { items, error } = collect(bytes === END ? decoder.finish() : decoder.push(bytes, found?.hints));
    vanguard.learn(decoder.lessons());
    const commit = items.findLast((item) => item.op === 'commit');
    if (commit !== undefined) last = () => mark(commit);
    const ends = bytes === END && error === null;
    const marks = ends ? markWhole(last(), file) : [];
    yield { file: path, starts, ends, bytes: bytes.length, items, mark, behind, raw: held.bytesOf, marks };
    if (error !== null) throw error;
    if (commit !== undefined) held.forget(commit.offset);
    [offset, before, starts] = [offset + bytes.length, extended(before, bytes, found?.digest), false];
  }
}

/** Starts a format's decoder. To add a format: its file, and its line here. */
async function openDecoder(format: Format, opening: Opening): Promise<Decoder> {
  switch (format.kind) {
    case 'wal2json':
      return openWal2json(opening.file, opening.start, opening.interest);
    case 'csv':
      return (await import('./format/csv/csv.ts')).openCsv(opening, format);
    case 'json':
      return openJson(opening, format);
    case 'rows':
      return openJson({ ...opening, table: format.table ?? basename(opening.file).replace(/\..*$/, '') }, ROWS);
    case 'table':
    case 'metric':
      throw new Error(`a ${format.kind} is no file`);
  }
}

/** Stands behind the last stretch. */
const END = Buffer.alloc(0);

async function* stretchesAndEnd(stretches: AsyncIterable<Scouted>): AsyncGenerator<Scouted> {
  yield* stretches;
  yield { bytes: END, found: null };
}

/** All items, or those of the whole transactions before an error. */
function collect(found: Iterable<Item>): { readonly items: readonly Item[]; readonly error: unknown } {
  const items: Item[] = [];
  try {
    for (const item of found) items.push(item);
    return { items, error: null };
  } catch (error) {
    return { items: items.slice(0, items.findLastIndex(({ op }) => op === 'commit') + 1), error };
  }
}

interface Stretch {
  readonly file: OpenFile;
  readonly decoder: Decoder;
  readonly bytes: Buffer;
  /** Bytes of the file before these. */
  readonly offset: number;
  readonly before: Prefix;
}

/** Size and time stay 0, which no file has, as long as it is not known that nothing follows. */
function matchBehind(commit: Commit, { file, decoder, bytes, offset, before }: Stretch): Match | null {
  if (file.state === null) return null;
  const prefix = extended(before, bytes.subarray(0, commit.offset - offset));
  const { offset: read, records } = commit;
  const size = { size: 0, changed: 0 };
  return {
    mark: { path: file.path, bytes: read, records, digest: digestOf(prefix), ...size, shape: decoder.shape },
    prefix,
  };
}

function markWhole(mark: FileMark | null, { state }: OpenFile): readonly FileMark[] {
  return mark && state ? [{ ...mark, size: state.size, changed: state.changed }] : [];
}
