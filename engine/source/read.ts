import { Buffer } from 'node:buffer';
import type { Hash } from 'node:crypto';
import type { Commit, FileMark, Interest } from '../change.ts';
import { fail } from '../diagnostic/diagnostic.ts';
import { hints } from '../diagnostic/messages.ts';
import { readBytes } from './file.ts';
import { type Decoder, FROM_THE_START, type Item, type Start } from './format/decoder.ts';
import { openWal2json } from './format/wal2json/wal2json.ts';
import { openHeld } from './held.ts';
import { findFiles } from './place.ts';
import { digestOf, openDigest } from './prefix.ts';
import { type OpenFile, resume } from './resume.ts';

/** A source as a run sees it: variables are expanded, flags are taken in. */
export interface Source {
  /** A file, a folder, a pattern, or `-`. */
  readonly path: string;
  readonly format: 'wal2json';
  /** What to do with a file that was replaced: refuse (`log`), or read it again (`upsert`). */
  readonly mode: 'log' | 'upsert';
}

/**
 * What was read at once: a stretch of one file. It is to be handled before the next one is asked for, in this
 * order: `renamed`, `items`, `marks`. A transaction may go over several, and its changes count only if its commit comes.
 */
export interface Reading {
  readonly file: string;
  /** Bytes (uncompressed) that this reading took from the file. */
  readonly bytes: number;
  readonly items: readonly Item[];
  /** The mark of the file behind a commit, one of `items`; null where none can be made (standard input, a pipe). */
  mark(commit: Commit): FileMark | null;
  /** Bytes of the transaction that ends with a commit, one of `items`: all of them, or the first megabyte. */
  raw(commit: Commit): Buffer;
  /** Files that are known under another path: old path -> new path. What was read of them keeps its file. */
  readonly renamed: ReadonlyMap<string, string>;
  /**
   * Marks of files that were read to their end, to be kept together with all items so far. Without them nothing is
   * read twice either, but the next run must look into the file to know that it holds nothing new.
   */
  readonly marks: readonly FileMark[];
}

/**
 * Reads what is new in a source since its marks were made, file by file in name order.
 *
 * Throws an EtlError: where the place holds nothing or a file was replaced, before any reading; where a record can't be
 * read, behind a reading with all whole transactions before it.
 */
export async function* readSource(
  source: Source,
  marks: readonly FileMark[],
  interest: Interest,
): AsyncGenerator<Reading> {
  const { files, renamed, replaced } = await resume(await findFiles(source.path), marks);
  const [refused] = source.mode === 'log' ? replaced : [];
  if (refused !== undefined) fail('FILE_REPLACED', undefined, { data: { file: refused }, hint: hints.fullRefresh });
  let news = renamed;
  for (const file of files) {
    for await (const reading of readFile(file, source.format, interest)) {
      yield { ...reading, renamed: news };
      news = NOTHING_RENAMED;
    }
  }
}

const NOTHING_RENAMED: ReadonlyMap<string, string> = new Map();

/** Starts a format's decoder. To add a format: its file, and its line here. */
function openDecoder(format: Source['format'], file: string, start: Start, interest: Interest): Decoder {
  switch (format) {
    case 'wal2json':
      return openWal2json(file, start, interest);
  }
}

type FileReading = Omit<Reading, 'renamed'>;

async function* readFile(file: OpenFile, format: Source['format'], interest: Interest): AsyncGenerator<FileReading> {
  const { path, match } = file;
  const start: Start = match?.mark ?? FROM_THE_START;
  const decoder = openDecoder(format, path, start, interest);
  const digest = match?.digest ?? openDigest();
  let offset = start.bytes;
  const held = openHeld();
  let last = (): FileMark | null => match && { ...match.mark, path };
  for await (const bytes of stretchesAndEnd(path, offset)) {
    const stretch = { file, decoder, bytes, offset, before: digest.copy() };
    const mark = (commit: Commit) => markBehind(commit, stretch);
    held.take(bytes, offset);
    const { items, error } = collect(bytes === END ? decoder.finish() : decoder.push(bytes));
    const commit = items.findLast((item) => item.op === 'commit');
    if (commit !== undefined) last = () => mark(commit);
    const marks = bytes === END && error === null ? markWhole(last(), file) : [];
    yield { file: path, bytes: bytes.length, items, mark, raw: held.bytesOf, marks };
    if (error !== null) throw error;
    if (commit !== undefined) held.forget(commit.offset);
    digest.update(bytes);
    offset += bytes.length;
  }
}

/** Stands behind the last stretch. */
const END = Buffer.alloc(0);

async function* stretchesAndEnd(path: string, from: number): AsyncGenerator<Buffer> {
  yield* readBytes(path, from);
  yield END;
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
  /** Bytes of the file before these, and their digest. */
  readonly offset: number;
  readonly before: Hash;
}

/** Size and time stay 0, which no file has, as long as it is not known that nothing follows. */
function markBehind(commit: Commit, { file, decoder, bytes, offset, before }: Stretch): FileMark | null {
  if (file.state === null) return null;
  const digest = digestOf(before, bytes.subarray(0, commit.offset - offset));
  const { offset: read, records } = commit;
  return { path: file.path, bytes: read, records, digest, size: 0, changed: 0, shape: decoder.shape };
}

function markWhole(mark: FileMark | null, { state }: OpenFile): readonly FileMark[] {
  return mark && state ? [{ ...mark, ...state }] : [];
}
