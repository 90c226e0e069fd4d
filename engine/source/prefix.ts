import { Buffer } from 'node:buffer';
import { createHash, type Hash } from 'node:crypto';
import type { FileMark } from '../change.ts';
import { EtlError } from '../diagnostic/diagnostic.ts';
import { readBytes } from './file.ts';

/** So many bytes at the end of a prefix are kept as they are. */
const LAST_BYTES = 1 << 16;

/** The first bytes of a file, as they are known again. */
export interface Prefix {
  /**
   * Of all of them. SHA-256: where the processor helps, it costs a tenth of reading the records, and no two files share
   * one. A checksum of 32 bits is faster, and would one day take a new file for one that was read.
   */
  readonly digest: Hash;
  /** The last of them. */
  readonly last: Buffer;
}

export function openPrefix(): Prefix {
  return { digest: createHash('sha256'), last: Buffer.alloc(0) };
}

/** The prefix with further bytes behind; the one it is made of stays as it is. */
export function extended({ digest, last }: Prefix, bytes: Buffer): Prefix {
  const room = LAST_BYTES - bytes.length;
  return {
    digest: digest.copy().update(bytes),
    last: room > 0 ? Buffer.concat([last.subarray(-room), bytes]) : bytes.subarray(-LAST_BYTES),
  };
}

export function digestOf({ digest }: Prefix): string {
  return digest.copy().digest('hex');
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
