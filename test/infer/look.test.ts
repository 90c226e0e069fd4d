import { expect, test } from 'vitest';
import { lookOf } from '../../engine/infer/look.ts';

test.each([
  ['2024-02-29', 'date'],
  ['2024-02-30', 'text'],
  ['2023-02-29', 'text'],
  ['2024-02-29 23:59', 'timestamp'],
  ['2024-02-30 23:59', 'text'],
  ['2024-13-01T00:00:00Z', 'text'],
  ['2024-12-01T00:00:00Z', 'timestamptz'],
  ['2024-12-01T00:00:00+99', 'text'],
])('%s looks like a %s: what no calendar has would stop a run', (text, look) => {
  expect(lookOf(text)).toBe(look);
});
