import type { Database } from '../../store/database/database.ts';
import { ensureTemporary } from '../../store/database/temporary.ts';
import { beside, declaredKey, keyOfRow, type Shared } from './shared.ts';

/** Whether a row that was held back could come, for the one in its place is gone. */
export function hasFreed(db: Database, shared: Shared): boolean {
  return listHeld(db, shared) > 0 && db.prepare(freed(db, shared)).get() !== undefined;
}

/** A SELECT of the keys of rows that were held back and could come. */
export function freedKeys(db: Database, shared: Shared): string {
  listHeld(db, shared);
  return freed(db, shared);
}

function freed(db: Database, shared: Shared): string {
  const standing = `SELECT h.rid FROM ${beside(db, shared, 'temp._etl_held', 'h')}`;
  return `SELECT ${keyOfRow(shared, null, 'kept')} FROM temp._etl_held WHERE rid NOT IN (${standing})`;
}

/** Lists the rows that are held back in `temp._etl_held`, by their place in the copy. Returns how many. */
export function listHeld(db: Database, shared: Shared): number {
  const columns = `rid INTEGER PRIMARY KEY, ${declaredKey(shared, 'kept')}, UNIQUE (${keyOfRow(shared, null, 'kept')})`;
  ensureTemporary(db, 'TABLE', '_etl_held', `(${columns})`);
  db.exec('DELETE FROM temp._etl_held');
  const held = `SELECT rid, ${keyOfRow(shared, null, 'copied')} FROM ${shared.copy.table} WHERE held`;
  return db.prepare(`INSERT INTO temp._etl_held ${held}`).run().changes;
}
