import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findingsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';
import { itemsIn, runTable, type TableMetric } from './metric.ts';
import { PASSWORD, servers, type TableServer } from './servers.ts';

describe.each(servers)('tables of $name', ({ name, absence, start }) => {
  let server: TableServer | null = null;
  beforeAll(async () => {
    server = await start();
  }, 60_000);
  afterAll(() => server?.stop());

  /** Makes the table `item` anew and gives a metric over it. */
  function withItems(
    columns: string,
    source: readonly string[],
    work: (items: TableMetric, query: TableServer['query']) => Promise<void>,
  ): (context: { skip: (note: string) => void }) => Promise<void> {
    return async (context) => {
      if (server === null) return context.skip(absence);
      const { url, query } = server;
      await query(`DROP TABLE IF EXISTS item; CREATE TABLE item (id integer PRIMARY KEY, ${columns})`);
      await inScratch((folder) => work({ folder, url, source, columns: ['id', 'name'] }, query));
    };
  }

  const NAMED = 'name text';
  const TIMED = 'name text, at timestamp(6) NULL';

  test(
    'a snapshot follows inserts, updates and deletes',
    withItems(NAMED, ['mode: snapshot'], async (items, query) => {
      await query(`INSERT INTO item VALUES (1, 'a'), (2, 'b')`);
      await runTable(items);
      await query(`DELETE FROM item WHERE id = 1; UPDATE item SET name = 'B'; INSERT INTO item VALUES (3, 'c')`);
      const { read, write } = await runTable(items);
      expect(read.changes).toBe(3);
      expect(write).toMatchObject({ added: 1, changed: 1, removed: 1 });
      expect((await runTable(items)).read.changes).toBe(0);
      expect(itemsIn(items.folder)).toEqual([
        [2n, 'B'],
        [3n, 'c'],
      ]);
    }),
  );

  test(
    'rows that share a watermark, to the microsecond, are all read, in one run or in two',
    withItems(TIMED, ['watermark: at'], async (items, query) => {
      const at = `'2024-01-01 00:00:00.123456'`;
      await query(`INSERT INTO item VALUES (1, 'a', ${at}), (2, 'b', ${at})`);
      await runTable(items, { batchSize: 1 });
      await query(`INSERT INTO item VALUES (3, 'c', ${at}), (4, 'd', '2024-01-01 00:00:00.123457')`);
      expect((await runTable(items)).read.changes).toBe(2);
      expect((await runTable(items)).read.changes).toBe(0);
      expect(itemsIn(items.folder).map(([id]) => id)).toEqual([1n, 2n, 3n, 4n]);
    }),
  );

  test(
    'a row that is committed late is read within the lookback',
    withItems(TIMED, ['watermark: at', 'lookback: 5m'], async (items, query) => {
      await query(`INSERT INTO item VALUES (1, 'a', '2024-01-01 00:10:00')`);
      await runTable(items);
      await query(`INSERT INTO item VALUES (2, 'late', '2024-01-01 00:05:00'), (3, 'later', '2024-01-01 00:04:59')`);
      expect((await runTable(items)).read.changes).toBe(1);
      expect((await runTable(items)).read.changes).toBe(0);
      expect(itemsIn(items.folder).map(([id]) => id)).toEqual([1n, 2n]);
    }),
  );

  test(
    'more rows than are read at once all come, batch by batch',
    withItems(NAMED, ['mode: snapshot'], async (items, query) => {
      const rows = Array.from({ length: 2500 }, (_, n) => `(${n}, 'name ${n}')`);
      await query(`INSERT INTO item VALUES ${rows.join(', ')}`);
      const { write } = await runTable(items, { batchSize: 100 });
      expect(write.rows).toBe(2500);
    }),
  );

  test(
    'a query is read, with its variables',
    withItems(
      NAMED,
      ['mode: snapshot', `query: "select id, upper(name) as name from item where id > \${FROM:-1};"`],
      async (items, query) => {
        await query(`INSERT INTO item VALUES (1, 'a'), (2, 'b')`);
        await runTable(items);
        expect(itemsIn(items.folder)).toEqual([[2n, 'B']]);
      },
    ),
  );

  test(
    'the password is in no file of the state and in no finding',
    withItems(NAMED, ['mode: snapshot'], async (items, query) => {
      await query(`INSERT INTO item VALUES (1, 'a')`);
      const result = await runTable(items);
      const files = readdirSync(items.folder).map((file) => readFileSync(join(items.folder, file), 'latin1'));
      const missing = await findingsOf(() => runTable({ ...items, columns: ['id', 'missing'] }, { fullRefresh: true }));
      const wrong = items.url.replace(PASSWORD, `${PASSWORD}x`).replace('reader', 'nobody');
      const refused = await findingsOf(() => runTable({ ...items, url: wrong }));
      expect(missing).toContain('QUERY_REFUSED');
      expect(refused).toContain('LOGIN_REFUSED');
      expect([...files, JSON.stringify(result), missing, refused].join('\n')).not.toContain(PASSWORD);
    }),
  );

  test(
    'values come as they are',
    withItems(
      name === 'PostgreSQL'
        ? 'big bigint, num numeric(40,20), ok boolean, doc jsonb, raw bytea, at timestamptz, day date, name text, real8 double precision'
        : 'big bigint, num decimal(40,20), ok boolean, doc json, raw varbinary(9), at timestamp(6) NULL, day date, name text, real8 double',
      ['mode: snapshot'],
      async (items, query) => {
        const raw = name === 'PostgreSQL' ? `'\\x00ff27'` : `x'00ff27'`;
        await query(
          `INSERT INTO item VALUES (1, 9007199254740993, 12345678901234567890.12345678901234567890, true, '{"a": [1, "ü"]}', ${raw}, '2024-02-29 23:59:59.123400', '2024-02-29', 'né ''x'' 🐘', 0.1)`,
        );
        await query('INSERT INTO item (id) VALUES (2)');
        await runTable({ ...items, columns: ['id', 'big', 'num', 'ok', 'doc', 'raw', 'at', 'day', 'name', 'real8'] });
        expect(itemsIn(items.folder)).toEqual([
          [
            1n,
            9007199254740993n,
            '12345678901234567890.1234567890123456789',
            1n,
            '{"a": [1, "ü"]}',
            Buffer.from('00ff27', 'hex'),
            '2024-02-29 23:59:59.1234+00',
            '2024-02-29',
            `né 'x' 🐘`,
            0.1,
          ],
          [2n, null, null, null, null, null, null, null, null, null],
        ]);
      },
    ),
  );
});
