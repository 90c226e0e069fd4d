import type { Buffer } from 'node:buffer';
import { createHash, type Hash } from 'node:crypto';

/**
 * Bytes of a block. A file is digested block by block, from its first byte on, so that one can be digested while another
 * is read; and it is read in blocks. Other blocks would make other digests, and states would not know their files again.
 */
export const BLOCK = 1 << 19;

/**
 * SHA-256: where the processor helps, it costs a tenth of reading the records, and no two files share one. A checksum of 32
 * bits is faster, and would one day take a new file for one that was read.
 */
export function openDigest(): Hash {
  return createHash('sha256');
}

/** The digest of a whole block. */
export function blockDigest(bytes: Uint8Array): Buffer {
  return openDigest().update(bytes).digest();
}
