import { describe, expect, test } from 'vitest';
import { sumOfDoubles } from './sum.ts';

const MAX = Number.MAX_VALUE;
const MIN = Number.MIN_VALUE;

describe('a sum of doubles is rounded once', () => {
  test.each<[readonly number[], number]>([
    [[], 0],
    [[0.1, 0.2], 0.1 + 0.2],
    [[0.1, 0.2, 0.3], 0.6],
    [Array.from({ length: 10 }, () => 0.1), 1],
    [[1e16, 1, -1e16], 1],
    [[1e300, MIN, -1e300], MIN],
    [[MIN, MIN, -MIN, -MIN], 0],
    [[MAX, MAX, -MAX], MAX],
    [[MAX, MAX], Number.POSITIVE_INFINITY],
    [[-MAX, -MAX], Number.NEGATIVE_INFINITY],
    [[2 ** 53, 1], 2 ** 53],
    [[2 ** 53, 1, MIN], 2 ** 53 + 2],
    [[2 ** 53, 1, -MIN], 2 ** 53],
    [[-(2 ** 53), -1, -MIN], -(2 ** 53) - 2],
    [[2 ** -1022, -MIN], 2 ** -1022 - MIN],
    [[MAX, 2 ** 969], MAX],
    [[MAX, 2 ** 970], Number.POSITIVE_INFINITY],
  ])('%j', (values, sum) => {
    expect(sumOfDoubles(values)).toBe(sum);
    expect(sumOfDoubles([...values].reverse())).toBe(sum);
  });
});
