/** ClickHouse's HTTP interface over chdb, as far as a client uses it to write and to read. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openChdb } from './chdb.ts';

export interface ClickhouseHttp {
  readonly port: number;
  query(sql: string): readonly string[];
  stop(): Promise<void>;
}

/** Serves a folder to a user `etl` with a password. Behind each of the user's statements something else may be done. */
export async function serveClickhouse(
  folder: string,
  password: string,
  behind: () => void = () => {},
): Promise<ClickhouseHttp> {
  const session = openChdb(folder);
  const query = (sql: string) => session.query(sql, 'TabSeparated').split('\n').slice(0, -1);
  const login = `Basic ${Buffer.from(`etl:${password}`).toString('base64')}`;
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const head = new URL(request.url ?? '', 'http://localhost').searchParams.get('query');
    const statement = [...(head === null ? [] : [head]), Buffer.concat(parts).toString()].join('\n');
    try {
      if (request.headers.authorization !== login) throw new Error(REFUSED);
      const answer = session.query(statement, 'TabSeparated');
      behind();
      response.end(answer);
    } catch (error) {
      response.statusCode = 500;
      response.end(String(error instanceof Error ? error.message : error).replace('Query failed: ', ''));
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    port: (server.address() as AddressInfo).port,
    query,
    stop: async () => {
      session.close();
      await new Promise((closed) => server.close(closed));
    },
  };
}

const REFUSED = 'Code: 516. DB::Exception: etl: Authentication failed: password is incorrect. (AUTHENTICATION_FAILED)';
