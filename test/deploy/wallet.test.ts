/** The compose file's engines as they are called there, but for where the servers are. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { onBench } from '../cli/etl.ts';
import { type Followed, whileFollowing } from '../cli/followed.ts';
import { type MariaDb, NO_MARIADB, startMariaDb } from '../servers/mariadb.ts';
import { NO_POSTGRES } from '../servers/postgres.ts';
import { PASSWORD, startTarget, type TargetServer } from '../sink/target.ts';
import { engines } from './compose.ts';

/** Of the user that reads. */
const READER = 'letmein';

/** From now on the server asks the engine for its password. */
const ASKING = `SELECT format($$COPY (VALUES ('local all etl scram-sha-256'), ('local all all trust')) TO %L$$,
  current_setting('hba_file')) \\gexec
SELECT pg_reload_conf()`;

const NEW: Readonly<Record<string, string>> = {
  users: `INSERT INTO users VALUES ('U004', 'Dian Putri', NULL, 'Medan', '2024-03-01 10:00:00')`,
  merchants: `INSERT INTO merchants VALUES ('M03', 'Apotek Sehat', 'health', 'Medan')`,
  sales: `INSERT INTO transactions VALUES ('TX1006', 'U002', 'M01', 7500.25, 'SUCCESS', '2024-03-02 13:40:00')`,
};

describe('the e-wallet from MariaDB into PostgreSQL', () => {
  let [source, target]: [MariaDb | null, TargetServer | null] = [null, null];
  beforeAll(async () => {
    source = await startMariaDb();
    target = await startTarget();
    await target?.clear();
    await target?.query(ASKING);
    await source?.query(`CREATE USER reader@localhost IDENTIFIED BY '${READER}'; GRANT ALL ON test.* TO reader@localhost;
      ${readFileSync('data/ewallet.sql', 'utf8')}`);
  }, 60_000);
  afterAll(async () => {
    await source?.stop();
    target?.stop();
  });

  test.for(engines)('%s brings its table there, follows, and ends when it is stopped', async (engine, { skip }) => {
    if (source === null) return skip(NO_MARIADB);
    if (target === null) return skip(NO_POSTGRES);
    const [{ port, query }, { url }] = [source, target];
    const placed = (text: string) =>
      text
        .replace('@mariadb/wallet', `@127.0.0.1:${port}/test`)
        .replace('@postgres/warehouse', url.slice(url.indexOf('@')))
        .replace(/\$\{MARIADB_PASSWORD:.*?\}/, READER)
        .replace(/\$\{POSTGRES_PASSWORD:.*?\}/, PASSWORD);
    const [name, { command = [], environment }] = engine;
    const [run, mapping = '', ...rest] = command;
    expect([run, rest.pop()]).toEqual(['run', '--follow']);
    const env = Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, placed(value)]));
    const comes = async ({ until, stdout }: Followed) => {
      await query(NEW[name] ?? '');
      await until(() => stdout().includes('+1 ~0 -0'));
    };
    const { exit, stdout, stderr } = await onBench({}, (bench) =>
      whileFollowing(bench, [resolve(mapping), ...rest.map(placed)], comes, { env }),
    );
    expect({ exit, stderr }).toEqual({ exit: 143, stderr: '' });
    for (const secret of [READER, PASSWORD]) expect(stdout).not.toContain(secret);
  });

  test('together they leave the star schema', async ({ skip }) => {
    if (source === null) return skip(NO_MARIADB);
    if (target === null) return skip(NO_POSTGRES);
    const count = (table: string) => `(SELECT count(*) FROM ${table})`;
    const joined = count('fact_sales JOIN dim_users USING (user_key) JOIN dim_merchants USING (merchant_key)');
    const rows = await target.query(`SELECT ${['dim_users', 'dim_merchants', 'fact_sales'].map(count)}, ${joined}`);
    expect(rows).toEqual(['4|3|5|5']);
  });
});
