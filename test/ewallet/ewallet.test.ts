/** The e-wallet's mappings as they are run: from MariaDB into ClickHouse. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunResult } from '../../engine/pipeline/result.ts';
import { type Aim, runAndKill, runToEnd } from '../crash/process.ts';
import { type MariaDb, NO_MARIADB, startMariaDb } from '../servers/mariadb.ts';
import { hasChdb, NO_CHDB, queryChdb } from '../sink/chdb.ts';
import { inScratch } from '../support/scratch.ts';

const NEW = `INSERT INTO transactions VALUES
  ('TX1006', 'U002', 'M01', 7500.25, 'SUCCESS', '2024-03-02 13:40:00'),
  ('TX1007', 'U003', 'M02', 100000.00, 'SUCCESS', '2024-03-02 19:00:00'),
  ('TX1008', 'U001', 'M01', 65000.00, 'SUCCESS', '2024-03-03 08:10:00')`;

describe('the e-wallet from MariaDB into ClickHouse', () => {
  let server: MariaDb | null = null;
  beforeAll(async () => {
    server = await startMariaDb();
    await server?.query("CREATE USER reader@localhost IDENTIFIED BY ''; GRANT SELECT ON test.* TO reader@localhost");
  }, 60_000);
  beforeEach(async () => {
    await server?.query(
      `DROP TABLE IF EXISTS users, merchants, transactions; ${readFileSync('data/ewallet.sql', 'utf8')}`,
    );
  });
  afterAll(() => server?.stop());

  interface Wallet {
    /** Runs the mapping of a metric, and gives what it did. */
    run(metric: string): Promise<RunResult>;
    /** Runs it, and kills it there. */
    kill(metric: string, aim: Aim): Promise<void>;
    readonly query: (sql: string) => readonly string[];
    readonly add: () => Promise<void>;
  }

  function onWallet(work: (wallet: Wallet) => Promise<void>) {
    return async ({ skip }: { skip: (note: string) => void }) => {
      if (server === null) return skip(NO_MARIADB);
      if (!hasChdb()) return skip(NO_CHDB);
      const { port, query } = server;
      const url = `mysql://reader@127.0.0.1:${port}/test`;
      await inScratch((folder) => {
        const args = (metric: string) => [
          ...['run', resolve(`mappings/ewallet_${metric}.yaml`), '--json'],
          ...['--input', url, '--output', 'clickhouse:chdb:warehouse'],
        ];
        const run = async (metric: string) => {
          const { exit, text } = await runToEnd(folder, args(metric));
          expect(exit, text).toBe(0);
          return JSON.parse(text).result.metrics[0] as RunResult;
        };
        const kill = async (metric: string, aim: Aim) => {
          expect((await runAndKill(folder, args(metric), aim)).exit).toBe(null);
        };
        return work({
          run,
          kill,
          query: (sql) => queryChdb(join(folder, 'warehouse'), sql),
          add: async () => query(NEW),
        });
      });
    };
  }

  const SIZES = 'SELECT transaction_id, amount, amount_category FROM fact_sales ORDER BY transaction_id';
  const FIRST = [
    'TX1001\t50000\tMedium Value',
    'TX1002\t25000\tLow Value',
    'TX1003\t150000\tHigh Value',
    'TX1005\t49999.99\tLow Value',
  ];
  const ALL = [...FIRST, 'TX1006\t7500.25\tLow Value', 'TX1007\t100000\tHigh Value', 'TX1008\t65000\tMedium Value'];

  test(
    'the first run loads four sales, the second exactly the three that are new; facts meet their dimensions',
    onWallet(async ({ run, query, add }) => {
      expect((await run('fact_sales')).write).toMatchObject({ added: 4, rows: 4, shipped: { rows: 4, gone: 0 } });
      expect(query(SIZES)).toEqual(FIRST);
      await add();
      expect((await run('fact_sales')).write).toMatchObject({ added: 3, changed: 0, shipped: { rows: 3, gone: 0 } });
      expect(query(SIZES)).toEqual(ALL);
      for (const metric of ['dim_users', 'dim_merchants', 'user_days', 'merchant_categories']) await run(metric);
      const joined = `SELECT u.name, m.name, count() FROM fact_sales AS s JOIN dim_users AS u ON u.user_key = s.user_key
        JOIN dim_merchants AS m ON m.merchant_key = s.merchant_key GROUP BY 1, 2 ORDER BY 1, 2`;
      expect(query(joined)).toEqual([
        'Ayu Lestari\tToko Buku\t1',
        'Ayu Lestari\tWarung Kopi\t2',
        'Budi Santoso\tToko Buku\t1',
        'Budi Santoso\tWarung Kopi\t1',
        'Citra Dewi\tToko Buku\t1',
        'Citra Dewi\tWarung Kopi\t1',
      ]);
      const totals = "SELECT total_amount FROM user_days WHERE user_id = 'U001' ORDER BY transaction_date";
      expect(query(totals)).toEqual(['200000', '65000']);
      const partitions = `SELECT DISTINCT partition FROM system.parts
        WHERE table = '_etl_versions_fact_sales' AND active ORDER BY partition`;
      expect(query(partitions)).toEqual(['2024-03-01', '2024-03-02', '2024-03-03']);
    }),
  );

  test.for([
    ['between read and commit', { step: 'stage', nth: 1, statements: 2 }],
    ['while it ships', { step: 'ship', nth: 1, statements: 2 }],
  ] as const)('a run that dies %s loses and doubles nothing', ([, aim], context) =>
    onWallet(async ({ run, kill, query, add }) => {
      await run('fact_sales');
      await add();
      await kill('fact_sales', aim);
      await run('fact_sales');
      expect(query(SIZES)).toEqual(ALL);
      expect((await run('fact_sales')).write).toMatchObject({ added: 0, shipped: { rows: 0 } });
    })(context),
  );
});
