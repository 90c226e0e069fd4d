import { describe, expect, test } from 'vitest';
import { compareRows } from '../../engine/golden/compare.ts';

const rows = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => `{"id": ${n}}`);

describe('the rows that differ', () => {
  test('are counted, also where they are all missing or all unexpected', () => {
    expect(compareRows(rows(12), [])).toContain('and 7 more');
    expect(compareRows([], rows(12))).toContain('and 7 more');
  });

  test('are shown to the last one where they are few', () => {
    expect(compareRows(rows(5), []).slice(1)).toEqual(rows(5).map((row) => `missing: ${row}`));
  });
});
