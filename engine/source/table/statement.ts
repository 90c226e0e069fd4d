import type { Value } from '../../change.ts';
import type { TableDialect } from './connection.ts';

/** What is read at once: a table or a query, some of its columns, and from where on. */
export interface Reach {
  /** A table's name, quoted, or a query. */
  readonly from: string;
  /** What it is called in the statement, and in what the database says of it. */
  readonly name: string;
  /** Null for every column. */
  readonly columns: readonly string[] | null;
  readonly watermark: string | null;
  /** The largest value read so far, and the one to read from; null where all is read. */
  readonly known: { readonly value: Value; readonly from: Value } | null;
}

/**
 * The statement that reads a reach. With a watermark, its value and whether the largest one so far is reached stand
 * behind the columns, and the rows come in its order: so each row is a place from which to go on.
 *
 * A row without a watermark would never be read again, and so it is always read, to be told of. Columns are named with
 * their table: alone, SQLite takes a name that is no column for a text.
 */
export function statementOf({ name, from, columns, watermark, known }: Reach, dialect: TableDialect): string {
  const rows = dialect.quote(name);
  const named = `FROM ${from} AS ${rows}`;
  const column = (each: string) => `${rows}.${dialect.quote(each)}`;
  const names = columns?.map(column) ?? [`${rows}.*`];
  if (watermark === null) return `SELECT ${names.join(', ')} ${named}`;
  const mark = column(watermark);
  if (known === null) return `SELECT ${[...names, mark].join(', ')} ${named} ORDER BY ${mark}`;
  const isReached = `CASE WHEN ${mark} >= ${dialect.value(1)} THEN 1 ELSE 0 END`;
  const isNew = `${mark} >= ${dialect.value(2)} OR ${mark} IS NULL`;
  return `SELECT ${[...names, mark, isReached].join(', ')} ${named} WHERE ${isNew} ORDER BY ${mark}`;
}

/** A query as something to select from. */
export function asTable(query: string): string {
  // The line end ends a comment of the query's own.
  return `(${query.trim().replace(/;$/, '')}\n)`;
}
