/** A changed mapping whose target is elsewhere: the target gets other columns and rows, and who reads it sees the old or the new. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { digits, insert, type LoggedRow, remove, update } from '../log/log.ts';
import { NO_POSTGRES } from '../servers/postgres.ts';
import { inScratch } from '../support/scratch.ts';
import { tell } from '../support/tally.ts';
import { hasChdb, NO_CHDB } from './chdb.ts';
import { serveClickhouse } from './clickhouse-http.ts';
import { type ItemMetric, log, PASSWORD, ship, targetForAll, verify } from './target.ts';

const item = (id: number, size: string, note: string | null): LoggedRow => [
  ['id', 'bigint', id],
  ['name', 'text', `item ${id}`],
  ['size', 'numeric', digits(size)],
  ['note', 'text', note],
];

const COLUMNS = ['id', 'name', 'size'];
const [ROWS, SMALL] = [300, 40];

/** What the metric has then, and how many rows. */
const CHANGES: readonly (readonly [string, Pick<ItemMetric, 'columns' | 'where'>, number])[] = [
  ['a column comes', { columns: ['id', 'name', 'size', 'note'] }, ROWS],
  ['a column goes', { columns: ['id', 'name'] }, ROWS],
  ['columns come, go and stand elsewhere', { columns: ['id', 'note', 'name'] }, ROWS],
  ['a column has another type', { columns: ['id', 'name', '{ name: size, expr: cast(item.size as text) }'] }, ROWS],
  ['a column is another one', { columns: ['id', '{ name: size, expr: item.note }'] }, ROWS],
  ['rows are filtered', { columns: COLUMNS, where: `item.size < ${SMALL}` }, SMALL - 1],
  ['the key is another one', { columns: ['name', 'id', 'note'] }, ROWS],
];

/** A reader: what it sees of the table, its columns and its rows, at one moment; and all that it saw, each once. */
interface Reader {
  readonly look: () => Promise<string>;
  readonly start: () => void;
  readonly stop: () => Promise<readonly string[]>;
}

/** Ships the metric, then its change while somebody reads, then what comes after it. */
async function follows(
  items: ItemMetric,
  [, change, rows]: (typeof CHANGES)[number],
  { look, start, stop }: Reader,
): Promise<void> {
  log(items, ...Array.from({ length: ROWS }, (_, n) => insert('item', item(n + 1, String(n + 1), `note ${n}`))));
  const metric = { ...items, keep: 'all' };
  await ship({ ...metric, columns: COLUMNS });
  const before = await look();
  start();
  const after = { ...metric, ...change };
  const { migrated, read, write } = await ship(after);
  const seen = await stop();
  const made = await look();
  expect(seen.filter((text) => text !== before && text !== made)).toEqual([]);
  expect({ migrated, changes: read.changes, rows: write.rows }).toEqual({ migrated: true, changes: 0, rows });
  expect(await verify(after)).toMatchObject({ rows, missing: 0, unexpected: 0 });
  log(items, update('item', null, item(1, '2.50', null)), remove('item', item(2, '2', null).slice(0, 1)));
  expect((await ship(after)).write.shipped).toMatchObject({ unshipped: 0, resent: null });
  expect(await verify(after)).toMatchObject({ rows: rows - 1, missing: 0, unexpected: 0 });
}

describe('in PostgreSQL', () => {
  const serverOf = targetForAll();

  test.for(CHANGES)('%s', async (change, { skip }) => {
    const server = serverOf();
    if (server === null) return skip(NO_POSTGRES);
    const { url, query } = server;
    const look = async () => (await query(`SELECT count(*) || ' ' || min(row_to_json(items)::text) FROM items`)).join();
    const seen = new Set<string>();
    let [reading, isOver] = [Promise.resolve(), false];
    const read = async () => {
      for (; !isOver; tell('looks at a target that is changed')) seen.add(await look().catch(String));
    };
    await inScratch((folder) =>
      follows({ folder, sink: 'postgres', url, columns: COLUMNS }, change, {
        look,
        start: () => {
          reading = read();
        },
        stop: async () => {
          isOver = true;
          await reading;
          return [...seen];
        },
      }),
    );
  });
});

describe('in ClickHouse', () => {
  const LOOK = 'SELECT count() OVER () AS rows, * FROM items ORDER BY ALL LIMIT 1 FORMAT JSONEachRow';

  test.for(CHANGES)('%s', async (change, { skip }) => {
    if (!hasChdb()) return skip(NO_CHDB);
    const seen = new Set<string>();
    let isOn = false;
    await inScratch(async (folder) => {
      const { port, query, stop } = await serveClickhouse(join(folder, 'warehouse'), PASSWORD, () => {
        if (!isOn) return;
        seen.add(look());
        tell('looks at a target that is changed');
      });
      const look = () => {
        try {
          return query(LOOK).join();
        } catch (error) {
          return String(error);
        }
      };
      const url = `http://etl:${PASSWORD}@127.0.0.1:${port}/default`;
      const reader: Reader = {
        look: async () => look(),
        start: () => {
          isOn = true;
        },
        stop: async () => {
          isOn = false;
          return [...seen];
        },
      };
      await follows({ folder, sink: 'clickhouse', url, columns: COLUMNS }, change, reader).finally(stop);
    });
  });
});
