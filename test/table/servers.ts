/** The servers that tables are read from, each with the URL of its database; one that is not installed is null. */
import { NO_MARIADB, startMariaDb } from '../servers/mariadb.ts';
import { NO_POSTGRES, startPostgres } from '../servers/postgres.ts';

export interface TableServer {
  /** With a password, which must be seen nowhere. */
  readonly url: string;
  query(sql: string): Promise<void>;
  stop(): Promise<void>;
}

export const PASSWORD = 'hunter2-seen-nowhere';

export const servers = [
  { name: 'PostgreSQL', absence: NO_POSTGRES, start: postgres },
  { name: 'MariaDB', absence: NO_MARIADB, start: mariaDb },
] as const;

async function postgres(): Promise<TableServer | null> {
  const server = startPostgres();
  if (server === null) return null;
  await server.query(
    `CREATE ROLE reader LOGIN PASSWORD '${PASSWORD}'; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader`,
  );
  return {
    url: `postgres://reader:${PASSWORD}@${encodeURIComponent(server.host)}/postgres`,
    query: async (sql) => {
      await server.query(sql);
    },
    stop: async () => server.stop(),
  };
}

async function mariaDb(): Promise<TableServer | null> {
  const server = await startMariaDb();
  if (server === null) return null;
  server.query(`CREATE USER reader@localhost IDENTIFIED BY '${PASSWORD}'; GRANT SELECT ON test.* TO reader@localhost`);
  return {
    url: `mysql://reader:${PASSWORD}@127.0.0.1:${server.port}/test`,
    query: async (sql) => server.query(sql),
    stop: () => server.stop(),
  };
}
