import { Buffer } from 'node:buffer';
import type { Hash } from 'node:crypto';
import type { FileMark } from '../change.ts';
import { EtlError } from '../diagnostic/diagnostic.ts';
import { BLOCK, blockDigest, openDigest } from './block.ts';
import { readBytes } from './file.ts';

/** So many bytes at the end of a prefix are kept as they are. */
const LAST_BYTES = 1 << 16;

/** The first bytes of a file, as they are known again. */
export interface Prefix {
  /** Of the digests of its whole blocks. */
  readonly blocks: Hash;
  /** Of the bytes behind them, and how many they are: fewer than a block. */
  readonly open: Hash;
  readonly length: number;
  /** The last of all bytes. */
  readonly last: Buffer;
}

export function openPrefix(): Prefix {
  return { blocks: openDigest(), open: openDigest(), length: 0, last: Buffer.alloc(0) };
}

/**
 * The prefix with further bytes behind; the one it is made of stays as it is. `digest` is that of these bytes, where they
 * are a whole block and somebody has digested it.
 */
export function extended(prefix: Prefix, bytes: Buffer, digest: Uint8Array | null = null): Prefix {
  const isBlock = prefix.length === 0 && bytes.length === BLOCK;
  const blocks = prefix.blocks.copy();
  if (isBlock) return { ...prefix, blocks: blocks.update(digest ?? blockDigest(bytes)), last: lastOf(prefix, bytes) };
  let [open, length] = [prefix.open.copy(), prefix.length];
  for (let at = 0; at < bytes.length; ) {
    const part = bytes.subarray(at, at + BLOCK - length);
    [at, length] = [at + part.length, length + part.length];
    open.update(part);
    if (length < BLOCK) break;
    blocks.update(open.digest());
    [open, length] = [openDigest(), 0];
  }
  return { blocks, open, length, last: lastOf(prefix, bytes) };
}

function lastOf({ last }: Prefix, bytes: Buffer): Buffer {
  const room = LAST_BYTES - bytes.length;
  return room > 0 ? Buffer.concat([last.subarray(-room), bytes]) : bytes.subarray(-LAST_BYTES);
}

/** A digest of the digests of all blocks, the last of which may be a part of one. */
export function digestOf({ blocks, open, length }: Prefix): string {
  const all = blocks.copy();
  return (length > 0 ? all.update(open.copy().digest()) : all).digest('hex');
}

/** A mark that a file begins with, and the bytes before it. */
export interface Match {
  readonly mark: FileMark;
  readonly prefix: Prefix;
}

/** The longest of the marks whose bytes are the first bytes of a file, whatever path they were read under. */
export async function findMatch(path: string, marks: readonly FileMark[]): Promise<Match | null> {
  let match: Match | null = null;
  if (marks.length === 0) return match;
  try {
    for await (const { bytes, prefix } of prefixesAt(path, new Set(marks.map((mark) => mark.bytes)))) {
      const digest = digestOf(prefix);
      const mark = marks.find((each) => each.bytes === bytes && each.digest === digest);
      if (mark !== undefined) match = { mark, prefix };
    }
  } catch (error) {
    // What can't be read matches nothing. Reading will say why, behind all that can be read before it.
    if (!(error instanceof EtlError)) throw error;
  }
  return match;
}

/** The prefix before each of these places that the file reaches, in one pass. */
async function* prefixesAt(
  path: string,
  places: ReadonlySet<number>,
): AsyncGenerator<{ bytes: number; prefix: Prefix }> {
  const ahead = [...places].sort((a, b) => a - b);
  let prefix = openPrefix();
  let before = 0;
  for await (const stretch of readBytes(path)) {
    let at = 0;
    for (let place = ahead[0]; place !== undefined && place <= before + stretch.length; place = ahead[0]) {
      prefix = extended(prefix, stretch.subarray(at, place - before));
      at = place - before;
      yield { bytes: place, prefix };
      ahead.shift();
    }
    if (ahead.length === 0) return;
    prefix = extended(prefix, stretch.subarray(at));
    before += stretch.length;
  }
}
