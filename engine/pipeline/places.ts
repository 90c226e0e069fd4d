import { statSync } from 'node:fs';
import { type Diagnostic, diagnose, fail, isFinding } from '../diagnostic/diagnostic.ts';
import { hints } from '../diagnostic/messages.ts';
import { suggestion } from '../diagnostic/suggest.ts';
import { type Environment, expand } from '../mapping/environment.ts';
import { hasRecords, isDatabase } from '../mapping/format.ts';
import { type Mapping, placeIn, type SourceDeclaration, sinkKindOf, stateBeside } from '../mapping/mapping.ts';
import { placeOf } from '../server/place.ts';
import type { RemoteTarget } from '../sink/remote.ts';
import { stateOf } from '../source/file.ts';
import { findFiles, STANDARD_INPUT } from '../source/place.ts';

/** Where a run reads and writes, with variables and the command line's flags taken in. */
export interface Places {
  readonly sources: readonly SourcePlace[];
  /** The SQLite file that holds the state, and the target unless that is elsewhere. */
  readonly database: string;
  /** Null where the target is in the state's own file. */
  readonly remote: RemoteTarget | null;
  readonly table: string;
  /** The files of all sources, as they were when this was asked. */
  readonly files: readonly FileSize[];
}

export interface FileSize {
  readonly path: string;
  /** Null where that can't be known before it is read: of a stream, and of gzip. */
  readonly bytes: number | null;
}

export interface SourcePlace {
  readonly source: SourceDeclaration;
  /** A place of files, or the URL of a database, which may hold a password. */
  readonly path: string;
  /** What a database is asked; null where its tables are read. */
  readonly query: string | null;
}

/** `--input` without a name, for a mapping with one source. */
export const ONLY_SOURCE = '';

export interface PlaceOptions {
  readonly inputs?: ReadonlyMap<string, string> | undefined;
  readonly output?: string | undefined;
  readonly env?: Environment | undefined;
  /**
   * Go on when all is read, and take in what comes: until the signal, or the end of standard input. A place that holds
   * nothing yet is awaited.
   */
  readonly follow?: boolean;
}

/**
 * Throws an EtlError where a variable is not set, an input names no source, or a file is not there: before anything is
 * opened for writing.
 */
export async function placesOf(mapping: Mapping, options: PlaceOptions): Promise<Places> {
  const env = options.env ?? process.env;
  const inputs = namedInputs(mapping, options.inputs ?? new Map());
  const sources = mapping.sources.map((source) => {
    const input = inputs.get(source.name);
    const path = input ?? expand(source.path, env, mapping);
    return {
      source: input === undefined ? source : readAs(source, input, mapping),
      path,
      query: source.query && expand(source.query, env, mapping),
    };
  });
  const files = await Promise.all(
    sources.filter(hasFiles).map(({ path }) => findFiles(path).catch(unlessAwaited(options))),
  );
  const piped = sources.filter(({ path }) => path === STANDARD_INPUT).length;
  if (piped > 1) fail('STANDARD_INPUT_TWICE', { count: piped });
  return { sources, ...targetPlaceOf(mapping, options), files: files.flat().map(sizeOf) };
}

/** A file, or a folder of files, stands in for a database or a metric by its rows: tests have no servers. */
function readAs(source: SourceDeclaration, path: string, { relations }: Mapping): SourceDeclaration {
  if (hasRecords(source.format) || isDatabase(path) || (source.format.kind === 'table' && !isOfRows(path)))
    return source;
  const tables = new Set(relations.filter((each) => each.source.name === source.name).flatMap((each) => each.tables));
  const [only = '*'] = tables;
  const table = tables.size === 1 && !only.includes('*') ? only : null;
  return { ...source, format: { kind: 'rows', table }, mode: 'upsert' };
}

function isOfRows(path: string): boolean {
  return (
    /\.(?:jsonl|ndjson)(?:\.gz)?$/.test(path) || (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false)
  );
}

function hasFiles({ source }: SourcePlace): boolean {
  return hasRecords(source.format);
}

function unlessAwaited({ follow }: PlaceOptions): (error: unknown) => readonly string[] {
  return (error) => {
    if (follow && isFinding(error, 'FILE_NOT_FOUND')) return [];
    throw error;
  };
}

/** A warning for each source whose place holds nothing yet. */
export async function awaitedPlaces({ sources }: Places): Promise<readonly Diagnostic[]> {
  const found = await Promise.all(
    sources.filter(hasFiles).map(({ path }) => findFiles(path).catch((error: unknown) => error)),
  );
  return found.flatMap((error) => {
    if (!isFinding(error, 'FILE_NOT_FOUND')) return [];
    const [{ data, hint } = {}] = error.diagnostics;
    return [diagnose('FILE_AWAITED', undefined, { data, hint })];
  });
}

/** Where target and state are. */
export type TargetPlace = Pick<Places, 'database' | 'remote' | 'table'>;

/** Throws an EtlError where a variable is not set, or the place is none. */
export function targetPlaceOf(mapping: Mapping, options: PlaceOptions): TargetPlace {
  const { sink, metric } = mapping;
  const env = options.env ?? process.env;
  const where = options.output ?? expand(sink.where, env, mapping);
  const kind = options.output === undefined ? sink.kind : sinkKindOf(options.output);
  if (where === '') fail('BAD_SINK_PLACE', { kind, place: where }, { hint: hints.sinkPlaces[kind] });
  if (kind === 'sqlite') return { database: where, remote: null, table: sink.table };
  // `clickhouse:` is said where `--output` says it: a mapping has it as a key.
  const place = placeOf(where.replace(/^clickhouse:(?=\/\/)/, 'http:').replace(/^clickhouse:/, ''));
  if (place === null) fail('BAD_SINK_PLACE', { kind, place: where }, { hint: hints.sinkPlaces[kind] });
  if (sink.key.length === 0) fail('SINK_WITHOUT_KEY', { kind }, { mapping: placeIn(mapping, sink.span) });
  const { table, partitionBy } = sink;
  const database = expand(stateBeside(mapping), env, mapping);
  if (database === '') fail('BAD_SINK_PLACE', { kind: 'a state', place: '' }, { hint: hints.sinkPlaces.sqlite });
  return { database, remote: { ...place, kind, metric, table, partitionBy }, table };
}

/** The target's place as it is shown: without a password. */
export function shownTarget({ database, remote }: TargetPlace): string {
  return remote?.shown ?? database;
}

function sizeOf(path: string): FileSize {
  return { path, bytes: path.endsWith('.gz') ? null : (stateOf(path)?.size ?? null) };
}

function namedInputs(mapping: Mapping, inputs: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const names = mapping.sources.map((source) => source.name);
  return new Map([...inputs].map(([name, path]) => [sourceName(name, path, names), path]));
}

function sourceName(name: string, path: string, names: readonly string[]): string {
  const [only, ...others] = names;
  if (name === ONLY_SOURCE && only !== undefined && others.length === 0) return only;
  if (name === ONLY_SOURCE) fail('INPUT_NEEDS_NAME', { path }, { hint: hints.known(names) });
  if (!names.includes(name)) fail('UNKNOWN_INPUT', { name }, { hint: suggestion(name, names) });
  return name;
}
