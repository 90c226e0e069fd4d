/** What a mapping expects of its joins: a run that ends with more fails, and its rows are kept. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runMappings } from '../../engine/commands/run.ts';
import { run } from '../../engine/pipeline/run.ts';
import { asLines, insert } from '../log/log.ts';
import { mappingOf, rowsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';

const mapping = (bounds: string) => `
metric: sales
source: { format: wal2json, path: wal.json }
tables:
  sale: { key: id }
  item: { key: [] }
from: sale
join:
  - { left: sale.item = item.id${bounds} }
columns:
  - sale.id
sink: { sqlite: metrics.db }
`;

/** So many sales that wait, one with a NULL key, and one with an item that comes twice. */
function logOf(waiting: number): string {
  const sale = (id: number, item: number | null) =>
    insert('sale', [
      ['id', 'integer', id],
      ['item', 'integer', item],
    ]);
  const item = insert('item', [['id', 'integer', 1]]);
  const waits = Array.from({ length: waiting }, (_, n) => sale(n + 3, 2));
  return asLines([item, item, sale(1, 1), sale(2, null), ...waits]);
}

async function missedBy(bounds: string, waiting: number): Promise<readonly string[]> {
  return inScratch(async (folder) => {
    const [log, output] = [join(folder, 'wal.json'), join(folder, 'metrics.db')];
    writeFileSync(log, logOf(waiting));
    const { missed } = await run(mappingOf(mapping(`, expect: { ${bounds} }`)), {
      inputs: new Map([['', log]]),
      output,
    });
    expect(rowsOf(output, 'sales')).toHaveLength(waiting + 3);
    return missed.map(({ message }) => message);
  });
}

test.each([
  ['waiting: 57, null_key: 1, fanout: 2', []],
  ['waiting: 56', ['57 of 59 rows wait for a partner in "item", and waiting is expected to be at most 56']],
  ['null_key: 0', ['1 of 59 rows have a NULL key for "item", and null_key is expected to be at most 0']],
  ['fanout: 1', ['one row has 2 partners in "item", and fanout is expected to be at most 1']],
])('a join that is expected to have at most %s', async (bounds, missed) => {
  expect(await missedBy(bounds, 57)).toEqual(missed);
});

test('a part of the rows is exact: what is exactly as much as expected is not more', async () => {
  expect(await missedBy('waiting: 71.428571%, null_key: 14.285715%', 5)).toHaveLength(1);
  expect(await missedBy('waiting: 50.0%', 2)).toEqual([]);
  expect(await missedBy('waiting: 60%', 3)).toEqual([]);
});

test('a run that misses an expectation ends with exit code 4 and its rows, and what is expected may change', async () => {
  await inScratch(async (folder) => {
    const [log, output, file] = ['wal.json', 'metrics.db', 'mapping.yaml'].map((name) => join(folder, name));
    writeFileSync(log as string, logOf(2));
    const flags = { input: [log as string], output: output as string };
    const exits: number[] = [];
    for (const bounds of [', expect: { waiting: 10% }', ', expect: { waiting: 50% }', '']) {
      writeFileSync(file as string, mapping(bounds));
      exits.push((await runMappings([file as string], flags, {})).exit);
    }
    expect(exits).toEqual([4, 0, 0]);
    expect(rowsOf(output as string, 'sales')).toHaveLength(5);
  });
});
