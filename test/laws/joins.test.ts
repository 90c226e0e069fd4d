/** What the summary says of the joins, against an evaluation that shares no code with the engine. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RunResult } from '../../engine/pipeline/result.ts';
import { run } from '../../engine/pipeline/run.ts';
import { asLines, insert, type LoggedRow, remove } from '../log/log.ts';
import { countJoins } from '../oracle/evaluate.ts';
import { type RandomLog, randomCase, randomHistory } from '../oracle/random.ts';
import { readWal2json } from '../oracle/wal2json.ts';
import { runs } from '../support/counts.ts';
import { mappingOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';
import { tell } from '../support/tally.ts';
import { cuts, partsOf } from './law.ts';

/** What the summary says, as the oracle says it. */
function countsIn({ joins }: RunResult): ReturnType<typeof countJoins> {
  return joins.map(({ rows, matched, nullKey, waiting, parents, fanout }) => {
    return { rows, matched, nullKey, waiting, parents, fanout };
  });
}

function expectedCounts(mapping: string, parts: readonly RandomLog[]): ReturnType<typeof countJoins> {
  return countJoins(mapping, readWal2json(asLines(parts.flat(2))));
}

test('of each join it is counted how many rows found a partner, wait, have a NULL key, and the most partners of one', async () => {
  let counted = 0;
  await fc.assert(
    fc.asyncProperty(fc.oneof(randomCase, randomHistory), async ({ mapping, log: transactions }) => {
      await inScratch(async (folder) => {
        const [log, output] = [join(folder, 'wal.json'), join(folder, 'metrics.db')];
        writeFileSync(log, asLines(transactions.flat()));
        const result = await run(mappingOf(mapping), { inputs: new Map([['', log]]), output });
        expect(countsIn(result)).toEqual(expectedCounts(mapping, [transactions]));
        counted += result.joins.length;
      });
    }),
    { numRuns: runs(30, 300) },
  );
  tell('joins counted', counted);
});

test('after every file that comes, the joins are counted as if all were counted again', async () => {
  let counted = 0;
  await fc.assert(
    fc.asyncProperty(fc.oneof(randomCase, randomHistory), cuts, async (drawn, { places, batchSize }) => {
      await inScratch(async (folder) => {
        const [log, output] = [join(folder, 'log'), join(folder, 'metrics.db')];
        mkdirSync(log);
        const parts = partsOf(drawn.log, places);
        for (const [n, part] of parts.entries()) {
          writeFileSync(join(log, `${String(n).padStart(3, '0')}.json`), asLines(part.flat()));
          const result = await run(mappingOf(drawn.mapping), { inputs: new Map([['', log]]), output, batchSize });
          expect(countsIn(result)).toEqual(expectedCounts(drawn.mapping, parts.slice(0, n + 1)));
          counted += result.joins.length;
        }
      });
    }),
    { numRuns: runs(30, 300) },
  );
  tell('joins counted again after a change', counted);
});

const PAYMENTS = `
metric: payments
source: { format: wal2json, path: log }
tables:
  event: { key: id }
  request: { key: id }
  card: { key: id }
from: event
join:
  - event.request = request.id
  - request.card = card.id
columns:
  - event.id
sink: { sqlite: metrics.db }
`;

test('a row that waits for its partner counts once, however many roots come to it one after the other', async () => {
  const id = (value: number): LoggedRow => [['id', 'integer', value]];
  const event = (value: number, request: number) => insert('event', [...id(value), ['request', 'integer', request]]);
  const request = (value: number) => insert('request', [...id(value), ['card', 'integer', value]]);
  const card = (value: number) => insert('card', id(value));
  // So many that a batch touches a few of all roots.
  const whole = Array.from({ length: 20 }, (_, n) => [event(n, n), request(n), card(n)]).flat();
  const batches = [
    [...whole, request(50), event(50, 50)],
    [event(51, 50)],
    [remove('event', id(50))],
    [remove('event', id(51))],
    [event(52, 50), event(53, 50)],
    [card(50)],
  ];
  await inScratch(async (folder) => {
    const [log, output] = [join(folder, 'log.json'), join(folder, 'metrics.db')];
    const found: (number | undefined)[][] = [];
    for (const n of batches.keys()) {
      writeFileSync(log, asLines(batches.slice(0, n + 1).flat()));
      const { joins } = await run(mappingOf(PAYMENTS), { inputs: new Map([['', log]]), output });
      found.push([joins[1]?.matched, joins[1]?.waiting, joins[1]?.parents]);
    }
    expect(found).toEqual([
      [20, 1, 1],
      [20, 2, 1],
      [20, 1, 1],
      [20, 0, 0],
      [20, 2, 1],
      [22, 0, 0],
    ]);
  });
});
