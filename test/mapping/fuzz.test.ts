// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of a mapping look like those of a template.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { framed } from '../../engine/diagnostic/frame.ts';
import { parseMapping } from '../../engine/mapping/load.ts';
import { runs } from '../support/counts.ts';
import { tell } from '../support/tally.ts';
import { findingsOf, replaced } from './mappings.ts';

const whole = replaced(
  '{ key: transaction_id }',
  "{ key: [a, b], where: kind = 'x', types: { amount: numeric }, table: x_* }",
)
  .replace('sqlite: metrics.db', 'sqlite: "${DIR:-.}/x.db", table: t, key: event_id')
  .replace(
    'columns:',
    "where: event.kind like 'a%' and transaction.amount between 1 and 2\ncolumns:\n  - { name: x, expr: \"coalesce(event.a.b[0], 'y')\", type: text }",
  );

const pieces = [
  ...'{}[]:,-\'"|>&*!%@#$?\n\t .=()\\\u0000\u001b\ufeff😀',
  ...[
    '\n  - ',
    ': ',
    '__proto__',
    'constructor',
    'toString',
    '<<',
    '*a',
    '&a ',
    '${',
    '---\n',
    'source',
    'null',
    'true',
  ],
  ...whole.split(/[\s,]+/),
];

const edit = fc.record({ at: fc.nat(), length: fc.integer({ min: 0, max: 12 }), by: fc.constantFrom(...pieces) });

function edited(text: string, { at, length, by }: { at: number; length: number; by: string }): string {
  const start = at % (text.length + 1);
  return text.slice(0, start) + by + text.slice(start + length);
}

test('the mapping that is damaged below is whole', () => {
  expect(findingsOf(whole)).toEqual([]);
});

test('a damaged mapping gives findings that can be printed; it never throws, and changes no prototype', () => {
  const before = Reflect.ownKeys(Object.prototype);
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), (edits) => {
      const text = edits.reduce(edited, whole);
      fc.pre(text !== whole);
      tell('fuzzed inputs, mappings');
      const loaded = parseMapping(text, 'm.yaml');
      if ('mapping' in loaded) return;
      expect(loaded.diagnostics.length).toBeGreaterThan(0);
      const starts = loaded.diagnostics.map(({ mapping }) => mapping?.span.start ?? -1);
      expect(starts).toEqual(starts.toSorted((a, b) => a - b));
      for (const diagnostic of loaded.diagnostics) {
        const { start = -1, end = -1 } = diagnostic.mapping?.span ?? {};
        expect(0 <= start && start <= end && end <= text.length, framed(diagnostic)).toBe(true);
      }
    }),
    { numRuns: runs(1_000, 100_000) },
  );
  expect(Reflect.ownKeys(Object.prototype)).toEqual(before);
});
