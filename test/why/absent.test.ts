/** What is said of a row that is not in the metric: what stops it, what is almost it, and what the log tells. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { insert, remove, transaction, update } from '../log/log.ts';
import { inserted as inserted2, transaction as transaction2, truncated } from '../log/version2.ts';
import { findingsOf } from '../support/engine.ts';
import { inShop, item, itemRow, SHOP, sale, saleRow } from './asking.ts';

/** The lines behind what is asked for and the rows that were found. */
function told(lines: readonly string[]): readonly string[] {
  return lines
    .filter((line) => /^ {2}(?:stop|near|log|there|first) /.test(line))
    .map((line) => line.trim().replace(/ +/g, ' '));
}

test('a row without a partner is told which one it waits for, and that no record of it came', () =>
  inShop(SHOP, async ({ take, ask }) => {
    await take([sale(1, 'tea'), item('ink', 2)]);
    expect(await ask('sale=1')).toEqual([
      'sales   sale=1   no row',
      '  from    sale id=1   wal.json:1',
      '              sku="tea" count=1',
      '  stop    no row of item has sku="tea", which sale.sku asks for',
      '  log     no record of it was ever read from wal.json',
    ]);
  }));

test('a partner that is the same but for case, blanks or type is shown', () =>
  inShop(SHOP, async ({ take, ask }) => {
    await take([sale(1, 'Tea'), sale(2, ' ink'), sale(3, 'TEA '), item('tea', 2), item('ink', 2)]);
    expect(told(await ask('sale=1'))[1]).toBe('near item sku="tea" (wal.json:4) differs in case: maker=NULL price=2');
    expect(told(await ask('sale=2'))[1]).toContain('item sku="ink" (wal.json:5) differs in blanks');
    expect(told(await ask('sale=3'))[1]).toContain('item sku="tea" (wal.json:4) differs in case and blanks');
    const byNumber = SHOP.replace('sale.sku = item.sku', 'sale.count = item.sku').replace(
      '- sale.sku\n',
      '- item.sku\n',
    );
    await inShop(byNumber, async (other) => {
      await other.take([sale(1, 'tea', 7), item('07.0', 2)]);
      expect(told(await other.ask('sale=1')).slice(0, 2)).toEqual([
        'stop no row of item has sku=7, which sale.count asks for',
        'near item sku="07.0" (wal.json:2) differs in type: maker=NULL price=2',
      ]);
    });
  }));

test('a NULL key joins nothing, and nothing is looked for', () =>
  inShop(SHOP, async ({ take, ask }) => {
    await take([sale(1, null)]);
    expect(told(await ask('sale=1'))).toEqual(['stop sale.sku is NULL, which joins no row of item']);
  }));

const FILTERED = SHOP.replace('sale: { key: id }', 'sale: { key: id, where: count > 0 }')
  .replace('item: { key: sku }', 'item: { key: sku, checks: [{ expr: 10 / price > 0, on_fail: reject }] }')
  .replace('columns:', 'where: sale.count < 100 and item.price <> 3\ncolumns:');

test("a table's where, a check and the metric's where are told with the values that made them false", () =>
  inShop(FILTERED, async ({ take, ask }) => {
    const items = [item('tea', 11), item('ink', 0), item('pen', 3), item('mug', 5)];
    await take([...items, sale(1, 'mug', 0), sale(2, 'tea'), sale(3, 'ink'), sale(4, 'pen'), sale(5, 'mug', null)]);
    expect(told(await ask('sale=1'))).toEqual([
      `stop sale id=1 (wal.json:5) is left out by its table's where, sale.count > 0: sale.count=0`,
    ]);
    expect(told(await ask('sale=2'))).toEqual([
      'stop item sku="tea" (wal.json:1) fails the check (10 / item.price) > 0: item.price=11',
    ]);
    expect(told(await ask('sale=3'))).toEqual([
      'stop item sku="ink" (wal.json:2) fails the check (10 / item.price) > 0: a number is divided by zero',
    ]);
    expect(told(await ask('sale=4'))).toEqual(['stop the where is not true, item.price <> 3: item.price=3']);
    expect(told(await ask('sale=5'))[0]).toContain('sale.count > 0: sale.count=NULL');
  }));

test('of several joined rows that stop, the first is shown, and how many they are', () => {
  const several = SHOP.replace('item: { key: sku }', 'item: { key: [sku, price] }').replace(
    '{ left: item.maker = maker.id }',
    'item.maker = maker.id',
  );
  return inShop(several, async ({ take, ask }) => {
    await take([sale(1, 'tea'), item('tea', 2, 7), item('tea', 3, 8)]);
    expect((await ask('sale=1')).slice(-3)).toEqual([
      '  stop    no row of maker has id=7, which item.maker asks for',
      '          2 joined rows of it stop there',
      '  log     no record of it was ever read from wal.json',
    ]);
  });
});

