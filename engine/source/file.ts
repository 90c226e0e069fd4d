import { Buffer } from 'node:buffer';
import { open, stat } from 'node:fs/promises';
import { stdin } from 'node:process';
import { failReading } from './failure.ts';
import { isGzip, unzipped } from './gzip.ts';
import { STANDARD_INPUT } from './place.ts';

/** Bytes read at once. Larger is not faster, and all that is read of a stretch stands in memory together. */
const STRETCH = 1 << 18;
const PIPE_STRETCH = 1 << 16;

/** What tells, without reading it, whether a file may have changed. */
export interface FileState {
  /** Bytes on disk. */
  readonly size: number;
  /** When the file was last written, renamed or touched, in ms since 1970: its ctime, which nobody can set. */
  readonly changed: number;
}

/** The state of a file that can be read twice; null for standard input and pipes, which can't. */
export async function stateOf(path: string): Promise<FileState | null> {
  if (path === STANDARD_INPUT) return null;
  try {
    const found = await stat(path);
    return found.isFile() ? { size: found.size, changed: found.ctimeMs } : null;
  } catch (error) {
    failReading(error, path);
  }
}

/**
 * The bytes of a file in stretches of a quarter of a megabyte, none empty, from an offset on. Gzip is known by its first
 * bytes, whatever the name; the offset and the bytes are those of the text inside.
 */
export async function* readBytes(path: string, from = 0): AsyncGenerator<Buffer> {
  const stretches = sniffed(path === STANDARD_INPUT ? standardInput() : stretchesOf(path, 0));
  try {
    const first = await stretches.next();
    if (first.done) return;
    if (isGzip(first.value)) yield* behind(from, unzipped(path, chain(first.value, stretches)));
    else if (from > 0) yield* stretchesOf(path, from);
    else yield* chain(first.value, stretches);
  } finally {
    await stretches.return(undefined);
  }
}

async function* stretchesOf(path: string, from: number): AsyncGenerator<Buffer> {
  const handle = await open(path).catch((error: unknown) => failReading(error, path));
  try {
    // A pipe knows no positions, and gives little at once.
    const isPipe = !(await handle.stat()).isFile();
    const length = isPipe ? PIPE_STRETCH : STRETCH;
    const stretchAt = async (at: number): Promise<Buffer> => {
      const bytes = Buffer.allocUnsafeSlow(length);
      const { bytesRead } = await handle.read(bytes, 0, length, isPipe ? null : at);
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
