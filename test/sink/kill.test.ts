import { join } from 'node:path';
import { describe, test } from 'vitest';
import { NO_POSTGRES } from '../servers/postgres.ts';
import { runs, seeds } from '../support/counts.ts';
import { inScratch } from '../support/scratch.ts';
import { tell } from '../support/tally.ts';
import { killWhileShipping } from './chain.ts';
import { hasChdb, NO_CHDB, queryChdb } from './chdb.ts';
import { targetForAll } from './target.ts';

describe('law 4: runs that are killed while they ship, and resumed, leave what one run leaves', () => {
  const serverOf = targetForAll();

  test.for(seeds(1, 5))('in PostgreSQL. ETL_SEED=%i', async (seed, { skip }) => {
    const server = serverOf();
    if (server === null) return skip(NO_POSTGRES);
    const { query, url } = server;
    const kills = runs(3, 12);
    // As long as no row tells its type, it is a text there.
    const isThere = `SELECT count(*) FROM pg_class WHERE relname = 'totals'`;
    const balance = async () =>
      (await query(isThere)).includes('0')
        ? '0'
        : ((await query('SELECT coalesce(sum(CAST(total AS numeric)), 0) FROM totals'))[0] ?? '');
    await inScratch((folder) =>
      killWhileShipping(folder, seed, { sink: `{ postgres: "${url}", key: account_id }`, balance }, kills),
    );
    tell('kills while shipping to PostgreSQL', kills);
  });

  test.for(seeds(1, 5))('in ClickHouse. ETL_SEED=%i', async (seed, { skip }) => {
    if (!hasChdb()) return skip(NO_CHDB);
    const kills = runs(2, 10);
    await inScratch((folder) => {
      const warehouse = join(folder, 'warehouse');
      const sum = 'SELECT coalesce(sum(toDecimal128(toString(total), 2)), 0) FROM totals';
      const balance = async () =>
        queryChdb(warehouse, 'EXISTS VIEW totals')[0] === '0' ? '0' : (queryChdb(warehouse, sum)[0] ?? '');
      const target = { sink: `{ clickhouse: "chdb:${warehouse}", key: account_id }`, balance };
      return killWhileShipping(folder, seed, target, kills);
    });
    tell('kills while shipping to ClickHouse', kills);
  });
});
