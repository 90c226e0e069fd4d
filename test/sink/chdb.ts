import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

/** What the tests say where they skip for want of it. */
export const NO_CHDB = 'chdb is not installed: npm ci --prefix test/servers';

const PACKAGE = resolve('test/servers/node_modules/chdb/index.js');

export function hasChdb(): boolean {
  return existsSync(PACKAGE);
}

/** The lines that a statement gives in a folder that nobody else has open. */
export function queryChdb(folder: string, sql: string): readonly string[] {
  const { Session } = createRequire(import.meta.url)(PACKAGE);
  const session = new Session(folder);
  try {
    return session.query(sql, 'TabSeparated').split('\n').slice(0, -1);
  } finally {
    session.close();
  }
}
