/** How the records of a source are written, as far as the mapping says it. Plain data: sources that are alike are read once. */
export type Format = Wal2jsonFormat | CsvFormat | JsonFormat | RowsFormat | TableFormat | MetricFormat;

export interface Wal2jsonFormat {
  readonly kind: 'wal2json';
}

export interface CsvFormat {
  readonly kind: 'csv';
  /** One character. */
  readonly delimiter: string;
  readonly encoding: Encoding;
}

/** How characters are written as bytes: its name, and the bytes of a UTF-16 unit; null in UTF-8, where they differ. */
export interface Encoding {
  readonly name: string;
  readonly unit: 1 | 2 | null;
}

export interface JsonFormat {
  readonly kind: 'json';
  /** Where the row stands in a document, and the row before a change; `before` is null where documents have none. */
  readonly row: Steps;
  readonly before: Steps | null;
  /** Null where every document is an upsert. */
  readonly operation: OperationFormat | null;
  /** Columns that hold JSON as a string. */
  readonly jsonStrings: readonly string[];
}

export interface TableFormat {
  readonly kind: 'table';
  /** Whether a query is read, and not the tables that the mapping names. */
  readonly isQuery: boolean;
  /** The column that grows with every change of a row; null where the whole table is read each time. */
  readonly watermark: string | null;
  /** How far before the largest value read so far rows are read again; null where only those that have it. */
  readonly lookback: Lookback | null;
}

/** Rows of another mapping's metric. */
export interface MetricFormat {
  readonly kind: 'metric';
}

/** In seconds for times; for numbers as they are. */
export interface Lookback {
  readonly by: 'time' | 'number';
  readonly amount: number;
}

/** Rows of tables, one a line: what stands in for a database. No mapping names it. */
export interface RowsFormat {
  readonly kind: 'rows';
  /** The table; null where there are several, each in a file of its name. */
  readonly table: string | null;
}

/** Documents that are rows themselves. */
export const ROWS: JsonFormat = { kind: 'json', row: [], before: null, operation: null, jsonStrings: [] };

/** Names from a document to a member inside of it; none is the document itself. */
export type Steps = readonly string[];

export interface OperationFormat {
  readonly field: Steps;
  /** What the field says, and what that means. */
  readonly meanings: readonly (readonly [string, Meaning])[];
}

export const MEANINGS = ['insert', 'update', 'delete', 'truncate'] as const;
export type Meaning = (typeof MEANINGS)[number];

/** What to do with a file that was replaced: refuse, read it again by key, or do so and delete what it no longer holds. */
export type Mode = 'log' | 'upsert' | 'snapshot';

/** A log only grows. What else stands in files is replaced by its next version. */
export function defaultMode(format: Format): Mode {
  if (format.kind === 'table') return format.watermark === null ? 'snapshot' : 'upsert';
  return format.kind === 'wal2json' || format.kind === 'metric' ? 'log' : 'upsert';
}

/** Whether a source of the format is one table, which has no name of its own. */
export function isOneTable(format: Format): boolean {
  return format.kind === 'table' ? format.isQuery : format.kind !== 'wal2json';
}

/** Whether what is read is records of files, one by one. */
export function hasRecords(format: Format): boolean {
  return format.kind !== 'table' && format.kind !== 'metric';
}

/** Whether a place is a database, as `url` and `--input` name one. */
export function isDatabase(place: string): boolean {
  return /^(?:sqlite|postgres|postgresql|mysql|mariadb):./.test(place);
}

/**
 * The encoding of a label, as the WHATWG lists them; null for one that can't be read. What writes some characters with
 * two bytes that another encoding would take for a delimiter or a quote (Shift JIS, Big5, GBK, ...) is none of them.
 */
export function encodingOf(label: string): Encoding | null {
  try {
    const name = new TextDecoder(label).encoding;
    if (name === 'utf-8') return { name, unit: null };
    if (name.startsWith('utf-16')) return { name, unit: 2 };
    return SINGLE_BYTE.test(name) ? { name, unit: 1 } : null;
  } catch {
    return null;
  }
}

const SINGLE_BYTE = /^(?:iso-8859-\d+(?:-i)?|windows-\d+|koi8-[ru]|ibm866|macintosh|x-mac-cyrillic)$/;
