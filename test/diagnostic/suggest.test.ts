import { describe, expect, test } from 'vitest';
import { nearest, suggestion } from '../../engine/diagnostic/suggest.ts';

describe('the nearest name', () => {
  test.each([
    ['transacton', ['event', 'transaction', 'transaction_request'], 'transaction'],
    ['keys', ['key', 'where'], 'key'],
    ['cloumns', ['columns', 'column'], 'columns'],
    ['Transaction', ['transaction'], 'transaction'],
    ['frm', ['from', 'form'], 'from'],
    ['__proto_', ['__proto__', 'constructor'], '__proto__'],
  ])('of "%s" in %j is "%s"', (name, known, near) => {
    expect(nearest(name, known)).toBe(near);
  });

  test.each([
    ['a', ['b']],
    ['ab', ['cd']],
    ['flow', ['transaction']],
    ['group_by', ['join', 'where']],
    ['', ['a']],
    ['x'.repeat(5000), [`${'x'.repeat(5000)}y`]],
  ])('is none where nothing is spelled almost the same: "%s"', (name, known) => {
    expect(nearest(name, known)).toBeUndefined();
  });

  test('is the first of two that are equally near', () => {
    expect(nearest('abx', ['aby', 'abz'])).toBe('aby');
  });
});

test('a suggestion lists what exists where no name is near, unless that is long', () => {
  expect(suggestion('csv', ['wal2json'])).toContain('"wal2json"');
  expect(suggestion('wal2jsn', ['wal2json'])).toBe('"wal2json" is spelled almost the same');
  expect(suggestion('x', [])).toBeUndefined();
  expect(
    suggestion(
      'x',
      Array.from({ length: 50 }, (_, n) => `name_${n}`),
    ),
  ).toBeUndefined();
});
