/** Sessions that write to the servers of the tests, as others do while a table is read. */
import { createConnection } from 'mysql2/promise';
import { Client } from 'pg';

export interface WritingSession {
  /** Runs one statement, of which each is a transaction unless it is said otherwise. Gives its rows. */
  query(sql: string): Promise<readonly (readonly unknown[])[]>;
  close(): Promise<void>;
}

export async function openPostgres(host: string): Promise<WritingSession> {
  const client = new Client({ host, user: 'postgres', database: 'postgres' });
  await client.connect();
  return {
    query: async (sql) => (await client.query({ text: sql, rowMode: 'array' })).rows,
    close: () => client.end(),
  };
}

export async function openMariaDb(port: number): Promise<WritingSession> {
  const client = await createConnection({ host: '127.0.0.1', port, user: 'root', database: 'test', rowsAsArray: true });
  return {
    query: async (sql) => {
      const [rows] = await client.query(sql);
      return Array.isArray(rows) ? (rows as unknown[][]) : [];
    },
    close: () => client.end(),
  };
}
