/** What the laws share: a random log comes bit by bit, and the metric is looked at after each. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'vitest';
import type { RunOptions } from '../../engine/pipeline/options.ts';
import { run } from '../../engine/pipeline/run.ts';
import { asArray, asLines } from '../log/log.ts';
import { canonicalOfSqlite } from '../oracle/datum.ts';
import { asMultiset, evaluate } from '../oracle/evaluate.ts';
import type { RandomLog } from '../oracle/random.ts';
import { readWal2json } from '../oracle/wal2json.ts';
import { runs } from '../support/counts.ts';
import { mappingOf, rowsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';
import { tell } from '../support/tally.ts';

/** How many random logs a law is held to. */
export interface Counts {
  readonly small: number;
  readonly full: number;
}

/** A law of the design, held over random logs, each in a folder of its own. */
export function law<T>(
  name: `law ${number}: ${string}`,
  drawn: fc.Arbitrary<T>,
  { small, full }: Counts,
  holds: (drawn: T, folder: string) => Promise<void>,
): void {
  const [number = ''] = name.split(':');
  const property = fc.asyncProperty(drawn, async (each) => {
    await inScratch((folder) => holds(each, folder));
    tell(`random logs, ${number}`);
  });
  test(name, () => fc.assert(property, { numRuns: runs(small, full) }));
}

/** The metric's rows, as a multiset that can be compared with the oracle's. */
export function metricIn(database: string): readonly string[] {
  return asMultiset(rowsOf(database, 'random_metric').map((row) => row.map(canonicalOfSqlite)));
}

/** What the state keeps of each relation: its rows as multisets, without where they came from. */
export function relationsIn(database: string): readonly (readonly string[])[] {
  const tables = rowsOf(database, 'sqlite_master').filter(([type]) => type === 'table');
  const names = tables.map(([, name]) => String(name)).filter((name) => /^_etl_relation_\d+$/.test(name));
  return names.sort().map((name) => {
    const rows = rowsOf(database, name).map(([_rid, _file, _record, ...values]) => values);
    return asMultiset(rows.map((row) => row.map(canonicalOfSqlite)));
  });
}

/** What the oracle makes of a log. */
export function expected(mapping: string, log: RandomLog): readonly string[] {
  return asMultiset(evaluate(mapping, readWal2json(asLines(log.flat()))));
}

/** The places at which a log is cut, its parts, and a batch size. */
export const cuts = fc.record({
  places: fc.array(fc.nat(30), { maxLength: 4 }),
  batchSize: fc.integer({ min: 1, max: 7 }),
});

/** The parts between the places. */
export function partsOf(log: RandomLog, places: readonly number[]): readonly RandomLog[] {
  const ends = [...new Set(places)].filter((place) => place < log.length).sort((a, b) => a - b);
  return [0, ...ends].map((start, n) => log.slice(start, ends[n]));
}

export interface Grown {
  /** After each part. */
  readonly metrics: readonly (readonly string[])[];
  /** The database. */
  readonly output: string;
}

/** Runs a mapping over a folder that gets a file for each part, a run after each file. */
export async function grow(
  folder: string,
  mapping: string,
  parts: readonly RandomLog[],
  options: RunOptions = {},
): Promise<Grown> {
  const [input, output] = [join(folder, 'log'), join(folder, 'metrics.db')];
  mkdirSync(input);
  const metrics: (readonly string[])[] = [];
  for (const [n, log] of parts.entries()) {
    const name = `${String(n).padStart(3, '0')}.json`;
    writeFileSync(join(input, name), n % 2 === 0 ? asLines(log.flat()) : asArray(log.flat()));
    await run(mappingOf(mapping), { inputs: new Map([['', input]]), output, ...options });
    metrics.push(metricIn(output));
  }
  return { metrics, output };
}

/** The items in an order that some numbers decide. */
export function inAnyOrder<T>(items: readonly T[], order: Iterator<number>): readonly T[] {
  const left = [...items];
  return items.flatMap(() => left.splice(Number(order.next().value) % left.length, 1));
}