test('what the log tells of a row that is gone: a deletion, a change, an emptied table', () =>
  inShop(SHOP, async ({ take, ask }) => {
    const log = [sale(1, 'tea'), item('tea', 2), remove('sale', [['id', 'integer', 1]])];
    await take(log);
    expect(told(await ask('sale=1'))).toEqual(['stop no row of sale has id=1', 'log it was deleted at wal.json:3']);
    await take([...log, sale(2, 'tea'), update('item', [['sku', 'text', 'tea']], itemRow('mug', 2))]);
    expect(told(await ask('sale=2'))).toEqual([
      'stop no row of item has sku="tea", which sale.sku asks for',
      'log it had these values until wal.json:5',
    ]);
    await inShop(SHOP, async (other) => {
      await other.take([...transaction2([inserted2('sale', saleRow(1, 'tea'))]), ...transaction2([truncated('sale')])]);
      expect(told(await other.ask('sale=1'))[1]).toBe('log its table was emptied at wal.json:5');
    });
  }));

test('a partner that was found by a column that is no key is told deleted, though its deletion tells the key alone', () => {
  const byMaker = SHOP.replace('sale.sku = item.sku', 'sale.count = item.maker').replace(
    'item.maker = maker.id',
    'item.price = maker.id',
  );
  return inShop(byMaker, async ({ take, ask }) => {
    await take([sale(1, 'tea', 7), item('tea', 2, 7), item('ink', 2, 8), remove('item', [['sku', 'text', 'tea']])]);
    expect(told(await ask('sale=1'))).toEqual([
      'stop no row of item has maker=7, which sale.count asks for',
      'log it was deleted at wal.json:4',
    ]);
  });
});

test('where rows have versions, the latest change counts, and the deletion is known without the log', () =>
  inShop(SHOP.replace('sale: { key: id }', 'sale: { key: id, version: count }'), async ({ take, ask, folder }) => {
    await take([
      remove('sale', [
        ['id', 'integer', 1],
        ['count', 'integer', 9],
      ]),
      sale(1, 'tea', 8),
    ]);
    expect(told(await ask('sale=1'))).toEqual(['stop no row of sale has id=1', 'log it was deleted at wal.json:1']);
    rmSync(join(folder, 'wal.json'));
    expect(told(await ask('sale=1'))[1]).toBe('log it was deleted at wal.json:1');
    expect(told(await ask('sku=tea'))[1]).toBe("log wal.json is gone, and can't be read again");
  }));

test('a transaction that was left out is told with its reason, and what is not read yet with its place', () =>
  inShop(SHOP, async ({ take, write, ask }) => {
    const bad = transaction([
      '{"kind":"insert","schema":"public","table":"sale","columnnames":["id","sku","count"],"columntypes":["integer","text","integer"],"columnvalues":[1,"tea","many"]}',
    ]);
    const log = [bad, item('tea', 2)];
    await take(log, { onRejected: () => {} });
    expect(told(await ask('sale=1'))[1]).toMatch(
      /^log a transaction that holds it was left out, for a record that can't be taken \(wal.json:1\): "many" is no integer$/,
    );
    expect(told(await ask('sale=11'))[1]).toBe('log no record of it was ever read from wal.json');
    write([...log, sale(3, 'tea')]);
    expect(told(await ask('sale=3'))[1]).toBe('log it stands at wal.json:3, which is not read yet');
  }));

test('a transaction that was delivered again is not read twice', () =>
  inShop(SHOP, async ({ take, ask }) => {
    const change = (record: string) => record.slice('{"change":['.length, -']}'.length);
    const log = [
      transaction([change(sale(1, 'tea'))], '0/10'),
      transaction([change(remove('sale', [['id', 'integer', 1]]))], '0/20'),
      transaction([change(sale(1, 'tea'))], '0/10'),
    ];
    await take(log);
    expect(told(await ask('sale=1'))[1]).toBe('log it was deleted at wal.json:2');
  }));

test('a log that is gone, was changed or was never a file is not said to be read', () =>
  inShop(SHOP, async ({ take, write, ask, folder }) => {
    await take([sale(1, 'tea')]);
    write([sale(2, 'tea')]);
    expect(told(await ask('sale=9'))[1]).toBe('log wal.json has changed since it was read, and is not looked into');
    rmSync(join(folder, 'wal.json'));
    expect(told(await ask('sale=9'))[1]).toBe("log wal.json is gone, and can't be read again");
    writeFileSync(join(folder, 'wal.json'), `${sale(1, 'tea')}\n?`);
    expect(told(await ask('sale=9'))).toEqual([
      'stop no row of sale has id=9',
      "log wal.json can't be read to its end",
    ]);
  }));

