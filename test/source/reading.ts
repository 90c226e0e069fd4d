/** What the tests of this folder share: a folder of its own for each test, and reading to the end. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type FileMark, isFileMark } from '../../engine/change.ts';
import { type Diagnostic, EtlError } from '../../engine/diagnostic/diagnostic.ts';
import { EVERYTHING, type Interest } from '../../engine/interest.ts';
import { type Bad, FROM_THE_START, type Item, type Start } from '../../engine/source/format/decoder.ts';
import type { Templates } from '../../engine/source/format/wal2json/template.ts';
import { openWal2json } from '../../engine/source/format/wal2json/wal2json.ts';
import { type Reading, readFiles, type Source } from '../../engine/source/read.ts';

/** Every column of every table. */
export const everything = EVERYTHING;

export function columns(of: Record<string, readonly string[]>): Interest {
  return Object.entries(of).map(([table, names]) => ({ schema: null, tables: [table], columns: new Set(names) }));
}

/** A folder with these files, gone when the test ends. */
export function folderWith(files: Record<string, string | Uint8Array>): string {
  const folder = mkdtempSync(join(tmpdir(), 'etl-source-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

export interface Outcome {
  readonly items: readonly Item[];
  readonly readings: readonly Reading[];
  /** As a checkpoint keeps them: renamed, then the last mark of each file. */
  readonly marks: readonly FileMark[];
  /** What stopped it. */
  readonly error: Diagnostic | null;
}

/** A log, of whatever path. */
const log = { format: { kind: 'wal2json' }, mode: 'log', table: '' } as const;

/** Reads a source as a run does: each reading is handled before the next, everything is committed, and bad stops it. */
export async function read(
  path: string,
  marks: readonly FileMark[] = [],
  options: Partial<Source> = {},
): Promise<Outcome> {
  const kept = new Map(marks.map((mark) => [mark.path, mark]));
  const readings: Reading[] = [];
  const error = await errorOf(async () => {
    for await (const reading of readFiles({ ...log, path, ...options }, marks, everything)) {
      const { items, error } = untilBad(reading.items);
      readings.push({ ...reading, items });
      keep({ ...reading, items, marks: error ? [] : reading.marks }, kept);
      if (error) throw error;
    }
  });
  return { items: readings.flatMap(({ items }) => items), readings, marks: [...kept.values()], error };
}

/** The whole transactions before a bad record, and what is wrong with it. */
function untilBad(items: readonly Item[]): { readonly items: readonly Item[]; readonly error: EtlError | null } {
  const at = items.findIndex(({ op }) => op === 'bad');
  const bad = items[at];
  if (bad?.op !== 'bad') return { items, error: null };
  const whole = items.slice(0, items.findLastIndex(({ op }, index) => op === 'commit' && index < at) + 1);
  return { items: whole, error: new EtlError([bad.diagnostic]) };
}

/** Keeps the marks of a reading as a checkpoint does. */
export function keep(reading: Reading, kept: Map<string, FileMark>): void {
  const moved = [...reading.renamed].map(([from, path]) => ({ from, mark: kept.get(from), path }));
  for (const { from } of moved) kept.delete(from);
  for (const { mark, path } of moved) if (mark) kept.set(path, { ...mark, path });
  const commit = reading.items.findLast((item) => item.op === 'commit');
  const behind = commit ? reading.mark(commit) : null;
  for (const mark of [...(behind ? [behind] : []), ...reading.marks].filter(isFileMark)) kept.set(mark.path, mark);
}

/** The finding that stops the work; null if nothing does. */
export async function errorOf(work: () => Promise<unknown>): Promise<Diagnostic | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return diagnosticOf(error);
  }
}

export function findingOf(work: () => unknown): Diagnostic | null {
  try {
    work();
    return null;
  } catch (error) {
    return diagnosticOf(error);
  }
}

function diagnosticOf(error: unknown): Diagnostic {
  if (error instanceof EtlError && error.diagnostics[0]) return error.diagnostics[0];
  throw error;
}

/** Decodes bytes that come in stretches of these lengths, the last one over and over. What is bad stops it. */
export function decode(
  bytes: Buffer,
  lengths: readonly number[],
  interest = everything,
  start: Start = FROM_THE_START,
) {
  return decodeWith(bytes, lengths, interest, start, (bad) => {
    throw new EtlError([bad.diagnostic]);
  });
}

/** As `decode`, but goes on behind what is bad, as far as the framing allows. */
export function decodeOn(
  bytes: Buffer,
  lengths: readonly number[],
  interest = everything,
  start: Start = FROM_THE_START,
  templates?: Templates,
) {
  return decodeWith(bytes, lengths, interest, start, () => {}, templates);
}

function decodeWith(
  bytes: Buffer,
  lengths: readonly number[],
  interest: Interest,
  start: Start,
  onBad: (bad: Bad) => void,
  templates?: Templates,
) {
  const decoder = openWal2json('log', start, interest, templates);
  const items: Item[] = [];
  const take = (found: Iterable<Item>): void => {
    for (const item of found) {
      if (item.op === 'bad') onBad(item);
      items.push(item);
    }
  };
  const error = findingOf(() => {
    for (let at = start.bytes, turn = 0; at < bytes.length; turn++) {
      const length = lengths[Math.min(turn, lengths.length - 1)] ?? bytes.length;
      const stretch = Buffer.from(bytes.subarray(at, at + length));
      take(decoder.push(stretch));
      at += length;
    }
    take(decoder.finish());
  });
  return { items, error, shape: items.length > 0 ? decoder.shape : null };
}

/** A transaction of one insert, as wal2json writes it. */
export function insert(table: string, row: Record<string, unknown>): string {
  const change = {
    kind: 'insert',
    schema: 'public',
    table,
    columnnames: Object.keys(row),
    columntypes: Object.values(row).map((value) => (typeof value === 'number' ? 'integer' : 'text')),
    columnvalues: Object.values(row),
  };
  return JSON.stringify({ change: [change] });
}

/** The values of the inserts, to see which were read. */
export function valuesOf(items: readonly Item[]): readonly unknown[] {
  return items.flatMap((item) => (item.op === 'insert' ? [item.after.values] : []));
}
