import type { PostgresClient } from '../../server/postgres.ts';
import { quote } from '../../sql/dialect.ts';
import { columnTypes, type TargetColumn } from '../../sql/target.ts';

/** A table as it stands on the server, or as it is to be: its columns by name, with their types, and its key. */
export interface Definition {
  readonly columns: ReadonlyMap<string, string>;
  readonly key: readonly string[];
}

export function definitionFor(columns: readonly TargetColumn[], key: readonly string[]): Definition {
  const types = columns.map(({ name, type }) => [name, columnTypes[type ?? 'unknown'].postgres] as const);
  return { columns: new Map(types), key };
}

/** A table of the server as it stands; null where there is none. Views and the like are tables without a key. */
export async function readDefinition(
  { query }: PostgresClient,
  schema: string,
  table: string,
): Promise<Definition | null> {
  const found = await query(COLUMNS, [schema, table]);
  if (found.count === 0) return null;
  const key = await query(KEY, [schema, table]);
  return {
    columns: new Map(found.rows.map(([name, type]) => [String(name), String(type)])),
    key: key.rows.map(([name]) => String(name)),
  };
}

/** One row at least, also of a table without columns. */
const COLUMNS = `SELECT attname, format_type(atttypid, atttypmod)
  FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
  LEFT JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
  WHERE nspname = $1 AND relname = $2 ORDER BY attnum`;

const KEY = `SELECT attname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
  JOIN pg_index ON indrelid = pg_class.oid AND indisprimary
  CROSS JOIN LATERAL unnest(indkey) WITH ORDINALITY AS part (number, place)
  JOIN pg_attribute ON attrelid = pg_class.oid AND attnum = part.number
  WHERE nspname = $1 AND relname = $2 ORDER BY place`;

/** The same text for the same definition, in whichever order the columns stand. */
export function definitionText({ columns, key }: Definition): string {
  return JSON.stringify({ columns: [...columns].sort(([a], [b]) => (a < b ? -1 : 1)), key });
}

/** `TABLE` may be TEMP TABLE. */
export function createTable(words: 'TABLE' | 'TEMP TABLE', name: string, { columns }: Definition): string {
  const lines = [...columns].map(([column, type]) => `${quote(column)} ${type}`);
  return `CREATE ${words} ${name} (${lines.join(', ')})`;
}

export function addKey(name: string, { key }: Definition): string {
  return `ALTER TABLE ${name} ADD PRIMARY KEY (${key.map(quote).join(', ')})`;
}

/**
 * The statements that make of one empty table another: privileges, comments and whatever else was added to it stay, where
 * a table that is dropped and made again would lose them.
 */
export function alterTable(
  name: string,
  from: Definition,
  to: Definition,
  constraint: string | null,
): readonly string[] {
  const gone = [...from.columns.keys()].filter((column) => !to.columns.has(column));
  const parts = [
    ...(constraint === null ? [] : [`DROP CONSTRAINT ${quote(constraint)}`]),
    ...from.key.filter((column) => to.columns.has(column)).map((column) => `ALTER ${quote(column)} DROP NOT NULL`),
    ...gone.map((column) => `DROP ${quote(column)}`),
    ...[...to.columns].flatMap(([column, type]) => {
      const known = from.columns.get(column);
      if (known === undefined) return [`ADD ${quote(column)} ${type}`];
      return known === type ? [] : [`ALTER ${quote(column)} TYPE ${type} USING NULL`];
    }),
  ];
  return [...parts.map((part) => `ALTER TABLE ${name} ${part}`), addKey(name, to)];
}
