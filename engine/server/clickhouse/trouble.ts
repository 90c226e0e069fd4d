import type { Trouble } from '../failure.ts';

/** By the numbers that ClickHouse gives its errors: https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp */
const TROUBLES = new Map<number, Trouble>([
  [81, 'login'],
  [192, 'login'],
  [193, 'login'],
  [516, 'login'],
  [164, 'permission'],
  [497, 'permission'],
  [159, 'busy'],
  [202, 'busy'],
  [241, 'busy'],
  [242, 'busy'],
  [243, 'busy'],
  [252, 'busy'],
  [209, 'lost'],
  [210, 'lost'],
]);

export function troubleOf(code: number): Trouble {
  return TROUBLES.get(code) ?? 'rows';
}
