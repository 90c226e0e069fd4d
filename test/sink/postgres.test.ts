import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { EtlError } from '../../engine/diagnostic/diagnostic.ts';
import { loadMapping } from '../../engine/mapping/load.ts';
import type { RunOptions } from '../../engine/pipeline/options.ts';
import { run } from '../../engine/pipeline/run.ts';
import { digits, insert, type LoggedRow, remove, transaction, update } from '../log/log.ts';
import { openGate } from '../servers/gate.ts';
import { NO_POSTGRES } from '../servers/postgres.ts';
import { findingsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';
import {
  type ItemMetric,
  item,
  kept,
  keyOf,
  log,
  PASSWORD,
  ship,
  type TargetServer,
  targetForAll,
  verify,
} from './target.ts';
import { allNull, shipTyped, typedRow } from './typed.ts';

describe('a metric in PostgreSQL', () => {
  const serverOf = targetForAll();

  type Work = (items: ItemMetric, query: TargetServer['query']) => Promise<void>;

  function withItems(columns: readonly string[], work: Work) {
    return async (context: { skip: (note: string) => void }) => {
      const server = serverOf();
      if (server === null) return context.skip(NO_POSTGRES);
      const { url, query } = server;
      await inScratch((folder) => work({ folder, sink: 'postgres', url, columns }, query));
    };
  }

  const NAMED = ['id', 'name'];
  const rows = 'SELECT id, name FROM items ORDER BY id';

  test(
    'follows inserts, updates, deletes and changed keys, and is sent only what changed',
    withItems(NAMED, async (items, query) => {
      log(items, insert('item', item(1, 'a')), insert('item', item(2, 'b')));
      expect((await ship(items)).write).toMatchObject({ rows: 2, added: 2, shipped: { rows: 2, gone: 0 } });
      expect(await query(rows)).toEqual(['1|a', '2|b']);
      log(items, update('item', keyOf(1), item(3, 'A')), remove('item', keyOf(2)), insert('item', item(4, null)));
      expect((await ship(items)).write.shipped).toEqual({ rows: 2, gone: 2, unshipped: 0, resent: null });
      expect(await query(rows)).toEqual(['3|A', '4|']);
      expect((await ship(items)).write.shipped).toMatchObject({ rows: 0, gone: 0 });
      expect(await verify(items)).toMatchObject({ rows: 2, missing: 0, unexpected: 0 });
    }),
  );

  const TYPED = typedRow({ small: '0.10', name: `né 'x' "y" \\ {a,b} NULL 🐘\n\t`, day: '0044-03-15 BC' });

  test(
    'has the types of the log, and values as they are',
    withItems(
      TYPED.map(([name]) => name),
      async (items, query) => {
        expect(await shipTyped(items, TYPED)).toBe(true);
        const columns = `SELECT attname || ' ' || format_type(atttypid, atttypmod) FROM pg_attribute
          WHERE attrelid = 'items'::regclass AND attnum > 0 ORDER BY attnum`;
        expect(await query(columns)).toEqual([
          'id bigint',
          'num numeric',
          'small numeric',
          'real8 double precision',
          'ok boolean',
          'name text',
          'blank text',
          'code text',
          'day date',
          'at timestamp without time zone',
          'instant timestamp with time zone',
          'uid uuid',
          'doc json',
          'raw bytea',
        ]);
        const shown = `SELECT row_to_json(items) FROM items WHERE id > 1`;
        expect(await query(shown)).toEqual([
          [
            '{"id":9007199254740993',
            '"num":12345678901234567890.123456789012345678901234567891',
            '"small":0.1',
            '"real8":0.1',
            '"ok":false',
            `"name":"né 'x' \\"y\\" \\\\ {a,b} NULL 🐘\\n\\t"`,
            '"blank":""',
            '"code":"ab  "',
            '"day":"0044-03-15 BC"',
            '"at":"2024-02-29T23:59:59.123456"',
            '"instant":"2024-02-29T21:59:59.5+00:00"',
            '"uid":"0189f7a2-7c7a-7ccc-8ccc-0189f7a27c7a"',
            '"doc":{"a": [1.50, "\\u0000", "ü"], "b":1e400 , "b": null}',
            '"raw":"\\\\x00ff27"}',
          ].join(','),
        ]);
        expect(await query(`SELECT count(*) FROM items WHERE ${allNull(TYPED)}`)).toEqual(['1']);
      },
    ),
  );

  test(
    'a type that widens alters the table, whose privileges stay',
    withItems(['id', 'amount', 'name'], async (items, query) => {
      const row = (id: number, type: string, amount: string): LoggedRow => [
        ['id', 'integer', id],
        ['amount', type, digits(amount)],
        ['name', 'text', 'x'],
      ];
      log(items, insert('item', row(1, 'bigint', '1')));
      await ship(items);
      await query(
        'SET client_min_messages = warning; DROP ROLE IF EXISTS reader; CREATE ROLE reader; GRANT SELECT ON items TO reader',
      );
      log(items, insert('item', row(2, 'numeric', '2.50')));
      expect((await ship(items)).write).toMatchObject({ anew: 'retyped', shipped: { rows: 2, resent: null } });
      expect(await query('SELECT id, amount, pg_typeof(amount) FROM items ORDER BY id')).toEqual([
        '1|1|numeric',
        '2|2.5|numeric',
      ]);
      expect(await query(`SELECT has_table_privilege('reader', 'items', 'SELECT')`)).toEqual(['t']);
      await query('DROP OWNED BY reader; DROP ROLE reader');
      log(items, remove('item', keyOf(1)));
      await ship(items);
      expect(await verify(items)).toMatchObject({ rows: 1, missing: 0, unexpected: 0 });
    }),
  );

  test(
    'a table that is gone there is sent all rows again, and so is one that another state has written',
    withItems(NAMED, async (items, query) => {
      log(items, insert('item', item(1, 'a')));
      await ship(items);
      await query('DROP TABLE items');
      expect((await ship(items)).write.shipped).toMatchObject({ rows: 1, resent: 'absent' });
      await inScratch(async (folder) => {
        const other = { ...items, folder };
        log(other, insert('item', item(2, 'b')), insert('item', item(1, 'a')));
        expect((await ship(other)).write.shipped).toMatchObject({ rows: 1, gone: 0 });
      });
      expect((await ship(items)).write.shipped).toEqual({ rows: 0, gone: 1, unshipped: 0, resent: 'foreign' });
      expect(await query(rows)).toEqual(['1|a']);
      expect((await ship(items)).write.shipped).toMatchObject({ rows: 0, resent: null });
    }),
  );

  test(
    'a table of others, and one that was altered, is refused before anything is read',
    withItems(NAMED, async (items, query) => {
      await query('CREATE TABLE items (id bigint, name text)');
      log(items, insert('item', item(1, 'a')));
      expect(await findingsOf(() => ship(items))).toContain('error TARGET_EXISTS');
      await query('DROP TABLE items');
      await ship(items);
      await query('ALTER TABLE items ADD more text');
      log(items, insert('item', item(2, 'b')));
      expect(await findingsOf(() => ship(items))).toContain('error TARGET_ALTERED');
      expect(await findingsOf(() => ship(items, { fullRefresh: true }))).toContain(
        'kept: state and metric as they were',
      );
      await query('ALTER TABLE items RENAME TO kept');
      expect(await ship(items)).toMatchObject({
        read: { changes: 1 },
        write: { shipped: { rows: 2, resent: 'absent' } },
      });
      expect(await query(rows)).toEqual(['1|a', '2|b']);
    }),
  );

  test.for(['RENAME name TO label', 'ALTER name TYPE bigint USING 1', 'DROP name'])(
    'a column that others altered is no row that differs: %s',
    (change, context) =>
      withItems(NAMED, async (items, query) => {
        log(items, insert('item', item(1, 'a')));
        await ship(items);
        await query(`ALTER TABLE items ${change}`);
        expect(await findingsOf(() => verify(items))).toContain('error TARGET_ALTERED');
      })(context),
  );

  test(
    'a full refresh leaves the table as it is until all is read, and writes only what differs',
    withItems(NAMED, async (items, query) => {
      log(items, insert('item', item(1, 'a')), insert('item', item(2, 'b')));
      await ship(items);
      const before = await query('SELECT xmin, id FROM items ORDER BY id');
      log(items, transaction([]), insert('item', item(3, 'c')));
      expect((await ship(items, { fullRefresh: true })).write.shipped).toMatchObject({
        rows: 1,
        gone: 0,
        resent: null,
      });
      expect((await query('SELECT xmin, id FROM items ORDER BY id')).slice(0, 2)).toEqual(before);
    }),
  );

  test(
    'follows a changed mapping that is migrated in place',
    withItems(NAMED, async (items, query) => {
      log(items, insert('item', item(1, 'a')), insert('item', item(2, 'b')));
      await ship(items);
      const fewer = { ...items, columns: ['id'] };
      expect(await ship(fewer)).toMatchObject({ migrated: true, read: { changes: 0 }, write: { rows: 2 } });
      expect(await verify(fewer)).toMatchObject({ rows: 2, missing: 0, unexpected: 0 });
      log(items, remove('item', keyOf(1)));
      await ship(fewer);
      expect(await query('SELECT * FROM items')).toEqual(['2']);
    }),
  );

  test(
    'a table that waits for the columns of a changed mapping is told as that',
    withItems(NAMED, async (items) => {
      log(items, insert('item', item(1, 'a')));
      await ship({ ...items, columns: ['id'] });
      const down = { ...items, url: items.url.replace(/@[^/]*/, '@%2Fnowhere') };
      expect(await findingsOf(() => ship(down, { fullRefresh: true }))).toContain('error SERVER_NOT_REACHED');
      expect(await findingsOf(() => verify(items))).toContain('error TARGET_BEHIND');
    }),
  );

  test(
    'a dry run sends nothing',
    withItems(NAMED, async (items, query) => {
      log(items, insert('item', item(1, 'a')));
      const { write } = await ship(items, { dryRun: true });
      expect(write).toMatchObject({ added: 1, shipped: null, dry: true });
      expect(write.place).not.toContain(PASSWORD);
      expect(await query('SELECT count(*) FROM pg_class WHERE relname IN ($$items$$, $$_etl_shipped$$)')).toEqual([
        '0',
      ]);
    }),
  );

  test(
    'more rows than go at once all arrive',
    withItems(NAMED, async (items, query) => {
      const ids = Array.from({ length: 5000 }, (_, n) => n);
      log(items, ...ids.map((id) => insert('item', item(id, `name ${id}`))));
      await ship(items);
      log(items, ...ids.map((id) => (id % 2 ? remove('item', keyOf(id)) : update('item', null, item(id, 'x')))));
      expect((await ship(items)).write.shipped).toMatchObject({ rows: 2500, gone: 2500 });
      expect(await query('SELECT count(*), min(name), max(name) FROM items')).toEqual(['2500|x|x']);
    }),
  );

  test(
    'a text with NUL, which PostgreSQL does not hold, is refused with its row',
    withItems(NAMED, async (items, query) => {
      log(items, insert('item', item(1, 'a')));
      await ship(items);
      log(items, insert('item', item(2, 'a\0b')));
      const found = await findingsOf(() => ship(items));
      expect(found).toContain('error VALUE_NOT_HELD');
      expect(found).toContain('row: id=2 name="a\\u0000b"');
      expect(found).toContain('unshipped: 1 row waits in ');
      log(items, update('item', null, item(2, 'ab')));
      await ship(items);
      expect(await query(rows)).toEqual(['1|a', '2|ab']);
    }),
  );

  test(
    'what a server does not take now is shipped when it does: one that is down, and one that lets go',
    withItems(NAMED, async (items, query) => {
      const down = { ...items, url: items.url.replace('/postgres', '/gone').replace(/@[^/]*/, '@%2Fnowhere') };
      log(items, insert('item', item(1, 'a')));
      const found = await findingsOf(() => ship(down));
      expect(found).toMatch(
        /error SERVER_NOT_REACHED: .*\n {2}unshipped: 1 row waits in .*\n {2}kept: everything up to/,
      );
      expect(found).not.toContain(PASSWORD);
      expect((await ship(items)).write).toMatchObject({ added: 0, shipped: { rows: 1 } });
      await query('BEGIN; LOCK items');
      log(items, insert('item', item(2, 'b')));
      const blocked = ship(items);
      await until(async () => (await query(`SELECT count(*) FROM pg_locks WHERE NOT granted`)).includes('1'));
      await query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'etl'; COMMIT`);
      expect((await blocked).write.shipped).toEqual({ rows: 1, gone: 0, unshipped: 0, resent: null });
      expect(await query(rows)).toEqual(['1|a', '2|b']);
    }),
  );

  test(
    'what the user may not do is told, and that no schema of his search_path is there',
    withItems(NAMED, async (items, query) => {
      log(items, insert('item', item(1, 'a')));
      await query('ALTER ROLE etl SET search_path = nowhere');
      expect(await findingsOf(() => ship(items))).toContain('search_path');
      await query('ALTER ROLE etl RESET search_path');
      await ship(items);
      await query('REVOKE INSERT ON items FROM etl');
      log(items, insert('item', item(2, 'b')));
      expect(await findingsOf(() => ship(items))).toContain('error NO_PERMISSION: the server does not permit this');
      await query('GRANT INSERT ON items TO etl');
      expect((await ship(items)).write.shipped).toMatchObject({ rows: 1, resent: null });
    }),
  );

  test(
    'what others change there is told by verify, and mended by a full refresh',
    withItems(NAMED, async (items, query) => {
      log(items, insert('item', item(1, 'a')), insert('item', item(2, 'b')), insert('item', item(3, 'c')));
      await ship(items);
      await query(
        `UPDATE items SET name = 'x' WHERE id = 1; DELETE FROM items WHERE id = 2; INSERT INTO items VALUES (9)`,
      );
      const { missing, unexpected, samples } = await verify(items);
      expect([missing, unexpected]).toEqual([2, 2]);
      expect(samples).toContain('id=1: name is "x" and should be "a"');
      expect((await ship(items, { fullRefresh: true })).write.shipped).toMatchObject({ rows: 2, gone: 1 });
      expect(await verify(items)).toMatchObject({ rows: 3, missing: 0, unexpected: 0 });
    }),
  );

  test(
    'a metric over a metric is shipped from the file that holds both',
    withItems(NAMED, async (items, query) => {
      const { folder, url } = items;
      writeFileSync(join(folder, 'names.yaml'), NAMES);
      writeFileSync(join(folder, 'counts.yaml'), countsOver(join(folder, 'names.yaml')));
      const loaded = await loadMapping(join(folder, 'counts.yaml'));
      if (!('mapping' in loaded)) throw new EtlError(loaded.diagnostics);
      const env = { FOLDER: folder, TARGET: url };
      log(items, insert('item', item(1, 'a')), insert('item', item(2, 'a')));
      await run(loaded.mapping, { env });
      log(items, remove('item', keyOf(1)), insert('item', item(3, 'b')));
      expect((await run(loaded.mapping, { env })).write.shipped).toMatchObject({ rows: 2, gone: 0 });
      expect(await query('SELECT name, items FROM counts ORDER BY name')).toEqual(['a|1', 'b|1']);
    }),
  );

  test(
    'under --follow a server that is down is told of once, and gets all when it is there again',
    withItems(NAMED, async (items, query) => {
      const gate = await openGate(serverOf()?.socket ?? '');
      const through = { ...items, url: `postgres://etl:${PASSWORD}@127.0.0.1:${gate.port}/postgres` };
      const told: string[] = [];
      const interrupt = new AbortController();
      gate.cutAfter(0);
      log(items, insert('item', item(1, 'a')));
      const onUnshipped: RunOptions['onUnshipped'] = ({ code }) => told.push(code);
      const running = ship(through, { follow: true, signal: interrupt.signal, onUnshipped });
      await until(async () => told.length > 0 && kept(items) === 1);
      log(items, insert('item', item(2, 'b')));
      await until(async () => kept(items) === 2);
      gate.cutAfter(Number.POSITIVE_INFINITY);
      await until(async () => (await query(`SELECT to_regclass('items') IS NOT NULL`)).includes('t'));
      log(items, insert('item', item(3, 'c')));
      await until(async () => (await query(rows)).length === 3);
      interrupt.abort();
      expect((await running).write.shipped).toEqual({ rows: 3, gone: 0, unshipped: 0, resent: null });
      expect(told).toEqual(['SERVER_NOT_REACHED']);
      await gate.shut();
    }),
  );

  test(
    'the password is in no file of the state, in no row there and in no finding',
    withItems(NAMED, async (items, query) => {
      log(items, insert('item', item(1, 'a')));
      const result = await ship(items);
      const wrong = await findingsOf(() => ship({ ...items, url: items.url.replace('etl:', 'nobody:') }));
      expect(wrong).toContain('error LOGIN_REFUSED');
      const folder = join(items.folder, 'state');
      const files = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'latin1'));
      const left = await query('SELECT * FROM _etl_shipped');
      expect([...files, ...left, JSON.stringify(result), wrong].join('\n')).not.toContain(PASSWORD);
    }),
  );
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await setTimeout(20);
}

const NAMES = `metric: names
source: { format: wal2json, path: "\${FOLDER}/wal.json" }
tables: { item: { key: id } }
from: item
columns: [item.id, item.name]
sink: { sqlite: "\${FOLDER}/both.db" }
`;

const countsOver = (names: string): string => `metric: counts
source: { metric: ${names} }
tables: { names: { key: id } }
from: names
group_by: [names.name]
columns: [names.name, { name: items, expr: count(*) }]
sink: { postgres: "\${TARGET}", key: name }
state: "\${FOLDER}/both.db"
`;
