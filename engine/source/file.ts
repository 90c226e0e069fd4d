import { Buffer } from 'node:buffer';
import { type Stats, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { stdin } from 'node:process';
import { type EtlError, isFinding } from '../diagnostic/diagnostic.ts';
import { BLOCK } from './block.ts';
import { failReading } from './failure.ts';
import { isGzip, unzipped } from './gzip.ts';
import { STANDARD_INPUT } from './place.ts';

/** Bytes read at once of what gives little at once. */
const PIPE_STRETCH = 1 << 16;

/** What tells, without reading it, whether a file may have changed. */
export interface FileState {
  /** Bytes on disk. */
  readonly size: number;
  /** When the file was last written, renamed or touched, in ms since 1970: its ctime, which nobody can set. */
  readonly changed: number;
  /** Which file it is, whatever its name: no other one has this as long as it exists. */
  readonly id: string;
}

/** A path leads to another file than the one that was seen there. */
export class FileMoved extends Error {}

/**
 * The state of a file that can be read twice; null for standard input and pipes, which can't.
 *
 * Asked for at once, which takes a tenth of the time of asking a thread for it: a folder may have files by the thousand.
 */
export function stateOf(path: string): FileState | null {
  if (path === STANDARD_INPUT) return null;
  try {
    return stateIn(statSync(path));
  } catch (error) {
    failReading(error, path);
  }
}

/** What was written to within so many ms may still be in the midst of being written. */
const REST = 1_000;

/** Whether a file that was seen may go on where it ends. One that is read once, whoever writes it, is taken as it is. */
export function isGrowing(seen: FileState | null, now = Date.now()): boolean {
  return seen !== null && now - seen.changed < REST;
}

function stateIn(found: Stats): FileState | null {
  return found.isFile() ? { size: found.size, changed: found.ctimeMs, id: `${found.dev}:${found.ino}` } : null;
}

/**
 * The bytes of a file in stretches, none empty, from an offset on: each a block, but for what is left of the first one. Gzip is known by its first
 * bytes, whatever the name; the offset and the bytes are those of the text inside.
 *
 * With `seen`, only so many bytes are read as the file had when it was seen; throws FileMoved where it is another one.
 */
export async function* readBytes(path: string, from = 0, seen: FileState | null = null): AsyncGenerator<Buffer> {
  if (from > 0 && !(await isZipped(path, seen))) return yield* stretchesOf(path, from, seen);
  const stretches = sniffed(path === STANDARD_INPUT ? standardInput() : stretchesOf(path, 0, seen));
  try {
    const first = await stretches.next();
    if (first.done) return;
    const all = chain(first.value, stretches);
    yield* isGzip(first.value) ? behind(from, unzipped(path, all)) : all;
  } finally {
    await stretches.return(undefined);
  }
}

async function isZipped(path: string, seen: FileState | null): Promise<boolean> {
  for await (const first of stretchesOf(path, 0, seen, 2)) return isGzip(first);
  return false;
}

/**
 * Why a file that is gzip can't be read to its end: it is not whole, and maybe still written. Null of any other file. It
 * is unzipped to find out.
 */
export async function cutOff(path: string, seen: FileState): Promise<EtlError | null> {
  try {
    if (!(await isZipped(path, seen))) return null;
    for await (const _ of readBytes(path, 0, seen));
    return null;
  } catch (error) {
    return isFinding(error, 'TRUNCATED_INPUT') ? error : null;
  }
}

async function* stretchesOf(
  path: string,
  from: number,
  seen: FileState | null,
  end: number = seen?.size ?? Number.POSITIVE_INFINITY,
): AsyncGenerator<Buffer> {
  const handle = await open(path).catch((error: unknown) => failReading(error, path));
  try {
    // A pipe knows no positions, and gives little at once.
    const found = stateIn(await handle.stat());
    if (seen && found?.id !== seen.id) throw new FileMoved();
    const stretchAt = async (at: number): Promise<Buffer> => {
      const most = found ? BLOCK - (at % BLOCK) : PIPE_STRETCH;
      const left = Math.max(PIPE_STRETCH, (found?.size ?? 0) - at);
      // Shared, so that another thread is handed it as it is.
      const bytes = Buffer.from(new SharedArrayBuffer(Math.min(most, left, end - at)));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, found ? at : null);
      return bytes.subarray(0, bytesRead);
    };
    let bytes = await stretchAt(from);
    for (let at = from + bytes.length; bytes.length > 0; at += bytes.length) {
      // The next stretch is read while this one is worked on.
      const next = stretchAt(at);
      next.catch(() => {});
      yield bytes;
      bytes = await next;
    }
  } catch (error) {
    failReading(error, path);
  } finally {
    await handle.close();
  }
}

/** Ends standard input, also where it is waited for: nothing more is read of it. */
export function closeStandardInput(): void {
  stdin.destroy();
}

async function* standardInput(): AsyncGenerator<Buffer> {
  for await (const bytes of stdin) yield bytes as Buffer;
}

/** The same stretches, the first of at least two bytes if there are so many: enough to know gzip. */
async function* sniffed(stretches: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  let first = Buffer.alloc(0);
  for await (const bytes of stretches) {
    if (first.length > 1) yield bytes;
    else {
      first = Buffer.concat([first, bytes]);
      if (first.length > 1) yield first;
    }
  }
  if (first.length === 1) yield first;
}

async function* chain(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

async function* behind(offset: number, stretches: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  let left = offset;
  for await (const bytes of stretches) {
    if (left < bytes.length) yield bytes.subarray(left);
    left = Math.max(0, left - bytes.length);
  }
}
