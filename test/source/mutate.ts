/** Logs that were tampered with. */
import fc from 'fast-check';

/** One way to spoil some bytes: at a place, over a length, with what stands at another place. */
export const mutations = fc.record({
  kind: fc.constantFrom('flip', 'cut', 'repeat', 'swap', 'structure', 'member'),
  at: fc.nat(),
  length: fc.integer({ min: 1, max: 60 }),
  to: fc.nat(),
});
export type Mutation = typeof mutations extends fc.Arbitrary<infer T> ? T : never;

const STRUCTURE = Buffer.from('{}[]",:\\\u0000 0-');

/** The bytes spoiled; now and then they stay as they were. */
export function mutate(bytes: Buffer, { kind, at, length, to }: Mutation): Buffer {
  const start = at % bytes.length;
  const [before, part, behind] = [
    bytes.subarray(0, start),
    bytes.subarray(start, start + length),
    bytes.subarray(start + length),
  ];
  switch (kind) {
    case 'flip': {
      const flipped = Buffer.from(bytes);
      flipped[start] = (flipped[start] ?? 0) ^ (1 << (to % 8));
      return flipped;
    }
    case 'cut':
      return Buffer.concat([before, behind]);
    case 'repeat':
      return Buffer.concat([before, part, part, behind]);
    case 'swap': {
      const middle = to % (behind.length + 1);
      return Buffer.concat([before, behind.subarray(0, middle), part, behind.subarray(middle)]);
    }
    case 'structure': {
      const mark = STRUCTURE.subarray(to % STRUCTURE.length, (to % STRUCTURE.length) + 1);
      return Buffer.concat([before, mark, bytes.subarray(start + (length % 2))]);
    }
    default:
      return withSecondMember(bytes, start, to);
  }
}

/** A member from one place stands at another, too: twice in its own object, or in one that has no such member. */
function withSecondMember(bytes: Buffer, at: number, to: number): Buffer {
  const text = bytes.toString('latin1');
  const found = [...text.matchAll(/"[a-z0-9]+"\s*:\s*(?:"[^"\\]*"|\[[^[\]{}]*\]|\{[^[\]{}]*\}|[a-z0-9.]+)/g)];
  const member = found[at % Math.max(1, found.length)]?.[0] ?? '"change":[]';
  const places = [...text.matchAll(/\{/g)].map(({ index }) => index + 1);
  const place = places[to % Math.max(1, places.length)] ?? 0;
  const empty = /^\s*\}/.test(text.slice(place));
  return Buffer.from(`${text.slice(0, place)}${member}${empty ? '' : ','}${text.slice(place)}`, 'latin1');
}
