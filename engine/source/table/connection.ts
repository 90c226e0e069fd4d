import type { HeaderColumn, Literal, Value } from '../../change.ts';

/**
 * A database that is open for one look: whatever is read over it is read as it was at one moment, and nothing can be
 * written. Whoever opens it closes it. What the database refuses is an EtlError that names its place.
 */
export interface Connection {
  readonly dialect: TableDialect;
  /** The tables and views of a schema; of the one that the login leads to where it is null. */
  tablesIn(schema: string | null): Promise<readonly string[]>;
  /** The rows of one statement, chunk by chunk. The next statement is read when this one has ended. */
  read(sql: string, values: readonly Value[]): AsyncIterable<Chunk>;
  close(): Promise<void>;
}

/** Some rows, in order. Their values are as the database writes them; bytes are hex behind `\x`, as in PostgreSQL. */
export interface Chunk {
  readonly columns: readonly HeaderColumn[];
  readonly rows: readonly (readonly Literal[])[];
}

/** How a database says names and places of values. */
export interface TableDialect {
  /** The schema of tables that are named without one; null where the login leads to one. */
  readonly schema: string | null;
  readonly quote: (name: string) => string;
  /** The place of the value with this number, from 1; values stand in the statement in their order. */
  readonly value: (n: number) => string;
}

/** Rows that are handed on at once. */
export const CHUNK = 1000;
