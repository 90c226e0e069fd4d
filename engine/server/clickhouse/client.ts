/** A ClickHouse, at a server or within this process. What it refuses is an EtlError that names its place. */
export interface ClickhouseClient {
  /** Runs a statement that gives no rows. */
  run(statement: string): Promise<void>;
  /** Runs a statement that gives rows, each value as ClickHouse writes it. */
  read(statement: string): Promise<readonly TextRow[]>;
  /** Inserts lines of tab-separated values (`tsv.ts`), at once. */
  insert(table: string, columns: string, lines: string): Promise<void>;
  close(): Promise<void>;
}

export type TextRow = readonly (string | null)[];
