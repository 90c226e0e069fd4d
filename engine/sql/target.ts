import type { Type } from '../change.ts';
import { quote } from './dialect.ts';

/** A target column as SQLite declares it. */
export interface TargetColumn {
  readonly name: string;
  readonly type: Type | null;
}

/**
 * The declared type of a target column in SQLite.
 *
 * The affinity must change no value: `uuid`, `timestamp` or `date` as declared types would have NUMERIC affinity, and
 * turn "1e5" into 100000. A numeric holds numbers and, beyond 15 digits, text: it has no affinity at all, as has a column
 * of unknown type. https://www.sqlite.org/datatype3.html#determination_of_column_affinity
 */
function declaredType(type: Type | null): string {
  switch (type) {
    case 'integer':
    case 'boolean':
      return 'INTEGER';
    case 'double':
      return 'REAL';
    case 'bytes':
      return 'BLOB';
    case 'numeric':
    case null:
      return '';
    default:
      return 'TEXT';
  }
}

/** The statement that makes a target. `key` columns are unique by an index of their own, so that rowids stay ours. */
export function createTarget(table: string, columns: readonly TargetColumn[], key: readonly string[]): string {
  const lines = columns.map(({ name, type }) =>
    [quote(name), declaredType(type), key.includes(name) ? 'NOT NULL' : ''].filter((word) => word !== '').join(' '),
  );
  return `CREATE TABLE ${quote(table)} (\n  ${lines.join(',\n  ')}\n)`;
}

/** SQLite's name for the row number that no column of the table hides. */
export function rowidOf(columns: readonly Pick<TargetColumn, 'name'>[]): string | null {
  const names = new Set(columns.map((column) => column.name.toLowerCase()));
  return ['rowid', '_rowid_', 'oid'].find((name) => !names.has(name)) ?? null;
}
