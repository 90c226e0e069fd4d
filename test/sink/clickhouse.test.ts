import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { digits, insert, type LoggedRow, remove, update } from '../log/log.ts';
import { findingsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';
import { hasChdb, NO_CHDB, queryChdb } from './chdb.ts';
import { serveClickhouse } from './clickhouse-http.ts';
import { type ItemMetric, item, keyOf, log, PASSWORD, ship, verify } from './target.ts';
import { allNull, shipTyped, typedRow } from './typed.ts';

describe('a metric in ClickHouse', () => {
  type Work = (items: ItemMetric, query: (sql: string) => readonly string[]) => Promise<void>;

  function withItems(columns: readonly string[], work: Work, partitionBy?: string) {
    return async (context: { skip: (note: string) => void }) => {
      if (!hasChdb()) return context.skip(NO_CHDB);
      await inScratch((folder) => {
        const warehouse = join(folder, 'warehouse');
        const items: ItemMetric = { folder, sink: 'clickhouse', url: `chdb:${warehouse}`, columns };
        return work(partitionBy ? { ...items, partitionBy } : items, (sql) => queryChdb(warehouse, sql));
      });
    };
  }

  const NAMED = ['id', 'name'];
  const rows = 'SELECT id, name FROM items ORDER BY id';

  test(
    'follows inserts, updates, deletes and changed keys; readers see the rows that count',
    withItems(NAMED, async (items, query) => {
      log(items, insert('item', item(1, 'a')), insert('item', item(2, 'b')));
      expect((await ship(items)).write).toMatchObject({ rows: 2, added: 2, shipped: { rows: 2, gone: 0 } });
      expect(query(rows)).toEqual(['1\ta', '2\tb']);
      log(items, update('item', keyOf(1), item(3, 'A')), remove('item', keyOf(2)), insert('item', item(4, null)));
      expect((await ship(items)).write.shipped).toEqual({ rows: 2, gone: 2, unshipped: 0, resent: null });
      expect(query(rows)).toEqual(['3\tA', '4\t\\N']);
      expect((await ship(items)).write.shipped).toMatchObject({ rows: 0, gone: 0 });
      log(items, insert('item', item(2, 'again')));
      await ship(items);
      expect(query(rows)).toEqual(['2\tagain', '3\tA', '4\t\\N']);
      expect(await verify(items)).toMatchObject({ rows: 3, missing: 0, unexpected: 0 });
    }),
  );

  const TYPED = typedRow({ small: '-0.10', name: `né 'x' "y" \\ \\N {a,b} NULL 🐘\n\t\r\0`, day: '1900-01-01' });

  test(
    'has the types of the log, and values as they are',
    withItems(
      TYPED.map(([name]) => name),
      async (items, query) => {
        expect(await shipTyped(items, TYPED)).toBe(true);
        const columns = "SELECT name, type FROM system.columns WHERE table = 'items' ORDER BY position";
        expect(query(columns).map((line) => line.replace('\t', ' '))).toEqual([
          'id Int64',
          'num Nullable(Decimal(76, 38))',
          'small Nullable(Decimal(76, 38))',
          'real8 Nullable(Float64)',
          'ok Nullable(Bool)',
          'name Nullable(String)',
          'blank Nullable(String)',
          'code Nullable(String)',
          'day Nullable(Date32)',
          "at Nullable(DateTime64(6, \\'UTC\\'))",
          "instant Nullable(DateTime64(6, \\'UTC\\'))",
          'uid Nullable(UUID)',
          'doc Nullable(String)',
          'raw Nullable(String)',
        ]);
        expect(query('SELECT * EXCEPT raw, hex(raw) FROM items WHERE id > 1')).toEqual([
          [
            '9007199254740993',
            '12345678901234567890.123456789012345678901234567891',
            '-0.1',
            '0.1',
            'false',
            `né \\'x\\' "y" \\\\ \\\\N {a,b} NULL 🐘\\n\\t\\r\\0`,
            '',
            'ab  ',
            '1900-01-01',
            '2024-02-29 23:59:59.123456',
            '2024-02-29 21:59:59.500000',
            '0189f7a2-7c7a-7ccc-8ccc-0189f7a27c7a',
            '{"a": [1.50, "\\\\u0000", "ü"], "b":1e400 , "b": null}',
            '00FF27',
          ].join('\t'),
        ]);
        expect(query(`SELECT count() FROM items WHERE ${allNull(TYPED)}`)).toEqual(['1']);
      },
    ),
  );

  test.for([
    ['num', 'numeric', `0.${'0'.repeat(22)}12345678901234567`],
    ['num', 'numeric', `12345678901234567${'8'.repeat(22)}`],
    ['day', 'date', '0044-03-15 BC'],
    ['day', 'date', 'infinity'],
    ['at', 'timestamp without time zone', '2300-01-01 00:00:00'],
    ['uid', 'uuid', 'none'],
  ])(
    '%s of type %s that ClickHouse would change is refused with its row: %s',
    ([name = '', type = '', value = ''], context) =>
      withItems(['id', name], async (items) => {
        log(items, insert('item', [...keyOf(1), [name, type, type === 'numeric' ? digits(value) : value]]));
        const found = await findingsOf(() => ship(items));
        expect(found).toContain('error VALUE_NOT_HELD');
        expect(found).toContain(`row: id=1 ${name}="${value}"`);
      })(context),
  );

  test(
    'a type that widens, a view that is gone and a state that is not the one that wrote there: all rows are exchanged at once',
    withItems(['id', 'amount'], async (items, query) => {
      const row = (id: number, type: string, amount: string): LoggedRow => [
        ...keyOf(id),
        ['amount', type, digits(amount)],
      ];
      log(items, insert('item', row(1, 'bigint', '1')));
      await ship(items);
      log(items, insert('item', row(2, 'numeric', '2.50')));
      expect((await ship(items)).write).toMatchObject({ anew: 'retyped', shipped: { rows: 2, resent: null } });
      query('DROP VIEW items');
      expect((await ship(items)).write.shipped).toMatchObject({ rows: 2, resent: 'absent' });
      await inScratch(async (folder) => {
        const other = { ...items, folder };
        log(other, insert('item', row(3, 'numeric', '3.50')));
        await ship(other);
      });
      expect((await ship(items)).write.shipped).toMatchObject({ rows: 2, resent: 'foreign' });
      expect(query('SELECT * FROM items ORDER BY id')).toEqual(['1\t1', '2\t2.5']);
      expect(query('SHOW TABLES')).toEqual(['_etl_versions_items', 'items']);
    }),
  );

  test(
    'a table that waits for the columns of a changed mapping is told as that',
    withItems(NAMED, async (items) => {
      log(items, insert('item', item(1, 'a')));
      await ship({ ...items, columns: ['id'] });
      const down = { ...items, url: 'http://127.0.0.1:1/shop' };
      expect(await findingsOf(() => ship(down, { fullRefresh: true }))).toContain('error SERVER_NOT_REACHED');
      expect(await findingsOf(() => verify(items))).toContain('error TARGET_BEHIND');
    }),
  );

  test(
    'a table of others, and one that was altered, is refused',
    withItems(NAMED, async (items, query) => {
      query('CREATE TABLE items (id Int64) ENGINE = Memory');
      log(items, insert('item', item(1, 'a')));
      expect(await findingsOf(() => ship(items))).toContain('error TARGET_EXISTS');
      query('DROP TABLE items');
      await ship(items);
      query('ALTER TABLE _etl_versions_items ADD COLUMN more String');
      expect(await findingsOf(() => ship(items))).toContain('error TARGET_ALTERED');
      expect(await findingsOf(() => verify(items))).toContain('error TARGET_ALTERED');
      query('DROP TABLE _etl_versions_items');
      expect(await findingsOf(() => verify(items))).toContain('error TABLE_NOT_FOUND');
    }),
  );

  test(
    'a row that moves from one partition to another counts once',
    withItems(
      ['id', 'name', 'day'],
      async (items, query) => {
        const row = (id: number, day: string | null): LoggedRow => [...item(id, 'a'), ['day', 'date', day]];
        log(items, insert('item', row(1, '2024-01-01')), insert('item', row(2, '2024-01-02')));
        await ship(items);
        log(items, update('item', null, row(1, '2024-01-02')), update('item', null, row(2, null)));
        await ship(items);
        expect(query('SELECT id, day FROM items ORDER BY id')).toEqual(['1\t2024-01-02', '2\t\\N']);
        log(items, remove('item', keyOf(1)));
        await ship(items);
        expect(query('SELECT id, day FROM items ORDER BY id')).toEqual(['2\t\\N']);
        query('OPTIMIZE TABLE _etl_versions_items FINAL');
        expect(await verify(items)).toMatchObject({ rows: 1, missing: 0, unexpected: 0 });
        const key = "SELECT partition_key FROM system.tables WHERE name = '_etl_versions_items'";
        expect(query(key)).toEqual(['(day)']);
      },
      'day',
    ),
  );

  test(
    'runs of one process take turns over one folder',
    withItems(NAMED, async (items, query) => {
      await inScratch(async (folder) => {
        const other = { ...items, folder };
        for (const each of [items, other]) log(each, insert('item', item(1, 'a')));
        const [one, two] = await Promise.all([ship(items), ship(other)]);
        expect([one.write.shipped?.rows, two.write.shipped?.rows]).toEqual([1, 1]);
      });
      expect(query(rows)).toEqual(['1\ta']);
    }),
  );

  test('is written over HTTP too; who is refused or not reached is told so, without the password', async ({ skip }) => {
    if (!hasChdb()) return skip(NO_CHDB);
    await inScratch(async (folder) => {
      const { port, query, stop } = await serveClickhouse(join(folder, 'warehouse'), PASSWORD);
      const url = `http://etl:${PASSWORD}@127.0.0.1:${port}/default`;
      const items: ItemMetric = { folder, sink: 'clickhouse', url, columns: NAMED };
      log(items, insert('item', item(1, `né \\ '\t`)), insert('item', item(2, null)));
      expect((await ship(items)).write).toMatchObject({
        place: `http://etl@127.0.0.1:${port}/default`,
        shipped: { rows: 2 },
      });
      log(items, remove('item', keyOf(2)), insert('item', item(3, 'c')));
      await ship(items);
      expect(query(rows)).toEqual([`1\tné \\\\ \\'\\t`, '3\tc']);
      expect(await verify(items)).toMatchObject({ rows: 2, missing: 0, unexpected: 0 });
      const wrong = await findingsOf(() => ship({ ...items, url: url.replace(PASSWORD, `${PASSWORD}x`) }));
      expect(wrong).toContain('error LOGIN_REFUSED');
      await stop();
      const down = await findingsOf(() => ship(items));
      expect(down).toContain('error SERVER_NOT_REACHED');
      expect(wrong + down).not.toContain(PASSWORD);
    });
  });
});
