import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../support/counts.ts';
import { tell } from '../support/tally.ts';
import { histories, manners, write } from './generate.ts';
import { decodeOn } from './reading.ts';

/** One way to spoil some bytes: at a place, over a length, with what stands at another place. */
const mutations = fc.record({
  kind: fc.constantFrom('flip', 'cut', 'repeat', 'swap', 'structure', 'member'),
  at: fc.nat(),
  length: fc.integer({ min: 1, max: 60 }),
  to: fc.nat(),
});
type Mutation = typeof mutations extends fc.Arbitrary<infer T> ? T : never;

const STRUCTURE = Buffer.from('{}[]",:\\\u0000 0-');

function mutate(bytes: Buffer, { kind, at, length, to }: Mutation): Buffer {
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

test('a log that was tampered with gives items, findings with their place, or one error: the same wherever it is cut', () => {
  const prototype = Object.getOwnPropertyNames(Object.prototype).length;
  const spoiled = fc.array(mutations, { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(histories, manners, spoiled, fc.integer({ min: 1, max: 50 }), (history, manner, all, length) => {
      const original = Buffer.from(write(history, manner));
      fc.pre(original.length > 2);
      const bytes = all.reduce<Buffer>((from, each) => (from.length === 0 ? from : mutate(from, each)), original);
      fc.pre(!bytes.equals(original));
      const { items, error } = decodeOn(bytes, []);
      expect(decodeOn(bytes, [length])).toMatchObject({ items, error });
      for (const each of items) {
        if (each.op !== 'bad') continue;
        const { record, offset = -1 } = each.diagnostic.data ?? {};
        expect(record).toBe(each.at.record);
        expect(offset).toBeGreaterThanOrEqual(each.at.offset);
        expect(offset).toBeLessThanOrEqual(each.at.offset + each.size);
      }
      if (error)
        expect(error.data).toMatchObject({ file: 'log', record: expect.any(Number), offset: expect.any(Number) });
      tell('fuzzed inputs, logs');
    }),
    { numRuns: runs(1000, 100_000) },
  );
  expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(prototype);
});
