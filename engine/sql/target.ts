import type { Type } from '../change.ts';
import type { SinkKind } from '../mapping/mapping.ts';
import { quote } from './dialect.ts';

/** A column of a target. */
export interface TargetColumn {
  readonly name: string;
  readonly type: Type | null;
}

/**
 * What a column of each type is in each database that a metric can be written to; `unknown` is one whose type nobody told.
 *
 * In SQLite the affinity must change no value: `uuid`, `timestamp` or `date` as declared types would have NUMERIC affinity,
 * and turn "1e5" into 100000. A numeric holds numbers and, beyond 15 digits, text: it has no affinity at all, as has a
 * column of unknown type. https://www.sqlite.org/datatype3.html#determination_of_column_affinity
 *
 * In PostgreSQL JSON is `json`, which keeps its characters: `jsonb` would write them anew, and so would ClickHouse's JSON.
 */
export const columnTypes: Readonly<Record<Type | 'unknown', Readonly<Record<SinkKind, string>>>> = {
  integer: { sqlite: 'INTEGER', postgres: 'bigint', clickhouse: 'Int64' },
  numeric: { sqlite: '', postgres: 'numeric', clickhouse: 'Decimal(76, 38)' },
  double: { sqlite: 'REAL', postgres: 'double precision', clickhouse: 'Float64' },
  boolean: { sqlite: 'INTEGER', postgres: 'boolean', clickhouse: 'Bool' },
  text: { sqlite: 'TEXT', postgres: 'text', clickhouse: 'String' },
  character: { sqlite: 'TEXT', postgres: 'text', clickhouse: 'String' },
  date: { sqlite: 'TEXT', postgres: 'date', clickhouse: 'Date32' },
  timestamp: { sqlite: 'TEXT', postgres: 'timestamp without time zone', clickhouse: "DateTime64(6, 'UTC')" },
  timestamptz: { sqlite: 'TEXT', postgres: 'timestamp with time zone', clickhouse: "DateTime64(6, 'UTC')" },
  uuid: { sqlite: 'TEXT', postgres: 'uuid', clickhouse: 'UUID' },
  json: { sqlite: 'TEXT', postgres: 'json', clickhouse: 'String' },
  bytes: { sqlite: 'BLOB', postgres: 'bytea', clickhouse: 'String' },
  unknown: { sqlite: '', postgres: 'text', clickhouse: 'String' },
};

/** The statement that makes a target. `key` columns are unique by an index of their own, so that rowids stay ours. */
export function createTarget(table: string, columns: readonly TargetColumn[], key: readonly string[]): string {
  const lines = columns.map(({ name, type }) =>
    [quote(name), columnTypes[type ?? 'unknown'].sqlite, key.includes(name) ? 'NOT NULL' : '']
      .filter((word) => word !== '')
      .join(' '),
  );
  return `CREATE TABLE ${quote(table)} (\n  ${lines.join(',\n  ')}\n)`;
}

/** SQLite's name for the row number that no column of the table hides. */
export function rowidOf(columns: readonly Pick<TargetColumn, 'name'>[]): string | null {
  const names = new Set(columns.map((column) => column.name.toLowerCase()));
  return ['rowid', '_rowid_', 'oid'].find((name) => !names.has(name)) ?? null;
}
