/** What the summary says of the joins, against an evaluation that shares no code with the engine. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { run } from '../../engine/pipeline/run.ts';
import { asLines } from '../log/log.ts';
import { countJoins } from '../oracle/evaluate.ts';
import { randomCase, randomHistory } from '../oracle/random.ts';
import { readWal2json } from '../oracle/wal2json.ts';
import { runs } from '../support/counts.ts';
import { mappingOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';
import { tell } from '../support/tally.ts';

test('of each join it is counted how many rows found a partner, wait, have a NULL key, and the most partners of one', async () => {
  let counted = 0;
  await fc.assert(
    fc.asyncProperty(fc.oneof(randomCase, randomHistory), async ({ mapping, log: transactions }) => {
      const records = transactions.flat();
      await inScratch(async (folder) => {
        const [log, output] = [join(folder, 'wal.json'), join(folder, 'metrics.db')];
        writeFileSync(log, asLines(records));
        const { joins } = await run(mappingOf(mapping), { inputs: new Map([['', log]]), output });
        const found = joins.map(({ rows, matched, nullKey, waiting, parents, fanout }) => {
          return { rows, matched, nullKey, waiting, parents, fanout };
        });
        expect(found).toEqual(countJoins(mapping, readWal2json(asLines(records))));
        counted += joins.length;
      });
    }),
    { numRuns: runs(60, 1_000) },
  );
  tell('joins counted', counted);
});
