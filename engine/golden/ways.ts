import { Buffer } from 'node:buffer';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, normalize } from 'node:path';
import { invariant } from '../diagnostic/diagnostic.ts';
import { type Format, hasRecords, isDatabase, isOneTable } from '../mapping/format.ts';
import type { Mapping } from '../mapping/mapping.ts';
import type { RunOptions } from '../pipeline/options.ts';
import { run } from '../pipeline/run.ts';
import { findFiles } from '../source/place.ts';
import { inParts, type Records, readRecords, reordered } from './records.ts';
import { readRows } from './rows.ts';

/** Files by the names of their sources. */
type Inputs = ReadonlyMap<string, string>;

/** What came out of a case that was run in one way. */
export interface Came {
  readonly way: string;
  readonly rows: readonly string[];
}

/** Parts into which the input is cut. */
const PARTS = 4;

/**
 * Runs a case in every way that must give the same rows: at once, cut into parts that come one after another, and with
 * its tables arriving in another order; `look` is given the first one's database. Throws an EtlError where a run does.
 */
export async function runWays(
  mapping: Mapping,
  inputs: Inputs,
  options: RunOptions,
  look: (database: string) => Promise<void> = async () => {},
): Promise<readonly Came[]> {
  const folder = await mkdtemp(join(tmpdir(), 'etl-golden-'));
  try {
    const once = await rowsAfter(mapping, join(folder, 'once.db'), options, [inputs]);
    await look(join(folder, 'once.db'));
    return [{ way: 'at once', rows: once }, ...(await runOtherwise(folder, mapping, inputs, options))];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runOtherwise(
  folder: string,
  mapping: Mapping,
  inputs: Inputs,
  options: RunOptions,
): Promise<readonly Came[]> {
  if ([...inputs.values()].some(isDatabase)) return [];
  const all = (await Promise.all([...inputs].map(([name, place]) => readAllLaid(mapping, name, place)))).flat();
  const parts = growing(join(folder, 'parts'), all);
  const ways = [{ way: 'cut into parts', rows: await rowsAfter(mapping, join(folder, 'parts.db'), options, parts) }];
  const other = await otherOrder(join(folder, 'order'), all);
  if (!other) return ways;
  const rows = await rowsAfter(mapping, join(folder, 'order.db'), options, [other]);
  return [...ways, { way: 'with its tables in another order', rows }];
}

/** A file of an input with its records, and its name: a metric may look at that. */
interface Laid extends Records {
  readonly name: string;
  readonly format: Format;
  readonly file: string;
  /** Whether the input is its folder, and others stand beside it. */
  readonly isOfMany: boolean;
}

async function readAllLaid({ sources }: Mapping, name: string, place: string): Promise<readonly Laid[]> {
  const source = sources.find((each) => each.name === name) ?? sources[0];
  invariant(source, 'a mapping has a source');
  const format: Format = hasRecords(source.format) ? source.format : { kind: 'rows', table: null };
  const files = await findFiles(place);
  const isOfMany = files[0] !== normalize(place);
  const laid = async (file: string) => ({
    name,
    format,
    file: basename(file),
    isOfMany,
    ...(await readRecords(file, format)),
  });
  return Promise.all(files.map(laid));
}

/** When rows are read in a golden, so that `source.read_at` is the same each time. */
const now = () => new Date('2000-01-01T00:00:00Z');

/** Runs once for each of the inputs, which are made as they are asked for, on one state. */
async function rowsAfter(
  mapping: Mapping,
  output: string,
  options: RunOptions,
  runs: Iterable<Inputs> | AsyncIterable<Inputs>,
): Promise<readonly string[]> {
  for await (const inputs of runs) await run(mapping, { ...options, inputs, output, now });
  return readRows(output, mapping.sink.table);
}

/** Files that have grown by a part each time they are asked for. */
async function* growing(folder: string, all: readonly Laid[]): AsyncGenerator<Inputs> {
  const parts = new Map(all.map((laid) => [laid, inParts(laid.records, PARTS)]));
  for (let n = 0; n < PARTS; n++) {
    const inputs = new Map<string, string>();
    for (const laid of all) {
      const records = (parts.get(laid) ?? []).slice(0, n + 1).flat();
      inputs.set(laid.name, await write(folder, laid, { ...laid, records }));
    }
    yield inputs;
  }
}

/** Null where there are no tables that may arrive otherwise. */
async function otherOrder(folder: string, all: readonly Laid[]): Promise<Inputs | null> {
  if (all.every(({ format }) => isOneTable(format))) return null;
  const inputs = new Map<string, string>();
  for (const laid of all) {
    const other = reordered(laid, laid.format);
    if (!other) return null;
    inputs.set(laid.name, await write(folder, laid, other));
  }
  return inputs;
}

/** Where an input stands in a folder; what stood there is overwritten. */
async function write(folder: string, { name, file, isOfMany }: Laid, { lead, records }: Records): Promise<string> {
  const path = join(folder, name === '' ? 'only' : name, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, Buffer.concat([lead, ...records]));
  return isOfMany ? dirname(path) : path;
}
