import { expect, test } from 'vitest';
import { findingsOf } from '../support/engine.ts';
import { itemsIn, runTable } from './metric.ts';
import { describeServers } from './servers.ts';

describeServers('tables of', (withItems, name) => {
  const NAMED = 'name text';
  const TIMED = 'name text, at timestamp(6) NULL';

  test(
    'a snapshot follows inserts, updates and deletes',
    withItems(NAMED, ['mode: snapshot'], async (items, { query }) => {
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
    withItems(TIMED, ['watermark: at'], async (items, { query }) => {
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
    withItems(TIMED, ['watermark: at', 'lookback: 5m'], async (items, { query }) => {
      await query(`INSERT INTO item VALUES (1, 'a', '2024-01-01 00:10:00')`);
      await runTable(items);
      await query(`INSERT INTO item VALUES (2, 'late', '2024-01-01 00:05:00'), (3, 'later', '2024-01-01 00:04:59')`);
      expect((await runTable(items)).read.changes).toBe(1);
      expect((await runTable(items)).read.changes).toBe(0);
      expect(itemsIn(items.folder).map(([id]) => id)).toEqual([1n, 2n]);
    }),
  );

  test(
    'a transaction that is open while others are read and committed is read when it ends, within the lookback',
    withItems(TIMED, ['watermark: at', 'lookback: 5m'], async (items, { query, session }) => {
      const slow = await session();
      await slow.query('START TRANSACTION');
      await slow.query(
        `INSERT INTO item VALUES (1, 'slow', '2024-01-01 00:07:00'), (2, 'slow', '2024-01-01 00:10:00')`,
      );
      await query(`INSERT INTO item VALUES (3, 'fast', '2024-01-01 00:10:00')`);
      await runTable(items);
      expect(itemsIn(items.folder).map(([id]) => id)).toEqual([3n]);
      await slow.query('COMMIT');
      await slow.close();
      expect((await runTable(items)).read.changes).toBe(2);
      expect(itemsIn(items.folder).map(([id]) => id)).toEqual([1n, 2n, 3n]);
    }),
  );

  const retype = (column: string, type: string) =>
    name === 'PostgreSQL'
      ? `ALTER TABLE item ALTER ${column} TYPE ${type}`
      : `ALTER TABLE item MODIFY ${column} ${type}`;

  test(
    'a column may widen from one run to the next, a key too: rows are found again, and only what differs is written',
    withItems('name integer', ['mode: snapshot'], async (items, { query }) => {
      await query('INSERT INTO item VALUES (1, 7), (2, 8), (3, 9)');
      await runTable(items);
      await query(`${retype('id', 'bigint')}; ${retype('name', 'bigint')}`);
      expect((await runTable(items)).read.changes).toBe(0);
      await query(`${retype('id', 'numeric(20)')}; ${retype('name', 'numeric(9,1)')}`);
      await query('DELETE FROM item WHERE id = 1; UPDATE item SET name = 8.5 WHERE id = 2');
      await runTable(items);
      expect(itemsIn(items.folder)).toEqual([
        [2n, 8.5],
        [3n, 9n],
      ]);
    }),
  );

  test.for(['watermark: at', 'mode: snapshot'])(
    'every column is kept, read by %s, and a changed mapping takes one without reading it again',
    (source, context) =>
      withItems(TIMED, [source], async (items, { query }) => {
        const keeping = { ...items, table: ['keep: all'] };
        await query(`INSERT INTO item VALUES (1, 'a', '2024-01-01'), (2, 'b', '2024-01-02')`);
        await runTable(keeping);
        await query(
          `ALTER TABLE item ADD COLUMN size numeric(9,2) DEFAULT 1.5; INSERT INTO item VALUES (3, 'c', '2024-01-03', 2)`,
        );
        await runTable(keeping);
        expect((await runTable(keeping)).read.changes).toBe(0);
        const made = await runTable({ ...keeping, columns: ['id', 'size', 'at'] });
        expect(made).toMatchObject({ migrated: true, read: { changes: 0 } });
        // By its watermark the first row is not read again, and came before there was such a column.
        const first = source.startsWith('mode') ? 1.5 : null;
        expect(itemsIn(items.folder).map((row) => row.slice(0, 2))).toEqual([
          [1n, first],
          [2n, 1.5],
          [3n, 2n],
        ]);
      })(context),
  );

  test(
    'a column that comes as a type of other values is told of, and read whole with --full-refresh',
    withItems('name integer', ['mode: snapshot'], async (items, { query }) => {
      await query('INSERT INTO item VALUES (1, 7)');
      await runTable(items);
      await query(`${retype('name', 'varchar(9)')}; INSERT INTO item VALUES (2, 'x')`);
      expect(await findingsOf(() => runTable(items))).toContain('TYPE_CHANGED');
      expect(itemsIn(items.folder)).toEqual([[1n, 7n]]);
      await runTable(items, { fullRefresh: true });
      expect(itemsIn(items.folder)).toEqual([
        [1n, '7'],
        [2n, 'x'],
      ]);
    }),
  );

  test.for(['watermark: at', 'mode: snapshot'])('followed by %s, rows come in as they are written', (source, context) =>
    withItems(TIMED, [source], async (items, { query }) => {
      const end = new AbortController();
      await query(`INSERT INTO item VALUES (1, 'a', '2024-01-01')`);
      const { read } = await runTable(items, {
        follow: true,
        signal: end.signal,
        onCaughtUp: () => void query(`INSERT INTO item VALUES (2, 'b', '2024-01-02')`),
        onNews: () => end.abort(),
      });
      expect(read.changes).toBe(2);
      expect(itemsIn(items.folder).map(([id]) => id)).toEqual([1n, 2n]);
    })(context),
  );

  test(
    'more rows than are read at once all come, batch by batch',
    withItems(NAMED, ['mode: snapshot'], async (items, { query }) => {
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
      async (items, { query }) => {
        await query(`INSERT INTO item VALUES (1, 'a'), (2, 'b')`);
        await runTable(items);
        expect(itemsIn(items.folder)).toEqual([[2n, 'B']]);
      },
    ),
  );

  test(
    'values come as they are',
    withItems(
      name === 'PostgreSQL'
        ? 'big bigint, num numeric(40,20), ok boolean, doc jsonb, raw bytea, at timestamptz, day date, name text, real8 double precision'
        : 'big bigint, num decimal(40,20), ok boolean, doc json, raw varbinary(9), at timestamp(6) NULL, day date, name text, real8 double',
      ['mode: snapshot'],
      async (items, { query }) => {
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
