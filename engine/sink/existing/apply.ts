import type { Row } from '../../change.ts';
import type { Database } from '../../store/database/database.ts';
import { ensureTemporary } from '../../store/database/temporary.ts';
import type { Derivation } from '../../store/derive/derivation.ts';
import { type Written, whileReading } from '../update.ts';
import { refusing } from './refusal.ts';
import { beside, declaredKey, differs, keyOfRow, type Shared, sameKey } from './shared.ts';
import { checkValues } from './value.ts';

/**
 * Brings the keys in `temp._etl_keys`, of which our rows are found, into the table: rows of ours go, change and come; those
 * of others stay.
 *
 * Throws an EtlError that shows the row where the table refuses one, or a column would change a value.
 */
export function applyKeys(derivation: Derivation, shared: Shared): Written {
  const { db } = derivation;
  return asItsOwner(db, () => {
    const removed = remove(derivation, shared);
    want(db, shared);
    checkValues(derivation, shared);
    return { changed: change(derivation, shared), added: add(derivation, shared), removed };
  });
}

/** Triggers of the table's owner may write to it again, and expect not to be called for that, as by SQLite's default. */
function asItsOwner<T>(db: Database, work: () => T): T {
  db.pragma('recursive_triggers = OFF');
  try {
    return work();
  } finally {
    db.pragma('recursive_triggers = ON');
  }
}

/** Removes rows of ours that the metric has no more, and forgets that they were ours. */
function remove(derivation: Derivation, shared: Shared): number {
  const { db } = derivation;
  const { table, rowid, ledger, copy } = shared;
  const keys = keyOfRow(shared, null, 'kept');
  const isGone = (row: string) =>
    `NOT EXISTS (SELECT 1 FROM ${copy.table} AS c WHERE ${sameKey(shared, 'c', 'copied', row, 'kept')})`;
  const found = `FROM temp._etl_found AS f WHERE ${isGone('f')}`;
  const place =
    rowid === null
      ? `(${keyOfRow(shared, null, 'name')}) IN (SELECT ${keyOfRow(shared, 'f', 'kept')} ${found})`
      : `${rowid} IN (SELECT f.at ${found})`;
  const { changes } = refusing(derivation, () => db.prepare(`DELETE FROM ${table} WHERE ${place}`).run());
  db.exec(`DELETE FROM ${ledger} WHERE (${keys}) IN
    (SELECT ${keyOfRow(shared, 'o', 'kept')} FROM temp._etl_owned AS o WHERE ${isGone('o')})`);
  return changes;
}

/**
 * Finds the rows of the copy that are to stand in the table: in `temp._etl_wanted`, with the place of ours where it stands
 * already, or whether another's does. Rows whose key is taken by another's are held.
 */
function want(db: Database, shared: Shared): void {
  const { copy } = shared;
  const keys = keyOfRow(shared, null, 'kept');
  const columns = `rid INTEGER PRIMARY KEY, at, taken, ${declaredKey(shared, 'kept')}, UNIQUE (${keys})`;
  ensureTemporary(db, 'TABLE', '_etl_wanted', `(${columns})`);
  db.exec(`DELETE FROM temp._etl_wanted;
    INSERT INTO temp._etl_wanted SELECT c.rid, f.at, 0, ${keyOfRow(shared, 'k', 'kept')} FROM temp._etl_keys AS k
      CROSS JOIN ${copy.table} AS c ON ${sameKey(shared, 'c', 'copied', 'k', 'kept')}
      LEFT JOIN temp._etl_found AS f ON ${sameKey(shared, 'f', 'kept', 'k', 'kept')};`);
  if (db.prepare('SELECT 1 FROM temp._etl_wanted WHERE at IS NULL').get() === undefined) return;
  const taken = `SELECT w.rid FROM ${beside(db, shared, 'temp._etl_wanted', 'w')} WHERE w.at IS NULL`;
  db.exec(`UPDATE temp._etl_wanted SET taken = 1 WHERE rid IN (${taken});
    UPDATE ${copy.table} SET held = NULL WHERE held AND rid IN (SELECT rid FROM temp._etl_wanted WHERE NOT taken);
    UPDATE ${copy.table} SET held = 1 WHERE rid IN (SELECT rid FROM temp._etl_wanted WHERE taken);`);
}

/** Changes rows of ours that differ. Returns how many. OR ABORT, for a constraint of the table may say to replace others. */
function change(derivation: Derivation, shared: Shared): number {
  const { table, rowid, columns, copy } = shared;
  const set = columns.map(({ name, copied }) => `${name} = c.${copied}`).join(', ');
  const place = rowid === null ? sameKey(shared, 't', 'name', 'c', 'copied') : `t.${rowid} = +w.at`;
  // The signs keep SQLite from going through the copy or the table instead of the few rows that are wanted. CROSS JOIN
  // would not: the table that is changed stands before all others.
  const changing = (among: string) =>
    `UPDATE OR ABORT ${table} AS t SET ${set} FROM temp._etl_wanted AS w, ${copy.table} AS c
     WHERE w.at IS NOT NULL AND ${among} AND c.rid = +w.rid AND ${place} AND (${differs(shared)})`;
  const write = () => derivation.db.prepare(changing('TRUE')).run().changes;
  return refusing(derivation, write, { shared, writing: changing });
}

/** Writes rows whose key is free, and notes that they are ours. Returns how many. */
function add(derivation: Derivation, shared: Shared): number {
  const { db } = derivation;
  const { table, columns, copy, ledger, key } = shared;
  const names = columns.map(({ name }) => name).join(', ');
  const adding = (among: string) =>
    `INSERT OR ABORT INTO ${table} (${names}) SELECT ${columns.map(({ copied }) => `c.${copied}`).join(', ')}
     FROM temp._etl_wanted AS w CROSS JOIN ${copy.table} AS c
     WHERE w.at IS NULL AND NOT w.taken AND ${among} AND c.rid = w.rid ORDER BY w.rid`;
  const own = db.prepare(`INSERT OR IGNORE INTO ${ledger} VALUES (${key.map(() => '?').join(', ')})`);
  let count = 0;
  const write = () => {
    const written = db
      .prepare(`${adding('TRUE')} RETURNING ${keyOfRow(shared, null, 'name')}`)
      .raw()
      .iterate();
    for (const row of written as Iterable<Row>) {
      own.run(...row);
      count++;
    }
  };
  refusing(derivation, () => whileReading(db, write), { shared, writing: adding });
  return count;
}
