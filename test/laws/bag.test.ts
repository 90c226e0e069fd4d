import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../engine/pipeline/run.ts';
import { asLines, insert, type LoggedRow, remove, update } from '../log/log.ts';
import * as version2 from '../log/version2.ts';
import { mappingOf, rowsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';

const MAPPING = `
metric: things
source: { format: wal2json, path: log }
tables:
  thing: { key: [] }
from: thing
columns:
  - thing.a
  - thing.b
sink: { sqlite: metrics.db }
`;

const row = (a: string | null, b: string | null): LoggedRow => [
  ['a', 'text', a],
  ['b', 'text', b],
];

/** The rows after a log, each as a text. */
async function rowsAfter(...records: readonly string[]): Promise<readonly string[]> {
  return inScratch(async (folder) => {
    const [log, output] = [join(folder, 'log.json'), join(folder, 'metrics.db')];
    writeFileSync(log, asLines(records));
    await run(mappingOf(MAPPING), { inputs: new Map([['', log]]), output });
    return rowsOf(output, 'things')
      .map((each) => JSON.stringify(each))
      .sort();
  });
}

const rows = [row('x', 'y'), row('x', null), row(null, 'y'), row('x', 'z')].map((each) => insert('thing', each));

test('a row without a key that is deleted is the one whose other columns are NULL, where the log leaves those out', async () => {
  expect(await rowsAfter(...rows, remove('thing', row('x', null)))).toEqual(['["x","y"]', '["x","z"]', '[null,"y"]']);
});

test('a row without a key that is updated is the one whose other columns were NULL', async () => {
  const after = await rowsAfter(...rows, update('thing', row(null, 'y'), row('new', 'y')));
  expect(after).toEqual(['["new","y"]', '["x","y"]', '["x","z"]', '["x",null]']);
});

test('a row without a key that was never seen is not taken for one that is like it but for a NULL', async () => {
  const like = [insert('thing', row('x', 'y')), insert('thing', row('z', 'y'))];
  const gone = [remove('thing', row('x', null)), remove('thing', row(null, 'y'))];
  expect(await rowsAfter(...like, ...gone)).toEqual(['["x","y"]', '["z","y"]']);
});

test('of equal rows without a key a delete takes one', async () => {
  expect(await rowsAfter(...rows, ...rows, remove('thing', row('x', 'y')))).toHaveLength(7);
});

test('a NULL that version 2 writes into an old row means the same', async () => {
  const removed = version2.transaction([version2.removed('thing', row('x', null))]);
  expect(await rowsAfter(...rows, ...removed)).toEqual(['["x","y"]', '["x","z"]', '[null,"y"]']);
});
