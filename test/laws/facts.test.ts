/** What a metric may say of where its rows came from. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../engine/pipeline/run.ts';
import { asLines, inserted, type LoggedRow, removed, transaction, updated } from '../log/log.ts';
import { mappingOf, rowsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';

const MAPPING = `
metric: things
source: { format: wal2json, path: log }
tables:
  thing: { key: id }
  other: { key: id }
from: thing
join:
  - left: thing.id = other.id
columns:
  - thing.id
  - thing.x
  - { name: file, expr: source.file }
  - { name: position, expr: source.position }
  - { name: read_at, expr: source.read_at }
sink: { sqlite: metrics.db }
`;

const key = (id: number): LoggedRow => [['id', 'integer', id]];
const row = (id: number, x: number): LoggedRow => [...key(id), ['x', 'integer', x]];

/** The rows after files that come one after the other, each with a run of its own. */
async function rowsAfter(...files: readonly (readonly string[])[]): Promise<readonly (readonly string[])[]> {
  return inScratch(async (folder) => {
    const [log, output] = [join(folder, 'log'), join(folder, 'metrics.db')];
    mkdirSync(log);
    const states = [];
    for (const [n, records] of files.entries()) {
      writeFileSync(join(log, `${n}.json`), asLines(records));
      await run(mappingOf(MAPPING), { inputs: new Map([['', log]]), output });
      states.push(rowsOf(output, 'things').map(String).sort());
    }
    return states;
  });
}

const first = transaction([inserted('thing', row(1, 1)), inserted('thing', row(2, 1))]);
const second = transaction([updated('thing', key(2), row(2, 2))]);

/** The rows without `source.read_at`, which is different each time. */
function placesOf(rows: readonly string[] = []): readonly string[] {
  return rows.map((each) => each.split(',').slice(0, -1).join());
}

test('file and position are those of the record that last wrote the root', async () => {
  const partner = transaction([inserted('other', key(1))]);
  const states = await rowsAfter([first, second], [partner, transaction([updated('thing', key(1), key(3))])]);
  expect(placesOf(states[0])).toEqual(['1,1,0.json,1', '2,2,0.json,2']);
  expect(placesOf(states[1])).toEqual(['2,2,0.json,2', '3,1,1.json,2']);
});

test('the position is an LSN where the log tells it', async () => {
  const lsn = '1/ED6BAA0';
  const [rows] = await rowsAfter([transaction([inserted('thing', row(1, 1))], lsn)]);
  expect(placesOf(rows)).toEqual([`1,1,0.json,${lsn}`]);
});

test('read_at stays that of the batch that brought the row, until it is deleted', async () => {
  const again = transaction([removed('thing', key(1)), inserted('thing', row(1, 1))]);
  const states = await rowsAfter([first], [second], [again]);
  const [before, updated, reinserted] = states.map((rows) => rows.map((each) => each.split(',').at(-1) ?? ''));
  expect(before?.[0]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+\+00$/);
  expect(updated).toEqual(before);
  expect((reinserted?.[0] ?? '') > (before?.[0] ?? '')).toBe(true);
  expect(reinserted?.[1]).toBe(before?.[1]);
});
