import { createHash } from 'node:crypto';

/** What a bag of rows is known by: how many there are, and a sum over them. */
export interface Digest {
  readonly rows: number;
  readonly sum: string;
}

/** The digest of rows, each a list of values: the same for the same rows in any order, equal rows counted each. */
export async function digestOf(rows: AsyncIterable<unknown> | Iterable<unknown>): Promise<Digest> {
  let [count, sum] = [0, 0n];
  for await (const row of rows) {
    count++;
    sum = BigInt.asUintN(128, sum + hashOf(JSON.stringify(row)));
  }
  return { rows: count, sum: sum.toString(16) };
}

function hashOf(text: string): bigint {
  const bytes = createHash('sha256').update(text).digest();
  return (bytes.readBigUInt64LE(0) << 64n) | bytes.readBigUInt64LE(8);
}
