/** How the first bytes of a file are known again: whatever pieces they are read in, and whoever digested them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BLOCK, blockDigest } from '../../engine/source/block.ts';
import { digestOf, extended, openPrefix, type Prefix } from '../../engine/source/prefix.ts';
import { runs } from '../support/counts.ts';

const bytes = Buffer.alloc(3 * BLOCK + 100, 'abcdefg');

/** The prefix up to the last of these places, in the pieces that they cut. */
function inPieces(places: readonly number[], digest?: (piece: Buffer) => Uint8Array): Prefix {
  let [prefix, from] = [openPrefix(), 0];
  for (const to of places) {
    const piece = bytes.subarray(from, to);
    prefix = extended(prefix, piece, digest && piece.length === BLOCK ? digest(piece) : null);
    from = to;
  }
  return prefix;
}

const places = fc.oneof(
  fc.integer({ min: 0, max: bytes.length }),
  fc
    .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: -1, max: 1 }))
    .map(([n, by]) => Math.max(0, n * BLOCK + by)),
);

test('is the same whatever pieces it comes in', () => {
  const cut = fc.array(places, { minLength: 1, maxLength: 5 }).map((all) => all.toSorted((a, b) => a - b));
  fc.assert(
    fc.property(cut, (all) => {
      const [cutUp, whole] = [inPieces(all), inPieces(all.slice(-1))];
      expect(digestOf(cutUp)).toBe(digestOf(whole));
      expect(cutUp.last.equals(whole.last)).toBe(true);
    }),
    { numRuns: runs(30, 300) },
  );
});

test('takes the digest of a whole block from whoever has it', () => {
  const [blocks, other] = [
    [BLOCK, 2 * BLOCK, 2 * BLOCK + 5],
    [5, BLOCK + 5],
  ];
  expect(digestOf(inPieces(blocks, (piece) => blockDigest(piece)))).toBe(digestOf(inPieces(blocks)));
  expect(digestOf(inPieces(blocks, () => Buffer.alloc(32)))).not.toBe(digestOf(inPieces(blocks)));
  expect(digestOf(inPieces(other, () => Buffer.alloc(32)))).toBe(digestOf(inPieces(other)));
});

test('is another one for other bytes, and stays as it is when it is extended', () => {
  const prefix = inPieces([BLOCK + 1]);
  const digest = digestOf(prefix);
  expect(digestOf(extended(prefix, Buffer.from('x')))).not.toBe(digest);
  expect(digestOf(extended(prefix, Buffer.from('y')))).not.toBe(digestOf(extended(prefix, Buffer.from('x'))));
  expect(digestOf(prefix)).toBe(digest);
});
