/** ClickHouse within this process, as the package chdb has it: its data in memory, gone with the process. */
import { createRequire } from 'node:module';

export interface Clickhouse {
  /** Runs a statement and gives the rows it returns, whose values are texts, numbers and NULL. */
  query(sql: string): readonly (readonly unknown[])[];
  stop(): void;
}

/** What the tests say where they skip for want of it. */
export const NO_CLICKHOUSE = 'chdb is not installed: npm ci --prefix test/servers';

interface Session {
  query(sql: string, format: string): string;
  close(): void;
}

/** Opens it, null where chdb is not installed. */
export function startClickhouse(): Clickhouse | null {
  const chdb = findPackage();
  if (chdb === null) return null;
  const session = new chdb.Session();
  return {
    query: (sql) =>
      session
        .query(sql, 'JSONCompactEachRow')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
    stop: () => session.close(),
  };
}

function findPackage(): { readonly Session: new () => Session } | null {
  const require = createRequire(import.meta.url);
  try {
    return require('chdb');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}
