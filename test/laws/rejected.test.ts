/** What is left out of a metric under `onRejected`, and what is told of it. */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeadLetter } from '../../engine/pipeline/rejections.ts';
import { run } from '../../engine/pipeline/run.ts';
import { asArray, asLines, insert, inserted, type LoggedRow, transaction } from '../log/log.ts';
import * as version2 from '../log/version2.ts';
import { canonicalOfSqlite } from '../oracle/datum.ts';
import { asMultiset, evaluate } from '../oracle/evaluate.ts';
import { historyOfVersion1 } from '../oracle/random.ts';
import { readWal2json } from '../oracle/wal2json.ts';
import { runs } from '../support/counts.ts';
import { mappingOf, rowsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';

const BAD = '{"kind":"insert","schema":"public","table":"t","columnnames":["id"],"columnvalues":[]}';

/** A transaction that does all that another one does, and one thing that can't be read. */
function spoiled(record: string, at: 'first' | 'last'): string {
  const [head, tail] = ['{"change":[', ']}'];
  const changes = record.slice(head.length, -tail.length);
  const all = at === 'first' ? [BAD, changes] : [changes, BAD];
  return head + all.filter((each) => each !== '').join(',') + tail;
}

const spoiledHistory = fc.record({
  drawn: historyOfVersion1,
  copies: fc.array(fc.record({ of: fc.nat(), at: fc.constantFrom('first', 'last'), to: fc.nat() }), {
    minLength: 1,
    maxLength: 5,
  }),
  batchSize: fc.integer({ min: 1, max: 9 }),
  cut: fc.nat(),
});

test('a transaction with one bad change leaves no trace in the metric, and all of it is told, once', async () => {
  await fc.assert(
    fc.asyncProperty(spoiledHistory, async ({ drawn, copies, batchSize, cut }) => {
      const records = drawn.log.flat();
      fc.pre(records.length > 0);
      const all = [...records];
      const bad = copies.map(({ of, at, to }) => {
        const record = spoiled(records[of % records.length] ?? '', at);
        all.splice(to % (all.length + 1), 0, record);
        return record;
      });
      await inScratch(async (folder) => {
        const [log, output] = [join(folder, 'log'), join(folder, 'metrics.db')];
        mkdirSync(log);
        const letters: DeadLetter[] = [];
        const options = { inputs: new Map([['', log]]), output, batchSize };
        const end = cut % all.length;
        for (const [name, part] of [
          ['1', asLines(all.slice(0, end))],
          ['2', asArray(all.slice(end))],
        ] as const) {
          writeFileSync(join(log, name), part);
          await run(mappingOf(drawn.mapping), { ...options, onRejected: (letter) => letters.push(letter) });
        }
        const metric = rowsOf(output, 'random_metric').map((row) => row.map(canonicalOfSqlite));
        expect(asMultiset(metric)).toEqual(asMultiset(evaluate(drawn.mapping, readWal2json(asLines(records)))));
        expect(letters.map(({ raw }) => raw.toString()).sort()).toEqual(bad.sort());
      });
    }),
    { numRuns: runs(50, 300) },
  );
});

const MAPPING = `
metric: things
source: { format: wal2json, path: log }
tables:
  thing: { table: t, key: [id] }
from: thing
columns:
  - thing.id
  - thing.value
sink: { sqlite: metrics.db }
`;

const row = (id: number | null, value: string | number = 'x', type = 'text'): LoggedRow => [
  ['id', 'integer', id],
  ['value', type, value],
];

/** Runs over a log that grows by these texts, and gives the rows and what was left out. */
async function taken(...texts: readonly (string | Buffer)[]) {
  return inScratch(async (folder) => {
    const [log, output] = [join(folder, 'log'), join(folder, 'metrics.db')];
    const letters: DeadLetter[] = [];
    for (const text of texts) {
      appendFileSync(log, text);
      const inputs = new Map([['', log]]);
      await run(mappingOf(MAPPING), { inputs, output, onRejected: (letter) => letters.push(letter) });
    }
    return { rows: rowsOf(output, 'things').map(String).sort(), letters };
  });
}

describe('left out is', () => {
  test('a transaction that can be read and not staged, with what it said of types', async () => {
    const bad = transaction([inserted('t', row(2, 7, 'integer')), inserted('t', row(null, 8, 'integer'))]);
    const { rows, letters } = await taken(asLines([bad, insert('t', row(1))]));
    expect(rows).toEqual(['1,x']);
    expect(letters).toMatchObject([{ code: 'KEY_MISSING', record: 1, from: 0, bytes: bad.length }]);
  });

  test('a transaction of version 2, from "B" to "C"', async () => {
    const bad = version2.transaction([
      version2.inserted('t', row(2)),
      '{"action":"I"}',
      version2.inserted('t', row(3)),
    ]);
    const good = version2.transaction([version2.inserted('t', row(1))]);
    const { rows, letters } = await taken(asLines([...good, ...bad, ...good]));
    expect(rows).toEqual(['1,x']);
    expect(letters.map(({ raw }) => raw.toString())).toEqual([bad.join('\n')]);
  });

  test('a transaction of version 2 that another one begins in', async () => {
    const bad = ['{"action":"B"}', version2.inserted('t', row(2))];
    const good = version2.transaction([version2.inserted('t', row(1))]);
    for (const text of [asLines([...bad, ...good]), asArray([...bad, ...good])]) {
      const { rows, letters } = await taken(text, asLines([]));
      expect(rows).toEqual(['1,x']);
      expect(letters).toMatchObject([{ code: 'TRANSACTION_NOT_ENDED', record: 3 }]);
      expect(letters[0]?.raw.toString().replace(/,$/, '')).toBe(bad.join(text.startsWith('[') ? ',\n' : '\n'));
    }
  });

  test('a transaction with an LSN, though it is delivered again: it is told once', async () => {
    const bad = transaction([inserted('t', row(2)), BAD], '0/5');
    const { rows, letters } = await taken(asLines([bad]), asLines([bad, transaction([inserted('t', row(1))], '0/6')]));
    expect(rows).toEqual(['1,x']);
    expect(letters).toHaveLength(1);
  });
});

test('of a large transaction that is left out the first megabyte is told, and its size', async () => {
  const large = transaction([inserted('t', row(2, 'x'.repeat(3 << 20))), BAD]);
  const small = transaction([inserted('t', row(3)), BAD]);
  const { rows, letters } = await taken(asLines([insert('t', row(1)), large, small]));
  expect(rows).toEqual(['1,x']);
  expect(letters.map(({ bytes }) => bytes)).toEqual([large.length, small.length]);
  expect(letters[0]?.raw.equals(Buffer.from(large).subarray(0, 1 << 20))).toBe(true);
  expect(letters[1]?.raw.toString()).toBe(small);
});
