/** What is said of a row that is in the metric: the rows behind it, and what each of its values came from. */
import { expect, test } from 'vitest';
import { insert } from '../log/log.ts';
import { inShop, item, SHOP, sale } from './asking.ts';

const LOG = [
  item('tea', 2, 7),
  item('ink', 5),
  insert('maker', [
    ['id', 'integer', 7],
    ['name', 'text', 'Ada'],
  ]),
  sale(1, 'tea', 3),
  sale(2, 'ink', 4),
  sale(3, 'tea', 5),
];

test('a row is told as the tree of its source rows, and each column as what it came from', () =>
  inShop(SHOP, async ({ take, ask }) => {
    await take(LOG);
    expect(await ask('sale=1')).toEqual([
      'sales   sale=1   1 row',
      '  from    sale id=1   wal.json:4',
      '              sku="tea" count=3',
      '            item sku="tea"   wal.json:1',
      '                maker=7 price=2',
      '              maker id=7   wal.json:3',
      '                  name="Ada"',
      '  column  sale    1       sale.id',
      '          sku     "tea"   sale.sku',
      '          price   2       item.price',
      '          total   6       sale.count * item.price   of sale.count=3 item.price=2',
      '          maker   "Ada"   maker.name',
    ]);
  }));

test('of a left join without a partner it is told why there is none', () =>
  inShop(SHOP, async ({ take, ask }) => {
    await take([...LOG, item('mug', 1, 9), sale(4, 'mug')]);
    expect((await ask('sale=2')).slice(5, 6)).toEqual([
      '              maker   none: item.maker is NULL, which joins no row of maker',
    ]);
    expect((await ask('sale=4')).slice(5, 6)).toEqual([
      '              maker   none: no row of maker has id=9, which item.maker asks for',
    ]);
  }));

test('of several rows the first is shown; columns of the root and of other tables are taken too, and NULL', () =>
  inShop(SHOP, async ({ take, ask }) => {
    await take(LOG);
    expect((await ask('sku=tea')).slice(0, 3)).toEqual([
      'sales   sku=tea   2 rows',
      '  first   of 2 rows',
      '  from    sale id=1   wal.json:4',
    ]);
    expect((await ask('count=5'))[0]).toBe('sales   count=5   1 row');
    expect((await ask('item.maker=7', 'total=10')).slice(0, 2)).toEqual([
      'sales   item.maker=7 total=10   1 row',
      '  from    sale id=3   wal.json:6',
    ]);
    expect((await ask('maker=NULL')).slice(0, 2)).toEqual([
      'sales   maker=NULL   1 row',
      '  from    sale id=2   wal.json:5',
    ]);
    expect((await ask()).slice(0, 2)).toEqual(['sales   3 rows', '  first   of 3 rows']);
  }));

const GROUPED = SHOP.replace(
  /columns:.*sink/s,
  'group_by: [item.sku]\ncolumns:\n  - item.sku\n  - { name: sold, expr: sum(sale.count) }\nsink',
);

test('a group is told with the rows that it counts, the first of them, and which group a row counts in', () =>
  inShop(GROUPED, async ({ take, ask }) => {
    await take(LOG);
    expect(await ask('sku=tea')).toEqual([
      'sales   sku=tea   1 row',
      '  group   2 rows counted',
      '  from    sale id=1   wal.json:4',
      '              sku="tea" count=3',
      '            item sku="tea"   wal.json:1',
      '                maker=7',
      '              maker id=7   wal.json:3',
      '          sale id=3   wal.json:6',
      '              sku="tea" count=5',
      '            item sku="tea"   wal.json:1',
      '                maker=7',
      '              maker id=7   wal.json:3',
      '  column  sku    "tea"   item.sku',
      '          sold   8       sum(sale.count)',
    ]);
    expect((await ask('id=2'))[0]).toBe('sales   id=2   1 row');
    expect((await ask('id=2')).at(-1)).toBe('          sold   4       sum(sale.count)');
    expect((await ask('sold=4')).slice(0, 2)).toEqual(['sales   sold=4   1 row', '  group   1 row counted']);
    expect((await ask('sold=5'))[1]).toBe('  stop    no row of the metric has these values');
    expect((await ask('item.maker=NULL')).slice(0, 2)).toEqual([
      'sales   item.maker=NULL   1 row',
      '  group   1 row counted',
    ]);
    await take([...LOG, sale(4, 'mug'), sale(5, 'tea'), sale(6, 'tea')]);
    expect((await ask('id=4')).slice(1)).toEqual([
      '  from    sale id=4   wal.json:7',
      '              sku="mug" count=1',
      '  stop    no row of item has sku="mug", which sale.sku asks for',
      '  log     no record of it was ever read from wal.json',
    ]);
    expect((await ask('sku=tea'))[1]).toBe('  group   4 rows counted, the first 3:');
    expect((await ask('sku=tea', 'sold=9')).filter((line) => line.startsWith('  there'))).toEqual([
      '  there   with sold=10, and not 9',
    ]);
  }));

test('of more groups than anybody counts, those of some rows are found; NULL is a group too', () =>
  inShop(
    GROUPED.replaceAll('item.sku]', 'sale.count]').replace('- item.sku', '- sale.count'),
    async ({ take, ask }) => {
      const many = Array.from({ length: 1_500 }, (_, n) => sale(n, n % 2 === 0 ? 'tea' : 'ink', n === 8 ? null : n));
      await take([...many, ...LOG.slice(0, 3)]);
      expect((await ask('sku=tea')).slice(0, 3)).toEqual([
        'sales   sku=tea   750 rows',
        '  first   of 750 rows',
        '  group   1 row counted',
      ]);
      expect((await ask('count=NULL')).slice(0, 3)).toEqual([
        'sales   count=NULL   1 row',
        '  group   1 row counted',
        '  from    sale id=8   wal.json:9',
      ]);
      expect((await ask('id=8'))[0]).toBe('sales   id=8   1 row');
    },
  ));

test('one row over everything is there even when nothing is', () =>
  inShop(GROUPED.replace('[item.sku]', '[]').replace('  - item.sku\n', ''), async ({ take, ask }) => {
    await take([sale(1, 'mug')]);
    expect(await ask()).toEqual([
      'sales   1 row',
      '  group   0 rows counted',
      '  column  sold   NULL   sum(sale.count)',
    ]);
  }));

const WINDOW = SHOP.replace(
  'columns:',
  'columns:\n  - { name: so_far, expr: sum(sale.count) over (order by sale.id) }',
);

test('a row with a window is told as the row that it is, and its window as it is over all rows', () =>
  inShop(WINDOW, async ({ take, ask }) => {
    await take(LOG);
    const lines = await ask('so_far=7');
    expect(lines.slice(0, 2)).toEqual(['sales   so_far=7   1 row', '  from    sale id=2   wal.json:5']);
    expect(lines).toContain('  column  so_far   7       sum(sale.count) over (order by sale.id)');
    expect(await ask('sale=2')).toEqual([lines[0]?.replace('so_far=7', 'sale=2'), ...lines.slice(1)]);
  }));

test('a group with a window is told by the rows of that group', () =>
  inShop(
    GROUPED.replace('sum(sale.count) }', 'sum(sum(sale.count)) over (order by item.sku) }'),
    async ({ take, ask }) => {
      await take(LOG);
      const lines = await ask('sold=12');
      expect(lines.slice(0, 3)).toEqual([
        'sales   sold=12   1 row',
        '  group   2 rows counted',
        '  from    sale id=1   wal.json:4',
      ]);
      expect(lines.at(-2)).toBe('  column  sku    "tea"   item.sku');
    },
  ));
