import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { optionsOf } from '../../engine/commands/flags.ts';
import { findCases } from '../../engine/golden/case.ts';
import { loadMapping } from '../../engine/mapping/load.ts';
import { run } from '../../engine/pipeline/run.ts';
import { grow } from '../laws/law.ts';
import { randomCase, randomHistory } from '../oracle/random.ts';
import { runs, SEED } from '../support/counts.ts';
import { mappingOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';
import { tell } from '../support/tally.ts';
import type { Contender } from './contender.ts';
import { contenders, opened } from './contenders.ts';
import { type Kept, keptIn, metricBy } from './metric.ts';

const mappings = readdirSync('mappings').map((file) => join('mappings', file));

describe.each(contenders)('law 7: $name gives the same rows', (contender) => {
  let other: Contender | null = null;

  beforeAll(async () => {
    other = await opened(contender);
  });

  afterAll(async () => {
    await other?.stop();
  });

  test.for(mappings)('%s', async (file, { skip }) => {
    if (!other) return skip(contender.absence);
    const loaded = await loadMapping(file);
    if ('diagnostics' in loaded) throw new Error(`${file} has findings`);
    const { mapping } = loaded;
    const cases = await findCases(mapping.metric, join('test', 'golden', mapping.metric));
    for (const { inputs, args, name } of cases) {
      await inScratch(async (folder) => {
        const output = join(folder, 'metrics.db');
        await run(mapping, { inputs, ...optionsOf(args), ...(inputs.size > 0 && { inputs }), output });
        const kept = keptIn(output, mapping);
        await holds(other as Contender, kept, name);
        tell(`rows of goldens, ${contender.name}`, kept.metric.length);
      });
    }
  });

  test(`random mappings over random logs (ETL_SEED=${SEED})`, { timeout: 600_000 }, async ({ skip }) => {
    if (!other) return skip(contender.absence);
    const same = fc.asyncProperty(fc.oneof(randomCase, randomHistory), (drawn) =>
      inScratch(async (folder) => {
        const { output } = await grow(folder, drawn.mapping, [drawn.log]);
        const kept = keptIn(output, mappingOf(drawn.mapping));
        await holds(other as Contender, kept, drawn.mapping);
        tell(`random logs, law 7, ${contender.name}`);
      }),
    );
    await fc.assert(same, { numRuns: runs(30, 150) });
  });
});

/** Other rows are never given, and none is refused but where a check may not be computed. */
async function holds(other: Contender, kept: Kept, what: string): Promise<void> {
  const metric = await metricBy(other, kept).catch((error: unknown) => {
    if (!kept.hasAttempts) throw error;
    return null;
  });
  tell(`metrics, ${other.name}: ${metric ? 'same' : 'refused for a check that fails'}`);
  if (metric) expect(metric, what).toEqual(kept.metric);
}
