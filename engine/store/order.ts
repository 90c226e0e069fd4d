import type { Row, Value } from '../change.ts';

/**
 * Compares two rows as SQLite orders them: NULL, numbers, text by its bytes, bytes. 0 also for 1 and 1.0.
 * https://www.sqlite.org/datatype3.html#comparisons
 */
export function compareRows(a: Row, b: Row): number {
  for (const [n, value] of a.entries()) {
    const order = compareValues(value, b[n] ?? null);
    if (order !== 0) return order;
  }
  return 0;
}

/** Compares two values in that order. */
export function compareValues(a: Value, b: Value): number {
  const [left, right] = [rank(a), rank(b)];
  if (left !== right) return left - right;
  if (a === b || a === null || b === null) return 0;
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  // A bigint and a number are compared by value, without a conversion.
  return a < b ? -1 : Number(a > b);
}

function rank(value: Value): number {
  if (value === null) return 0;
  if (typeof value === 'string') return 2;
  return value instanceof Uint8Array ? 3 : 1;
}
