import { Buffer } from 'node:buffer';
import type { Encoding } from '../../../mapping/format.ts';

/** Reads the characters of a file as UTF-8, stretch by stretch, and knows how many bytes they take in the file. */
export interface Coding {
  /** Throws a TypeError where the bytes are none of the encoding, unless it is UTF-8, which is checked record by record. */
  decode(bytes: Buffer): Buffer;
  /** Throws a TypeError where the file ends inside of a character. */
  end(): void;
  /** The bytes that whole characters take in the file. */
  size(text: Buffer): number;
}

export function openCoding({ name, unit }: Encoding): Coding {
  if (unit === null) return { decode: (bytes) => bytes, end: () => {}, size: ({ length }) => length };
  // The mark at the start of a file is kept, for it takes bytes.
  const decoder = new TextDecoder(name, { fatal: true, ignoreBOM: true });
  return {
    decode: (bytes) => Buffer.from(decoder.decode(bytes, { stream: true })),
    end: () => void decoder.decode(),
    size: (text) => text.toString().length * unit,
  };
}
