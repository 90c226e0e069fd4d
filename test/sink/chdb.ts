import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

/** What the tests say where they skip for want of it. */
export const NO_CHDB = 'chdb is not installed: npm ci --prefix test/servers';

const PACKAGE = resolve('test/servers/node_modules/chdb/index.js');

export function hasChdb(): boolean {
  return existsSync(PACKAGE);
}

interface Session {
  query(sql: string, format: string): string;
  close(): void;
}

/** A folder that nobody else may have open meanwhile. */
export function openChdb(folder: string): Session {
  const { Session } = createRequire(import.meta.url)(PACKAGE);
  return new Session(folder);
}

/** The lines that a statement gives in a folder that nobody else has open. */
export function queryChdb(folder: string, sql: string): readonly string[] {
  const session = openChdb(folder);
  try {
    return session.query(sql, 'TabSeparated').split('\n').slice(0, -1);
  } finally {
    session.close();
  }
}
