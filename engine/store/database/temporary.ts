import type { Database } from './database.ts';

/**
 * Makes a table or trigger of the connection's own, unless it is there as it should be.
 *
 * It lasts as long as the connection, or until the transaction that made it is undone: so SQLite is asked each time.
 */
export function ensureTemporary(db: Database, kind: 'TABLE' | 'TRIGGER', name: string, body: string): void {
  const known = db.prepare('SELECT sql FROM sqlite_temp_master WHERE name = ?').pluck().get(name) as string | undefined;
  if (known?.endsWith(` ${body}`)) return;
  db.exec(`DROP ${kind} IF EXISTS temp.${name}`);
  db.exec(`CREATE TEMP ${kind} ${name} ${body}`);
}
