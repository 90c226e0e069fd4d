import type { Value } from '../../change.ts';
import type { Database } from '../../store/database.ts';
import type { Derivation } from '../../store/derivation.ts';
import { ensureTemporary } from '../../store/temporary.ts';
import { type Written, whileReading } from '../update.ts';
import { findOurs } from './ledger.ts';
import { refusing } from './refusal.ts';
import { differs, keyOfRow, pairs, type Shared, sameKey } from './shared.ts';
import { checkValues } from './value.ts';

/**
 * Brings the keys in `temp._etl_keys` into the table: rows of ours go, change and come; those of others stay.
 *
 * Throws an EtlError that shows the row where the table refuses one, or a column would change a value.
 */
export function applyKeys(derivation: Derivation, shared: Shared): Written {
  const { db } = derivation;
  findOurs(db, shared);
  return asItsOwner(db, () => {
    const removed = remove(derivation, shared);
    want(db, shared);
    checkValues(derivation, shared);
    return { changed: write(derivation, shared, change), added: write(derivation, shared, add), removed };
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
  const gone = `FROM temp._etl_keys AS k CROSS JOIN ${ledger} AS l ON ${sameKey(shared, 'l', 'kept', 'k', 'kept')}
    WHERE NOT EXISTS (SELECT 1 FROM ${copy.table} AS c WHERE ${sameKey(shared, 'c', 'copied', 'k', 'kept')})`;
  const place =
    rowid === null
      ? `(${keyOfRow(shared, null, 'name')}) IN (SELECT ${keyOfRow(shared, 'l', 'kept')} ${gone})`
      : `${rowid} IN (SELECT l.at ${gone})`;
  const { changes } = refusing(derivation, () => db.prepare(`DELETE FROM ${table} WHERE ${place}`).run());
  db.exec(`DELETE FROM ${ledger} WHERE (${keys}) IN (SELECT ${keyOfRow(shared, 'l', 'kept')} ${gone})`);
  return changes;
}

/**
 * Finds the rows of the copy that are to stand in the table: in `temp._etl_wanted`, with the place of the row of ours that
 * is there, or whether another's is. Rows whose key is taken by another's are held.
 */
function want(db: Database, shared: Shared): void {
  const { ledger, copy } = shared;
  ensureTemporary(db, 'TABLE', '_etl_wanted', '(rid INTEGER PRIMARY KEY, at, taken)');
  db.exec(`DELETE FROM temp._etl_wanted;
    INSERT INTO temp._etl_wanted SELECT c.rid, l.at, 0 FROM temp._etl_keys AS k
      CROSS JOIN ${copy.table} AS c ON ${sameKey(shared, 'c', 'copied', 'k', 'kept')}
      LEFT JOIN ${ledger} AS l ON ${sameKey(shared, 'l', 'kept', 'k', 'kept')};`);
  const isNew = 'c.rid IN (SELECT rid FROM temp._etl_wanted WHERE at IS NULL)';
  // A table without an index is only gone through where something comes.
  if (db.prepare('SELECT 1 FROM temp._etl_wanted WHERE at IS NULL').get() === undefined) return;
  db.exec(`UPDATE temp._etl_wanted SET taken = 1 WHERE rid IN (SELECT c.rid FROM ${pairs(db, shared, isNew)});
    UPDATE ${copy.table} SET held = NULL WHERE held AND rid IN (SELECT rid FROM temp._etl_wanted WHERE NOT taken);
    UPDATE ${copy.table} SET held = 1 WHERE rid IN (SELECT rid FROM temp._etl_wanted WHERE taken);`);
}

/** A statement that writes wanted rows and returns the keys and places of those that were written. */
type Writing = (shared: Shared, among: string) => string;

function change(shared: Shared, among: string): string {
  const { table, rowid, columns, copy } = shared;
  const set = columns.map(({ name, copied }) => `${name} = c.${copied}`).join(', ');
  const place = rowid === null ? sameKey(shared, 't', 'name', 'c', 'copied') : `t.${rowid} = w.at`;
  return `UPDATE ${table} AS t SET ${set} FROM temp._etl_wanted AS w CROSS JOIN ${copy.table} AS c
    WHERE w.at IS NOT NULL AND c.rid = w.rid AND ${place} AND (${differs(shared)}) AND ${among} ${returning(shared)}`;
}

function add(shared: Shared, among: string): string {
  const { table, columns, copy } = shared;
  const names = columns.map(({ name }) => name).join(', ');
  return `INSERT INTO ${table} (${names}) SELECT ${columns.map(({ copied }) => `c.${copied}`).join(', ')}
    FROM temp._etl_wanted AS w CROSS JOIN ${copy.table} AS c
    WHERE w.at IS NULL AND NOT w.taken AND c.rid = w.rid AND ${among} ORDER BY w.rid ${returning(shared)}`;
}

function returning(shared: Shared): string {
  return `RETURNING ${keyOfRow(shared, null, 'name')}, ${shared.rowid ?? '1'}`;
}

/** Writes rows, and notes that they are ours. Returns how many. */
function write(derivation: Derivation, shared: Shared, writing: Writing): number {
  const { db } = derivation;
  const own = db.prepare(`INSERT OR REPLACE INTO ${shared.ledger} VALUES (${shared.key.map(() => '?').join(', ')}, ?)`);
  let count = 0;
  refusing(
    derivation,
    () =>
      whileReading(db, () => {
        for (const row of db.prepare(writing(shared, 'TRUE')).raw().iterate() as Iterable<Value[]>) {
          own.run(...row);
          count++;
        }
      }),
    { shared, writing: (among) => writing(shared, among) },
  );
  return count;
}
