import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Value } from '../../engine/change.ts';
import { fromNumeric } from '../../engine/expression/operation/dynamic.ts';
import { compareNumerics, readNumeric } from '../../engine/expression/operation/numeric.ts';
import { operations } from '../../engine/expression/operation/operations.ts';
import { compareTexts } from '../../engine/expression/operation/text.ts';
import { runs } from '../support/counts.ts';

/** Numbers that have signs, places and leading digits in common more often than numbers do. */
const numbers = fc
  .record({
    sign: fc.constantFrom('', '-'),
    lead: fc.constantFrom('0', '1', '12', '99'),
    digits: fc.array(fc.constantFrom('0', '1', '9'), { maxLength: 20 }),
    exponent: fc.integer({ min: -30, max: 30 }),
  })
  .map(({ sign, lead, digits, exponent }) => readNumeric(`${sign}${lead}${digits.join('')}e${exponent}`));

const forms: readonly [string, (canonical: string) => Value][] = [
  ['order_numeric', (canonical) => canonical],
  ['order_dynamic', fromNumeric],
];

describe.each(forms)('what %s makes of numbers', (name, stored) => {
  const ordered = (canonical: string) => String(operations.get(name)?.evaluate(stored(canonical)));

  test('stands in their order', () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        expect(Math.sign(compareTexts(ordered(a), ordered(b)))).toBe(compareNumerics(a, b));
      }),
      { numRuns: runs(2_000, 50_000) },
    );
  });
});
