/** Reads a sample of a place, and finds out what a mapping of it would say. */
import { type Diagnostic, fail } from '../diagnostic/diagnostic.ts';
import { hints } from '../diagnostic/messages.ts';
import { suggestion } from '../diagnostic/suggest.ts';
import type { Source } from '../source/read.ts';
import { detectSource, type FileFormat } from './detect.ts';
import { keyOf } from './key.ts';
import { type Known, know, type Link, linksBetween } from './link.ts';
import { readSample } from './sample.ts';
import { rootOf } from './tree.ts';

/** What was found in a sample. */
export interface Findings {
  readonly source: Source;
  readonly changes: number;
  /** Whether the sample is all there is. */
  readonly isWhole: boolean;
  /** Warnings: records that can't be taken. */
  readonly bad: readonly Diagnostic[];
  readonly tables: readonly Known[];
  readonly links: readonly Link[];
  /** The table that most others are reached from. */
  readonly root: Known;
}

export interface InferOptions {
  /** Detected, where nobody says it. */
  readonly format: FileFormat | null;
  /** Changes that are read at most. */
  readonly limit: number;
  /** The tables that are looked at; all if there are none. */
  readonly only: readonly string[];
}

/** Throws an EtlError where the sample can't be read, or holds no rows of the tables asked for. */
export async function infer(path: string, { format, limit, only }: InferOptions): Promise<Findings> {
  const source = await detectSource(path, format);
  const { tables: all, bad, ...sample } = await readSample(source, limit);
  const filled = all.filter(({ columns }) => columns.length > 0);
  const names = filled.map(({ name }) => name);
  for (const name of only) {
    if (!names.includes(name)) fail('NOT_IN_SAMPLE', { name }, { data: { file: path }, hint: suggestion(name, names) });
  }
  const wanted = filled.filter(({ name }) => only.length === 0 || only.includes(name));
  const tables = wanted.map((table) => know(table, keyOf(table, source.format.kind === 'wal2json')));
  const links = linksBetween(tables);
  const root = rootOf(tables, links);
  if (root === null) fail('NO_SAMPLE', undefined, { data: { file: path } });
  const warnings = bad.map((each) => ({ ...each, severity: 'warning' as const }));
  return { source: withJsonStrings(source, tables), ...sample, bad: warnings, tables, links, root };
}

/** Documents do not say that a text of theirs holds JSON. */
function withJsonStrings(source: Source, tables: readonly Known[]): Source {
  const { format } = source;
  if (format.kind !== 'json') return source;
  const columns = tables.flatMap(({ table }) => table.columns.filter(({ look, isText }) => look === 'json' && isText));
  return { ...source, format: { ...format, jsonStrings: columns.map(({ name }) => name) } };
}

/** A table of the sample by its name. Throws an EtlError where it is not there. */
export function tableNamed({ tables, source }: Findings, name: string): Known {
  const names = tables.map(({ table }) => table.name);
  const found = tables.find(({ table }) => table.name === name);
  return (
    found ??
    fail(
      'NOT_IN_SAMPLE',
      { name },
      { data: { file: source.path }, hint: suggestion(name, names) ?? hints.known(names) },
    )
  );
}
