import { Client } from 'pg';
import { postgres } from '../../engine/sql/postgres/dialect.ts';
import { startPostgres } from '../servers/postgres.ts';
import type { Contender } from './contender.ts';

/** What must not matter: the collation, the time zone, and how the session writes dates and bytes. */
const SETTINGS = [
  `CREATE DATABASE odd TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'`,
  `ALTER DATABASE odd SET timezone = 'America/New_York'`,
  `ALTER DATABASE odd SET datestyle = 'SQL, DMY'`,
  `ALTER DATABASE odd SET bytea_output = 'escape'`,
];

/** A PostgreSQL of its own, null where none is installed. */
export async function openPostgres(): Promise<Contender | null> {
  const server = startPostgres();
  if (server === null) return null;
  for (const setting of SETTINGS) await server.query(setting);
  const client = new Client({ host: server.host, user: 'postgres', database: 'odd' });
  await client.connect();
  // As the server writes them.
  const types = { getTypeParser: () => (value: string) => value };
  return {
    name: 'PostgreSQL',
    dialect: postgres,
    run: async (statements) => {
      for (const statement of statements) await client.query(statement);
    },
    rows: async (select) => (await client.query({ text: select, rowMode: 'array', types })).rows,
    alone: async (work) => {
      await client.query('CREATE SCHEMA alone; SET search_path = alone, public');
      try {
        return await work();
      } finally {
        await client.query('SET client_min_messages = error; DROP SCHEMA alone CASCADE');
      }
    },
    stop: async () => {
      await client.end();
      server.stop();
    },
  };
}
