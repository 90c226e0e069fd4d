import { createHash, type Hash } from 'node:crypto';
import type { FileMark } from '../change.ts';
import { EtlError } from '../diagnostic/diagnostic.ts';
import { readBytes } from './file.ts';

/**
 * The running digest of a file's bytes, by which what was read of it is known again.
 *
 * SHA-256: where the processor helps, it costs a tenth of reading the records, and no two files share one. A checksum of
 * 32 bits is faster, and would one day take a new file for one that was read.
 */
export function openDigest(): Hash {
  return createHash('sha256');
}

/** The digest with further bytes behind; the running one stays as it is. */
export function digestOf(digest: Hash, bytes: Uint8Array = new Uint8Array()): string {
  return digest.copy().update(bytes).digest('hex');
}

/** A mark that a file begins with, and the running digest at that place. */
export interface Match {
  readonly mark: FileMark;
  readonly digest: Hash;
}

/** The longest of the marks whose bytes are the first bytes of a file, whatever path they were read under. */
export async function findMatch(path: string, marks: readonly FileMark[]): Promise<Match | null> {
  let match: Match | null = null;
  if (marks.length === 0) return match;
  try {
    for await (const digest of digestsAt(path, new Set(marks.map(({ bytes }) => bytes)))) {
      const text = digestOf(digest.running);
      const mark = marks.find((each) => each.bytes === digest.bytes && each.digest === text);
      if (mark !== undefined) match = { mark, digest: digest.running.copy() };
    }
  } catch (error) {
    // What can't be read matches nothing. Reading will say why, behind all that can be read before it.
    if (!(error instanceof EtlError)) throw error;
  }
  return match;
}

/** The running digest at each of these places that the file reaches, in one pass. */
async function* digestsAt(path: string, places: ReadonlySet<number>): AsyncGenerator<{ bytes: number; running: Hash }> {
  const ahead = [...places].sort((a, b) => a - b);
  const running = openDigest();
  let before = 0;
  for await (const stretch of readBytes(path)) {
    let at = 0;
    for (let place = ahead[0]; place !== undefined && place <= before + stretch.length; place = ahead[0]) {
      running.update(stretch.subarray(at, place - before));
      at = place - before;
      yield { bytes: place, running };
      ahead.shift();
    }
    if (ahead.length === 0) return;
    running.update(stretch.subarray(at));
    before += stretch.length;
  }
}
