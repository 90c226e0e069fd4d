import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunOptions } from '../../engine/pipeline/options.ts';
import { run } from '../../engine/pipeline/run.ts';
import { asArray, asLines } from '../log/log.ts';
import { canonicalOfSqlite } from '../oracle/datum.ts';
import { asMultiset, evaluate } from '../oracle/evaluate.ts';
import { type RandomCase, randomCase, randomHistory } from '../oracle/random.ts';
import { readWal2json } from '../oracle/wal2json.ts';
import { runs } from '../support/counts.ts';
import { mappingOf, rowsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';
import { tell } from '../support/tally.ts';

/** The metric's rows, as a multiset that can be compared with the oracle's. */
function metricIn(database: string): readonly string[] {
  return asMultiset(rowsOf(database, 'random_metric').map((row) => row.map(canonicalOfSqlite)));
}

function expected({ mapping, records }: RandomCase): readonly string[] {
  return asMultiset(evaluate(mapping, readWal2json(asLines(records))));
}

/** Runs a mapping over records that are cut into files, a run after each file, and gives the metric after each. */
async function grow(
  folder: string,
  { mapping }: RandomCase,
  parts: readonly (readonly string[])[],
  options: RunOptions = {},
): Promise<readonly (readonly string[])[]> {
  const [input, output] = [join(folder, 'log'), join(folder, 'metrics.db')];
  mkdirSync(input);
  const metrics: (readonly string[])[] = [];
  for (const [n, records] of parts.entries()) {
    writeFileSync(join(input, `${String(n).padStart(3, '0')}.json`), n % 2 === 0 ? asLines(records) : asArray(records));
    await run(mappingOf(mapping), { inputs: new Map([['', input]]), output, ...options });
    metrics.push(metricIn(output));
  }
  return metrics;
}

/** A case and where its records are cut. */
const cutCase = fc
  .tuple(
    fc.oneof(randomCase, randomHistory, randomHistory),
    fc.array(fc.nat(30), { maxLength: 4 }),
    fc.integer({ min: 1, max: 7 }),
  )
  .map(([drawn, places, batchSize]) => {
    const ends = [...new Set(places)].filter((place) => place < drawn.records.length).sort((a, b) => a - b);
    const parts = [0, ...ends].map((start, n) => drawn.records.slice(start, ends[n]));
    return { drawn, parts, batchSize };
  });

describe('law 1', () => {
  test('a metric is what an evaluation that shares no code with the engine makes of the same log', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(randomCase, randomHistory), async (drawn) => {
        await inScratch(async (folder) => {
          const [metric] = await grow(folder, drawn, [drawn.records]);
          expect(metric).toEqual(expected(drawn));
        });
        tell('random logs, at once');
      }),
      { numRuns: runs(200, 2_500) },
    );
  });

  test('after every file that comes, a metric is what the evaluation makes of all files so far', async () => {
    await fc.assert(
      fc.asyncProperty(cutCase, async ({ drawn, parts, batchSize }) => {
        await inScratch(async (folder) => {
          const metrics = await grow(folder, drawn, parts, { batchSize });
          for (const [n, metric] of metrics.entries()) {
            expect(metric).toEqual(expected({ ...drawn, records: parts.slice(0, n + 1).flat() }));
          }
        });
        tell('random logs, file by file');
      }),
      { numRuns: runs(100, 1_200) },
    );
  });
});
