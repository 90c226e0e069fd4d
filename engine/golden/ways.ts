import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mapping } from '../mapping/mapping.ts';
import type { RunOptions } from '../pipeline/options.ts';
import { run } from '../pipeline/run.ts';
import { inParts, readRecords, reordered } from './records.ts';
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
 * its tables arriving in another order. Throws an EtlError where a run does.
 */
export async function runWays(mapping: Mapping, inputs: Inputs, options: RunOptions): Promise<readonly Came[]> {
  const folder = await mkdtemp(join(tmpdir(), 'etl-golden-'));
  try {
    return await runIn(folder, mapping, inputs, options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runIn(folder: string, mapping: Mapping, inputs: Inputs, options: RunOptions): Promise<readonly Came[]> {
  const once = await rowsAfter(mapping, join(folder, 'once.db'), options, [inputs]);
  const records = new Map(
    await Promise.all([...inputs].map(async ([name, file]) => [name, await readRecords(file)] as const)),
  );
  const parts = await growing(join(folder, 'parts'), records);
  const ways = [
    { way: 'at once', rows: once },
    { way: 'cut into parts', rows: await rowsAfter(mapping, join(folder, 'parts.db'), options, parts) },
  ];
  const other = await otherOrder(join(folder, 'order'), records);
  if (!other) return ways;
  const rows = await rowsAfter(mapping, join(folder, 'order.db'), options, [other]);
  return [...ways, { way: 'with its tables in another order', rows }];
}

/** Runs once for each of the inputs, which are made as they are asked for, on one state. */
async function rowsAfter(
  mapping: Mapping,
  output: string,
  options: RunOptions,
  runs: Iterable<Inputs> | AsyncIterable<Inputs>,
): Promise<readonly string[]> {
  for await (const inputs of runs) await run(mapping, { ...options, inputs, output });
  return readRows(output, mapping.sink.table);
}

/** Folders that have one more file each time they are asked for. */
async function* growing(folder: string, records: ReadonlyMap<string, readonly string[]>): AsyncGenerator<Inputs> {
  const parts = new Map([...records].map(([name, all]) => [name, inParts(all, PARTS)]));
  const inputs = new Map([...records.keys()].map((name) => [name, join(folder, name === '' ? 'only' : name)]));
  for (let n = 0; n < PARTS; n++) {
    for (const [name, path] of inputs) await writeLines(join(path, `part-${n}.ndjson`), parts.get(name)?.[n] ?? []);
    yield inputs;
  }
}

async function otherOrder(folder: string, records: ReadonlyMap<string, readonly string[]>): Promise<Inputs | null> {
  const inputs = new Map<string, string>();
  for (const [name, all] of records) {
    const other = reordered(all);
    if (!other) return null;
    inputs.set(name, join(folder, `${name === '' ? 'only' : name}.ndjson`));
    await writeLines(inputs.get(name) as string, other);
  }
  return inputs;
}

async function writeLines(path: string, records: readonly string[]): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, records.map((record) => `${record.replaceAll('\n', ' ')}\n`).join(''));
}
