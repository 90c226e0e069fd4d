/** The words that all floors share: what a source says, and what a value is. */

/** A value as SQLite stores it: NULL, INTEGER (64 bit, never a double), REAL, TEXT or BLOB. Booleans are 0n and 1n. */
export type Value = null | bigint | number | string | Uint8Array;

/** A row of a relation or a metric, in column order. */
export type Row = readonly Value[];

/** The types of the language. `character` is PostgreSQL's character(n): text whose trailing blanks mean nothing; no mapping can name it. */
export type Type =
  | 'integer'
  | 'numeric'
  | 'double'
  | 'boolean'
  | 'text'
  | 'character'
  | 'date'
  | 'timestamp'
  | 'timestamptz'
  | 'uuid'
  | 'json'
  | 'bytes';

/** A number, object or array of a record, left as its own characters: no digit is lost before the column's type is known. */
export interface Undecoded {
  readonly json: string;
}

/** One value of a record, as its JSON says it. */
export type Literal = null | boolean | string | Undecoded;

/** What one table's records look like. Records that look alike share one header object, so that work can be kept per header. */
export interface Header {
  /** NULL where the format has no schemas. */
  readonly schema: string | null;
  readonly table: string;
  readonly columns: readonly HeaderColumn[];
  /** The primary key, where the first record of the header tells it. */
  readonly key?: readonly string[];
}

export interface HeaderColumn {
  readonly name: string;
  /** NULL where the record does not say. */
  readonly type: Type | null;
}

/** A row before or after a change, as far as the record tells it. `values` stands in the order of `header.columns`. */
export interface Image {
  readonly header: Header;
  readonly values: readonly Literal[];
}

/** A row before a change, as far as the record tells it. */
export interface Before extends Image {
  /**
   * What a column was that the record leaves out: NULL, for the image is the whole row; or unknown, for the image is a
   * key. It says nothing about a column that the `after` of the same change leaves out too: that one was never NULL.
   */
  readonly missing: 'null' | 'unknown';
}

/** Where a change stands in its source. */
export interface Position {
  /** The file's path as the user wrote it; `-` for standard input. */
  readonly file: string;
  /** The number of the record in its file, from 1. */
  readonly record: number;
  /** Bytes (uncompressed) before the change in its file. */
  readonly offset: number;
  /** PostgreSQL's position after the transaction's commit, where the log tells it. */
  readonly lsn: bigint | null;
}

/**
 * What a source says about one row, or of all rows of a table. A column missing from an `after` keeps its value. An
 * update without a `before` leaves the key as it is.
 */
export type Change =
  | { readonly op: 'insert'; readonly after: Image; readonly at: Position }
  | { readonly op: 'update'; readonly before: Before | null; readonly after: Image; readonly at: Position }
  | { readonly op: 'delete'; readonly before: Before; readonly at: Position }
  | { readonly op: 'truncate'; readonly header: Header; readonly at: Position };

/** The end of a transaction of the source: everything before it belongs together, and reading can be resumed behind it. */
export interface Commit {
  readonly op: 'commit';
  /** Bytes (uncompressed) of the file before the transaction. */
  readonly from: number;
  /** Bytes of the file up to and including the record that ends it. */
  readonly offset: number;
  /** Records of the file up to and including this one. */
  readonly records: number;
  readonly lsn: bigint | null;
}

/** The header of a change: that of the row after it, where there is one. */
export function headerOf(change: Change): Header {
  switch (change.op) {
    case 'insert':
    case 'update':
      return change.after.header;
    case 'delete':
      return change.before.header;
    case 'truncate':
      return change.header;
  }
}

/** What a checkpoint remembers of a file: how far it was read, and how it is known again. */
export interface FileMark {
  /** As the user wrote it. */
  readonly path: string;
  /** Bytes (uncompressed) up to the checkpoint, and the records among them. */
  readonly bytes: number;
  readonly records: number;
  /** Of those bytes. */
  readonly digest: string;
  /** The file's size in bytes and time of change in ms, when it was read to its end; 0 before that. */
  readonly size: number;
  readonly changed: number;
  /** Records one after another, the same and the last one without the line end that ends it, or the elements of one array. */
  readonly shape: 'sequence' | 'unended' | 'array';
}

/** What a checkpoint remembers of a table of a database. */
export interface TableMark {
  /** Its name, with the schema where the mapping says one. */
  readonly path: string;
  /** The largest value of its watermark that was read; NULL where it was read as a whole. */
  readonly watermark: Value;
  /** Rows that were read the last time. */
  readonly records: number;
}

/** What a checkpoint remembers of a metric that is read. */
export interface MetricMark {
  /** Its name. */
  readonly path: string;
  /** The last of its commits that was read. */
  readonly commit: bigint;
  /** The transactions of its sources up to there. */
  readonly records: number;
}

/** How far a file, a table or a metric is read. */
export type Mark = FileMark | TableMark | MetricMark;

export function isFileMark(mark: Mark): mark is FileMark {
  return 'digest' in mark;
}

/** A value in a sentence: text in quotes, bytes in hex. */
export function showValue(value: Value): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return JSON.stringify(value);
  return value instanceof Uint8Array ? `x'${Buffer.from(value).toString('hex')}'` : String(value);
}

/** As PostgreSQL writes a pg_lsn: two halves in hexadecimal. */
export function lsnText(lsn: bigint): string {
  const hex = (half: bigint) => half.toString(16).toUpperCase();
  return `${hex(lsn >> 32n)}/${hex(lsn & 0xffffffffn)}`;
}
