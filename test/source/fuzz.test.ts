import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../support/counts.ts';
import { tell } from '../support/tally.ts';
import { histories, manners, write } from './generate.ts';
import { mutate, mutations } from './mutate.ts';
import { decodeOn } from './reading.ts';

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
