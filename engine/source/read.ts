import { Buffer } from 'node:buffer';
import type { FileMark } from '../change.ts';
import { fail } from '../diagnostic/diagnostic.ts';
import { hints } from '../diagnostic/messages.ts';
import type { Interest } from '../interest.ts';
import type { Format, Mode } from '../mapping/format.ts';
import type { TableName } from '../store/pick/table.ts';
import { findFiles } from './place.ts';
import { type FileReading, readFile } from './read-file.ts';
import { type Resumption, resume } from './resume.ts';

/** A source as a run sees it: variables are expanded, flags are taken in. */
export interface Source {
  /** A file, a folder, a pattern, or `-`; or the URL of a database, password and all. */
  readonly path: string;
  readonly format: Format;
  readonly mode: Mode;
  /** What the table is called, where the format has no names of tables. */
  readonly table: string;
  /** Of a database: its tables, or a query. */
  readonly asked?: { readonly query: string | null; readonly tables: readonly TableName[] };
  /** Its name, and the keys by which its rows are found. */
  readonly metric?: { readonly name: string; readonly keys: readonly (readonly string[])[] } | null;
}

/**
 * What was read at once: a stretch of one file. It is to be handled before the next one is asked for, in this
 * order: `renamed`, `items`, `marks`.
 */
export interface Reading extends FileReading {
  /** Files that are known under another path: old path -> new path. What was read of them keeps its file. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Whether a file begins here that was replaced, and is read anew. */
  readonly anew: boolean;
}

/**
 * Reads what is new in the files of a source since its marks were made: those that were begun first, then new ones in
 * name order.
 *
 * Throws an EtlError: where the place holds nothing or a file was replaced, before any reading; where a record can't be
 * read, behind a reading with all whole transactions before it.
 */
export async function* readFiles(
  source: Source,
  marks: readonly FileMark[],
  interest: Interest,
): AsyncGenerator<Reading> {
  const resumption = await resume(await findFiles(source.path), marks);
  refuseReplaced(source, resumption);
  let { renamed } = resumption;
  for (const file of resumption.files) {
    for await (const reading of readFile(file, { source, interest })) {
      yield { ...reading, renamed, anew: isAnew(reading, resumption) };
      renamed = NOTHING_RENAMED;
    }
  }
}

/** A log only grows, so a file of one that was replaced is refused. */
export function refuseReplaced({ mode }: Source, { replaced }: Resumption): void {
  const [refused] = mode === 'log' ? replaced : [];
  if (refused !== undefined) fail('FILE_REPLACED', undefined, { data: { file: refused }, hint: hints.fullRefresh });
}

export function isAnew({ file, starts }: FileReading, { replaced }: Resumption): boolean {
  return starts && replaced.includes(file);
}

export const NOTHING_RENAMED: ReadonlyMap<string, string> = new Map();

/** A reading that brings nothing. */
export function nothingOf(file: string): Reading {
  return {
    file,
    starts: false,
    ends: false,
    anew: false,
    bytes: 0,
    items: [],
    mark: () => null,
    behind: () => null,
    raw: () => Buffer.alloc(0),
    marks: [],
    renamed: NOTHING_RENAMED,
  };
}
