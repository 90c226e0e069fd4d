/** The servers that tables are read from, each with the URL of its database; one that is not installed is null. */
import { afterAll, beforeAll, describe } from 'vitest';
import { NO_MARIADB, startMariaDb } from '../servers/mariadb.ts';
import { NO_POSTGRES, startPostgres } from '../servers/postgres.ts';
import { inScratch } from '../support/scratch.ts';
import type { TableMetric } from './metric.ts';
import { openMariaDb, openPostgres, type WritingSession } from './session.ts';

export interface TableServer {
  /** With a password, which must be seen nowhere. */
  readonly url: string;
  /** Where clients reach the server: a port of this machine, or a socket. */
  readonly place: number | string;
  query(sql: string): Promise<void>;
  /** Another session, which may write, beside that of `query`. */
  session(): Promise<WritingSession>;
  stop(): Promise<void>;
}

export const PASSWORD = 'hunter2-seen-nowhere';

const servers = [
  { name: 'PostgreSQL', absence: NO_POSTGRES, start: postgres },
  { name: 'MariaDB', absence: NO_MARIADB, start: mariaDb },
] as const;

export type ServerName = (typeof servers)[number]['name'];

/** What a test is given: a metric over the table `item`, which is made anew. */
export type ItemWork = (items: TableMetric, server: TableServer) => Promise<void>;

/** Makes a test of what is to be done with a table of these columns behind `id`, read in this way. */
export type WithItems = (
  columns: string,
  source: readonly string[],
  work: ItemWork,
) => (context: { skip: (note: string) => void }) => Promise<void>;

/** Describes the same tests for each server; they are skipped where it is not installed. */
export function describeServers(title: string, tests: (withItems: WithItems, name: ServerName) => void): void {
  describe.each(servers)(`${title} $name`, ({ name, absence, start }) => {
    let server: TableServer | null = null;
    beforeAll(async () => {
      server = await start();
    }, 60_000);
    afterAll(() => server?.stop());
    const withItems: WithItems = (columns, source, work) => async (context) => {
      const started = server;
      if (started === null) return context.skip(absence);
      const { url, query } = started;
      await query(`DROP TABLE IF EXISTS item; CREATE TABLE item (id integer PRIMARY KEY, ${columns})`);
      await inScratch((folder) => work({ folder, url, source, columns: ['id', 'name'] }, started));
    };
    tests(withItems, name);
  });
}

/** Its reader has to know the password; all others are trusted. */
async function postgres(): Promise<TableServer | null> {
  const server = startPostgres();
  if (server === null) return null;
  const [rules] = await server.query('SHOW hba_file');
  await server.query(
    `CREATE ROLE reader LOGIN PASSWORD '${PASSWORD}';
     ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader;
     COPY (VALUES ('local all reader scram-sha-256'), ('local all all trust')) TO '${rules}';
     SELECT pg_reload_conf()`,
  );
  return {
    url: `postgres://reader:${PASSWORD}@${encodeURIComponent(server.host)}/postgres`,
    place: `${server.host}/.s.PGSQL.5432`,
    query: async (sql) => {
      await server.query(sql);
    },
    session: () => openPostgres(server.host),
    stop: async () => server.stop(),
  };
}

async function mariaDb(): Promise<TableServer | null> {
  const server = await startMariaDb();
  if (server === null) return null;
  await server.query(
    `CREATE USER reader@localhost IDENTIFIED BY '${PASSWORD}'; GRANT SELECT ON test.* TO reader@localhost`,
  );
  return {
    url: `mysql://reader:${PASSWORD}@127.0.0.1:${server.port}/test`,
    place: server.port,
    query: (sql) => server.query(sql),
    session: () => openMariaDb(server.port),
    stop: () => server.stop(),
  };
}
