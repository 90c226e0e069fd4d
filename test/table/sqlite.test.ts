import { join } from 'node:path';
import { expect, test } from 'vitest';
import { summarize } from '../../engine/commands/summary.ts';
import type { DeadLetter } from '../../engine/pipeline/rejections.ts';
import { runTogether } from '../../engine/pipeline/together.ts';
import { execute, mappingOf, rowsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';
import { itemsIn, runTable, type TableMetric } from './metric.ts';

const ITEMS = `CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, at TEXT);
  INSERT INTO item VALUES (1, 'a', '2024-01-01 00:00:00'), (2, 'b', '2024-01-01 00:00:05')`;

function withShop(
  source: readonly string[],
  work: (shop: TableMetric & { file: string }) => Promise<void>,
  sql = ITEMS,
): Promise<void> {
  return inScratch(async (folder) => {
    const file = join(folder, 'shop.db');
    execute(file, sql);
    await work({ folder, file, url: `sqlite:${file}`, source, columns: ['id', 'name'] });
  });
}

test('by snapshot a row that is gone is deleted, one that has changed is written, and the others are left alone', async () => {
  await withShop(['mode: snapshot'], async (shop) => {
    expect((await runTable(shop)).write).toMatchObject({ added: 2, changed: 0, removed: 0 });
    execute(
      shop.file,
      `DELETE FROM item WHERE id = 1; UPDATE item SET name = 'B'; INSERT INTO item VALUES (3, 'c', '')`,
    );
    const { read, write } = await runTable(shop);
    expect(read.changes).toBe(3);
    expect(write).toMatchObject({ added: 1, changed: 1, removed: 1 });
    expect(itemsIn(shop.folder)).toEqual([
      [2n, 'B'],
      [3n, 'c'],
    ]);
    const nothing = await runTable(shop);
    expect(nothing.read.changes).toBe(0);
  });
});

test('by watermark rows that share the largest one are not missed, and rows that were seen are not read as new', async () => {
  await withShop(['watermark: at'], async (shop) => {
    await runTable(shop);
    execute(shop.file, `INSERT INTO item VALUES (3, 'c', '2024-01-01 00:00:05'), (4, 'd', '2024-01-01 00:00:09')`);
    expect((await runTable(shop)).read.changes).toBe(2);
    expect((await runTable(shop)).read.changes).toBe(0);
    expect(itemsIn(shop.folder).map(([id]) => id)).toEqual([1n, 2n, 3n, 4n]);
  });
});

test('lookback takes rows that come late, and without it they are not seen', async () => {
  const late = `INSERT INTO item VALUES (3, 'late', '2024-01-01 00:00:02')`;
  await withShop(['watermark: at'], async (shop) => {
    await runTable(shop);
    execute(shop.file, late);
    expect((await runTable(shop)).read.changes).toBe(0);
  });
  await withShop(['watermark: at', 'lookback: 5s'], async (shop) => {
    await runTable(shop);
    execute(shop.file, late);
    expect((await runTable(shop)).read.changes).toBe(1);
    expect((await runTable(shop)).read.changes).toBe(0);
  });
});

test.each([['0000-00-00 00:00:00'], ['2024-00-00'], ['0001-01-01 00:00:00'], ['2024-02-31 00:00:00']])(
  'a watermark of %s, which is no day or has none before it, can be looked back from',
  (at) =>
    withShop(['watermark: at', 'lookback: 5m'], async (shop) => {
      execute(shop.file, `UPDATE item SET at = '${at}'`);
      await runTable(shop);
      execute(shop.file, `INSERT INTO item VALUES (3, 'c', '${at}')`);
      expect((await runTable(shop)).read.changes).toBe(1);
      expect((await runTable(shop)).read.changes).toBe(0);
    }),
);

test('a column that a table does not have is named with its table', () =>
  withShop(['mode: snapshot'], async (shop) => {
    execute(shop.file, 'ALTER TABLE item DROP COLUMN name');
    await expect(runTable(shop)).rejects.toThrow(
      'QUERY_REFUSED: the database does not take the query: no such column: item.name',
    );
  }));

test.each([['mode: snapshot'], ['watermark: at']])(
  'by %s a row that can not be taken is told of once, and again when it has changed',
  (source) =>
    withShop([source], async (shop) => {
      execute(shop.file, `UPDATE item SET name = id; INSERT INTO item VALUES (3, 'no number', '2024-01-01 00:00:05')`);
      const letters: DeadLetter[] = [];
      const runAgain = () =>
        runTable({ ...shop, table: ['types: { name: integer }'] }, { onRejected: (letter) => letters.push(letter) });
      expect((await runAgain()).rejected.transactions).toBe(1);
      expect((await runAgain()).rejected.transactions).toBe(0);
      expect(letters.map(({ record }) => record)).toEqual([3]);
      execute(shop.file, `UPDATE item SET name = 'none either', at = '2024-01-01 00:00:06' WHERE id = 3`);
      expect((await runAgain()).rejected.transactions).toBe(1);
      execute(shop.file, `UPDATE item SET name = 3, at = '2024-01-01 00:00:07' WHERE id = 3`);
      expect((await runAgain()).read.changes).toBe(1);
      expect(letters).toHaveLength(2);
      expect(itemsIn(shop.folder)).toEqual([1n, 2n, 3n].map((n) => [n, n]));
    }),
);

test('a row that can not be taken does not let the row that it was be deleted', () =>
  withShop(['mode: snapshot'], async (shop) => {
    execute(shop.file, 'UPDATE item SET name = id');
    const typed = { ...shop, table: ['types: { name: integer }'] };
    await runTable(typed);
    execute(shop.file, `UPDATE item SET name = 'no number' WHERE id = 2`);
    await runTable(typed, { onRejected: () => {} });
    expect(itemsIn(shop.folder)).toEqual([1n, 2n].map((n) => [n, n]));
  }));

test('a row that a check rejects is counted when it comes, not whenever it is read', () =>
  withShop(['watermark: at', 'lookback: 1d'], async (shop) => {
    const checked = { ...shop, table: [`checks: [{ expr: item.name <> 'b', on_fail: reject }]`] };
    expect((await runTable(checked)).checks).toMatchObject([{ rows: 1 }]);
    expect((await runTable(checked)).checks).toEqual([]);
    expect(itemsIn(shop.folder)).toEqual([[1n, 'a']]);
  }));

test('the summary says up to which watermark a table is read', () =>
  withShop(['watermark: at'], async (shop) => {
    expect(summarize(await runTable(shop))).toMatch(/checkpoint item to 2024-01-01 00:00:05$/);
  }));

test('mappings that read other tables of one database, or the same by a number, each get their rows together', () =>
  inScratch(async (folder) => {
    const [file, output] = [join(folder, 'shop.db'), join(folder, 'metrics.db')];
    execute(
      file,
      'CREATE TABLE cup (id INTEGER, n INTEGER); CREATE TABLE tea (id INTEGER, n INTEGER); INSERT INTO cup VALUES (1, 1); INSERT INTO tea VALUES (2, 1)',
    );
    const over = (metric: string, table: string) =>
      mappingOf(
        [
          `metric: ${metric}`,
          `source: { format: table, url: "sqlite:${file}", watermark: n }`,
          `tables: { ${table}: { key: id } }`,
          `from: ${table}`,
          `columns: [${table}.id]`,
          'sink: { sqlite: metrics.db }',
        ].join('\n'),
      );
    const all = [over('cups', 'cup'), over('teas', 'tea'), over('all_teas', 'tea')];
    for (let runs = 0; runs < 2; runs++) {
      const ended = await runTogether(all, { output });
      expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    }
    expect(['cups', 'teas', 'all_teas'].map((metric) => rowsOf(output, metric))).toEqual([[[1n]], [[2n]], [[2n]]]);
  }));
