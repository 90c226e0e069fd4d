import { Buffer } from 'node:buffer';
import type { Commit } from '../change.ts';

/** So much of a transaction is held: a whole one, but for those of a size that no log of what went wrong should have. */
export const HELD_BYTES = 1 << 20;

/** The bytes of a transaction that is being read, which may be asked for when it has turned out to be bad. */
export interface Held {
  /** A stretch of the file, and the bytes of the file before it. */
  take(bytes: Buffer, offset: number): void;
  /** The first bytes of a transaction that ends in the last stretch, at most `HELD_BYTES`. */
  bytesOf(commit: Commit): Buffer;
  /** Nothing before this place is asked for any more. */
  forget(before: number): void;
}

interface HeldStretch {
  readonly bytes: Buffer;
  readonly offset: number;
}

/** Holds stretches, not copies. In the midst of a long transaction only the first ones and the last one are held. */
export function openHeld(): Held {
  let stretches: HeldStretch[] = [];
  const partOf = ({ bytes, offset }: HeldStretch, from: number, to: number) =>
    bytes.subarray(Math.max(0, from - offset), Math.max(0, to - offset));
  return {
    take(bytes, offset) {
      const [first] = stretches;
      const last = stretches.at(-1);
      // A transaction may begin at any byte of the first stretch.
      if (first && last && last.offset - first.offset > HELD_BYTES + first.bytes.length) stretches.pop();
      stretches.push({ bytes, offset });
    },
    bytesOf({ from, offset }) {
      const to = Math.min(offset, from + HELD_BYTES);
      return Buffer.concat(stretches.map((each) => partOf(each, from, to)));
    },
    forget(before) {
      stretches = stretches.filter(({ bytes, offset }) => offset + bytes.length > before);
    },
  };
}
