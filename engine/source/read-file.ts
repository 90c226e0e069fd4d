import type { Buffer } from 'node:buffer';
import type { Commit, FileMark, Mark } from '../change.ts';
import { invariant } from '../diagnostic/diagnostic.ts';
import type { Interest } from '../interest.ts';
import type { Format } from '../mapping/format.ts';
import { decodeWherePays } from './decode/ahead.ts';
import type { Decoded } from './decode/decode.ts';
import { type FileState, isGrowing } from './file.ts';
import { FROM_THE_START, type Item, type Start } from './format/decoder.ts';
import { openHeld } from './held.ts';
import { digestOf, extended, type Match, openPrefix, type Prefix } from './prefix.ts';
import type { OpenFile } from './resume.ts';

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
  const { format, table } = source;
  const task = { path, start, seen, grows: isGrowing(seen), format, table, interest };
  const held = openHeld();
  let [offset, before, starts] = [start.bytes, match?.prefix ?? openPrefix(), true];
  let last = (): FileMark | null => match && { ...match.mark, path };
  const size = (file.state?.size ?? 0) - start.bytes;
  for await (const { bytes, digest, items, shape, error } of decodeWherePays(task, size)) {
    const stretch = { file, shape, bytes, offset, before };
    const behind = (commit: Commit) => matchBehind(commit, stretch);
    const mark = (commit: Commit) => behind(commit)?.mark ?? null;
    held.take(bytes, offset);
    const commit = items.findLast((item) => item.op === 'commit');
    if (commit !== undefined) last = () => mark(commit);
    const ends = bytes.length === 0 && error === null;
    const marks = ends ? markWhole(last(), file) : [];
    yield { file: path, starts, ends, bytes: bytes.length, items, mark, behind, raw: held.bytesOf, marks };
    if (error !== null) throw error;
    if (commit !== undefined) held.forget(commit.offset);
    [offset, before, starts] = [offset + bytes.length, extended(before, bytes, digest), false];
  }
}

interface Stretch {
  readonly file: OpenFile;
  readonly shape: Decoded['shape'];
  readonly bytes: Buffer;
  /** Bytes of the file before these. */
  readonly offset: number;
  readonly before: Prefix;
}

/** Size and time stay 0, which no file has, as long as it is not known that nothing follows. */
function matchBehind(commit: Commit, { file, shape, bytes, offset, before }: Stretch): Match | null {
  if (file.state === null) return null;
  invariant(shape !== null, 'what holds a commit has a shape');
  const prefix = extended(before, bytes.subarray(0, commit.offset - offset));
  const { offset: read, records } = commit;
  const size = { size: 0, changed: 0 };
  return {
    mark: { path: file.path, bytes: read, records, digest: digestOf(prefix), ...size, shape },
    prefix,
  };
}

function markWhole(mark: FileMark | null, { state }: OpenFile): readonly FileMark[] {
  return mark && state ? [{ ...mark, size: state.size, changed: state.changed }] : [];
}
