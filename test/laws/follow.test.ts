import { appendFileSync, existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { run } from '../../engine/pipeline/run.ts';
import { asLines, insert } from '../log/log.ts';
import * as version2 from '../log/version2.ts';
import { runs } from '../support/counts.ts';
import { mappingOf, rowsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';
import { tell } from '../support/tally.ts';

/** The table has no key, so what counts twice shows. */
const MAPPING = `
metric: things
source: { format: wal2json, path: log }
tables:
  thing: { key: [] }
from: thing
columns:
  - thing.id
sink: { sqlite: metrics.db }
`;

type Transaction = readonly number[];

/** The rows of each transaction, and whether it is logged as version 2. */
type Sizes = readonly (readonly [rows: number, isVersion2: boolean])[];

/** How many bytes are written at once, and how many ms pass behind them. */
type Pieces = readonly (readonly [bytes: number, pause: number])[];

const row = (id: number) => version2.inserted('thing', [['id', 'integer', id]]);
const textOf = (transaction: Transaction, isVersion2: boolean): string =>
  isVersion2
    ? asLines(version2.transaction(transaction.map(row)))
    : asLines(transaction.map((id) => insert('thing', [['id', 'integer', id]])));

const sizes: fc.Arbitrary<Sizes> = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.boolean()), {
  minLength: 2,
  maxLength: 12,
});
const pieces: fc.Arbitrary<Pieces> = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 0, max: 350 })),
  { maxLength: 8 },
);
const batchSize = fc.integer({ min: 1, max: 12 });

test('law 2: a log that is followed while it is written gives what it gives when it is whole', async () => {
  const prove = (drawn: Sizes, cuts: Pieces, size: number) =>
    inScratch(async (folder) => {
      let ids = 0;
      const texts = drawn.map(([rows, is2]) =>
        textOf(
          Array.from({ length: rows }, () => ids++),
          is2,
        ),
      );
      const [log, output] = [join(folder, 'log'), join(folder, 'metrics.db')];
      const end = new AbortController();
      const options = { inputs: new Map([['', `${log}*`]]), output, batchSize: size, signal: end.signal };
      const following = run(mappingOf(MAPPING), { ...options, follow: true });
      const writing = writeInPieces(log, texts.join(''), cuts).then(() => untilThere(output, ids));
      await Promise.race([following, writing.finally(() => end.abort())]);
      const { read, write } = await following;
      expect(idsIn(output)).toEqual(Array.from({ length: ids }, (_, id) => id));
      expect([read.changes, write.added, write.rows]).toEqual([ids, ids, ids]);
      tell('logs followed while they are written');
    });
  await fc.assert(fc.asyncProperty(sizes, pieces, batchSize, prove), { numRuns: runs(3, 60) });
});

/** Waits until so many rows are there. More is seen by the test, and so are fewer after ten seconds. */
async function untilThere(database: string, rows: number): Promise<void> {
  for (let tries = 0; tries < 200 && idsIn(database).length < rows; tries++) await setTimeout(50);
}

function idsIn(database: string): readonly number[] {
  const hasTable = existsSync(database) && rowsOf(database, 'sqlite_master').some(([, name]) => name === 'things');
  const ids = hasTable ? rowsOf(database, 'things').map(([id]) => Number(id)) : [];
  return ids.sort((a, b) => a - b);
}

/** In the end the log is renamed, as a rotated one is, with its last bytes still to come. */
async function writeInPieces(log: string, text: string, cuts: Pieces): Promise<void> {
  let at = 0;
  for (const [bytes, pause] of cuts) {
    appendFileSync(log, text.slice(at, at + bytes));
    at += bytes;
    await setTimeout(pause);
  }
  writeFileSync(log, '', { flag: 'a' });
  renameSync(log, `${log}.1`);
  appendFileSync(`${log}.1`, text.slice(at));
}
