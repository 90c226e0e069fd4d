import type { Type } from '../../change.ts';

/** All of these are stored as the text that PostgreSQL writes, so that one can become the other without touching a row. */
const written: ReadonlySet<Type> = new Set(['text', 'character', 'uuid', 'json', 'date', 'timestamp', 'timestamptz']);

/**
 * The type of a column that had the first type and now comes with the second: null is "not known".
 *
 * A column widens from integer to numeric and from any written type to text. Other changes keep no value as it was.
 */
export function widen(known: Type | null, come: Type | null): Type | null | 'conflict' {
  if (known === null || come === null || known === come) return known ?? come;
  if (isExact(known) && isExact(come)) return 'numeric';
  if (isWritten(known) && isWritten(come)) return 'text';
  return 'conflict';
}

function isExact(type: Type): boolean {
  return type === 'integer' || type === 'numeric';
}

/** Whether values of the type are stored as the text that PostgreSQL writes. */
export function isWritten(type: Type): boolean {
  return written.has(type);
}
