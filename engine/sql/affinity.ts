import type { Type } from '../change.ts';

/**
 * What a column of SQLite does to values by its declared type. `bytes` is BLOB in a STRICT table, which takes nothing
 * else. https://www.sqlite.org/datatype3.html#determination_of_column_affinity
 */
export type Affinity = 'INTEGER' | 'TEXT' | 'BLOB' | 'REAL' | 'NUMERIC' | 'bytes';

export function affinityOf(declared: string, isStrict: boolean): Affinity {
  const type = declared.toUpperCase();
  if (isStrict && type === 'ANY') return 'BLOB';
  if (isStrict && type === 'BLOB') return 'bytes';
  if (type.includes('INT')) return 'INTEGER';
  if (/CHAR|CLOB|TEXT/.test(type)) return 'TEXT';
  if (type === '' || type.includes('BLOB')) return 'BLOB';
  return /REAL|FLOA|DOUB/.test(type) ? 'REAL' : 'NUMERIC';
}

/** Whether a column keeps what is written to it: always, as the value is, or never where it can help it. */
export type Keeping = 'always' | 'by value' | 'never';

/**
 * Whether a column of an affinity keeps the values of a type as they are. A number stays a number: 5 may become 5.0.
 * What can hardly look like a number, as a date or a uuid, may also stand where numbers are at home.
 */
export function keeping(type: Type | null, affinity: Affinity): Keeping {
  if (affinity === 'bytes') return type === 'bytes' ? 'always' : 'never';
  if (affinity === 'BLOB' || type === 'bytes') return 'always';
  switch (type) {
    case 'integer':
    case 'boolean':
      if (affinity === 'TEXT') return 'never';
      return affinity === 'REAL' ? 'by value' : 'always';
    case 'double':
      return affinity === 'TEXT' ? 'never' : 'always';
    case 'numeric':
      return affinity === 'TEXT' ? 'never' : 'by value';
    case 'date':
    case 'timestamp':
    case 'timestamptz':
    case 'uuid':
      return affinity === 'TEXT' ? 'always' : 'by value';
    case 'text':
    case 'character':
    case 'json':
      return affinity === 'TEXT' ? 'always' : 'never';
    case null:
      return 'by value';
  }
}

/** Whether keys of a type can be found again in a column: 5 is to stay 5 there, and not to become 5.0. */
export function keepsKey(type: Type | null, affinity: Affinity): boolean {
  if (affinity === 'BLOB' || type === 'bytes') return keeping(type, affinity) === 'always';
  if (affinity === 'REAL' || type === 'double') return affinity === 'REAL' && type === 'double';
  return type !== 'numeric' && type !== null && keeping(type, affinity) !== 'never';
}