test('a row that is asked for almost as it is named is shown as it is', () =>
  inShop(SHOP, async ({ take, ask }) => {
    await take([sale(1, 'Tea'), item('Tea', 2)]);
    expect(told(await ask('sku=tea'))).toEqual([
      'stop no row of sale has sku=tea',
      'near sale id=1 (wal.json:1) differs in case: sku="Tea" count=1',
      'log no record of it was ever read from wal.json',
    ]);
  }));

test('a row that is there with another value is shown with it', () =>
  inShop(SHOP, async ({ take, ask }) => {
    await take([sale(1, 'tea', 3), item('tea', 2)]);
    expect(told(await ask('sale=1', 'total=7'))).toEqual(['there with total=6, and not 7']);
    expect(told(await ask('total=7'))).toEqual(['stop no row of the metric has these values']);
  }));

test('a row that no root asks for is told so, and so are values that stand in several rows', () =>
  inShop(SHOP, async ({ take, ask }) => {
    await take([
      sale(1, 'tea'),
      item('tea', 2),
      item('ink', 3),
      insert('maker', [
        ['id', 'integer', 7],
        ['name', 'text', 'Ada'],
      ]),
    ]);
    expect(await ask('price=3')).toEqual([
      'sales   price=3   no row',
      '  from    item sku="ink"   wal.json:3',
      '  stop    no row of sale asks for it: none has sku="ink"',
      '  log     no record of it was ever read from wal.json',
    ]);
    expect(told(await ask('maker=Ada'))[0]).toBe('stop no row of item asks for it: none has maker=7');
    await take([sale(1, 'tea'), item('tea', 2), item('ink', 3), sale(2, 'ink')], { fullRefresh: true });
    expect(told(await ask('sale=2', 'price=2'))).toEqual([
      'stop each of these values is there, and in no joined row are they together',
    ]);
  }));

test('where nothing is asked for and nothing is there, the first root says why', () =>
  inShop(SHOP, async ({ take, ask }) => {
    await take([item('tea', 2)]);
    expect(await ask()).toEqual(['sales   no row', '  stop    there is no row of sale']);
    await take([item('tea', 2), sale(1, 'ink'), sale(2, 'pen')]);
    expect(told(await ask())).toEqual([
      'first of 2 rows of sale that would lead there',
      'stop no row of item has sku="ink", which sale.sku asks for',
      'log no record of it was ever read from wal.json',
    ]);
  }));

test('a word that asks for nothing, or for a column that is not kept, is refused', () =>
  inShop(SHOP, async ({ take, ask }) => {
    await take([sale(1, 'tea')]);
    expect(await findingsOf(() => ask('sale'))).toContain('NO_CONDITION');
    expect(await findingsOf(() => ask('item.prise=3'))).toContain('COLUMN_NOT_KEPT');
    expect(await findingsOf(() => ask('salle=3'))).toContain('"sale" is spelled almost the same');
  }));

const HELD = (check: string) => `${SHOP}checks: [{ expr: ${check}, on_fail: reject }]\n`;

test('a row of the metric that a check rejects is told with the check, or with why that can not be computed', async () => {
  const records = [sale(1, 'tea', 2), item('tea', 3), sale(2, 'ink', 0), item('ink', 2)];
  await inShop(HELD('total > 0'), async ({ take, ask }) => {
    await take(records);
    expect(told(await ask('sale=2'))).toEqual(['stop the row fails the check total > 0: sale.count=0 item.price=2']);
    expect((await ask('sale=1'))[0]).toContain('1 row');
  });
  await inShop(HELD('10 / total > 0'), async ({ take, ask }) => {
    await take(records);
    expect(told(await ask('sale=2'))).toEqual([
      'stop the row fails the check (10 / total) > 0: a number is divided by zero',
    ]);
  });
});

test('so is a group', async () => {
  const grouped = HELD('total > 5').replace(
    /columns:.*sink/s,
    'group_by: [sale.sku]\ncolumns: [sale.sku, { name: total, expr: sum(sale.count) }]\nsink',
  );
  await inShop(grouped, async ({ take, ask }) => {
    await take([sale(1, 'tea', 2), sale(2, 'tea', 3), item('tea', 3)]);
    expect(told(await ask('sku=tea'))).toEqual(['stop the row fails the check total > 5: sku="tea" total=5']);
  });
});
