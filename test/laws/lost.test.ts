/** What happens to updates and deletes of rows that the log never brought. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunResult } from '../../engine/pipeline/result.ts';
import { run } from '../../engine/pipeline/run.ts';
import { asLines, insert, type LoggedRow, remove, update } from '../log/log.ts';
import { mappingOf, rowsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';

const MAPPING = `
metric: things
source: { format: wal2json, path: log }
tables:
  thing: { key: id }
from: thing
columns:
  - thing.id
  - thing.x
sink: { sqlite: metrics.db }
`;

const key = (id: number): LoggedRow => [['id', 'integer', id]];
const row = (id: number, x: number): LoggedRow => [...key(id), ['x', 'integer', x]];

interface Ran {
  readonly rows: readonly string[];
  readonly lost: RunResult['lost'];
}

async function ran(...records: readonly string[]): Promise<Ran> {
  return inScratch(async (folder) => {
    const [log, output] = [join(folder, 'log.json'), join(folder, 'metrics.db')];
    writeFileSync(log, asLines(records));
    const { lost } = await run(mappingOf(MAPPING), { inputs: new Map([['', log]]), output });
    return { rows: rowsOf(output, 'things').map(String).sort(), lost };
  });
}

const known = insert('thing', row(1, 1));

test('an update that tells all that is read brings its row', async () => {
  const brought = update('thing', null, [...row(2, 2), ['unread', 'text', 'y']]);
  expect(await ran(known, brought)).toEqual({ rows: ['1,1', '2,2'], lost: { changes: 0, samples: [] } });
});

test('an update that leaves out a value that is read changes nothing, and is told', async () => {
  const { rows, lost } = await ran(known, update('thing', key(2), key(3)));
  expect(rows).toEqual(['1,1']);
  expect(lost).toEqual({ changes: 1, samples: ['update thing id=2'] });
});

test('a delete changes nothing, and is told', async () => {
  const { rows, lost } = await ran(known, remove('thing', key(2)), remove('thing', key(1)));
  expect(rows).toEqual([]);
  expect(lost).toEqual({ changes: 1, samples: ['delete thing id=2'] });
});

test('all are counted, and the first five are told', async () => {
  const { lost } = await ran(known, ...[2, 3, 4, 5, 6, 7].map((id) => remove('thing', key(id))));
  expect(lost.changes).toBe(6);
  expect(lost.samples).toEqual([2, 3, 4, 5, 6].map((id) => `delete thing id=${id}`));
});
