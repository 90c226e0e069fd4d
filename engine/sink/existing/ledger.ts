import { quote } from '../../sql/dialect.ts';
import type { Database } from '../../store/database/database.ts';
import { ensureTemporary } from '../../store/database/temporary.ts';
import { columnOf } from './fit.ts';
import { beside, declaredKey, differs, KEPT, keyOfRow, type Shared, sameKey } from './shared.ts';
import { definitionOf, type ExistingTable } from './table.ts';

/** Makes the ledger. One that knows our rows by other columns than the key has now is brought into its form. */
export function ensureLedger(db: Database, shared: Shared, table: ExistingTable): void {
  const { ledger } = shared;
  const columns = `(${declaredKey(shared, 'kept')}, PRIMARY KEY (${keyOfRow(shared, null, 'kept')})) WITHOUT ROWID`;
  const known = definitionOf(db, ledger);
  if (known === `CREATE TABLE ${ledger} ${columns}`) return;
  ensureTemporary(db, 'TABLE', '_etl_owned', columns);
  db.exec('DELETE FROM temp._etl_owned');
  if (known !== null) takeOver(db, shared, table);
  db.exec(`DROP TABLE IF EXISTS ${ledger};
    CREATE TABLE ${ledger} ${columns};
    INSERT INTO ${ledger} SELECT * FROM temp._etl_owned;`);
}

/** A row that stands alone under the key it was known by is ours under its new one. */
function takeOver(db: Database, shared: Shared, table: ExistingTable): void {
  const names = db.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(shared.ledger) as string[];
  const before = names.map((kept) => ({ kept: quote(kept), name: columnOf(table, kept.slice(KEPT.length))?.name }));
  // By columns that are gone nothing can be told.
  if (before.some(({ name }) => name === undefined)) return;
  const same = before.map(({ kept, name }) => `t.${quote(name ?? '')} = l.${kept}`).join(' AND ');
  const known = before.map(({ kept }) => `l.${kept}`).join(', ');
  db.exec(`INSERT OR IGNORE INTO temp._etl_owned SELECT ${keyOfRow(shared, 't', 'name')}
    FROM ${shared.table} AS t CROSS JOIN ${shared.ledger} AS l ON ${same} GROUP BY ${known} HAVING count(*) = 1`);
}

/**
 * Finds our rows of the keys in `temp._etl_keys`: their places are in `temp._etl_found` from now on. Keys of which nobody
 * can tell any more which row is ours leave the ledger.
 */
export function findOurs(db: Database, shared: Shared): void {
  const { ledger } = shared;
  const [keys, declared] = [keyOfRow(shared, null, 'kept'), declaredKey(shared, 'kept')];
  ensureTemporary(db, 'TABLE', '_etl_owned', `(${declared}, PRIMARY KEY (${keys})) WITHOUT ROWID`);
  ensureTemporary(db, 'TABLE', '_etl_found', `(${declared}, at, PRIMARY KEY (${keys})) WITHOUT ROWID`);
  db.exec(`DELETE FROM temp._etl_owned;
    DELETE FROM temp._etl_found;
    INSERT INTO temp._etl_owned SELECT ${keyOfRow(shared, 'l', 'kept')} FROM temp._etl_keys AS k
      CROSS JOIN ${ledger} AS l ON ${sameKey(shared, 'l', 'kept', 'k', 'kept')};`);
  // A table without an index is only gone through where there is something to find.
  if (db.prepare('SELECT 1 FROM temp._etl_owned').get() === undefined) return;
  db.exec(`INSERT INTO temp._etl_found ${ours(db, shared, 'temp._etl_owned')};
    DELETE FROM ${ledger} WHERE (${keys}) IN (SELECT ${keys} FROM temp._etl_found WHERE at IS NULL);
    DELETE FROM temp._etl_found WHERE at IS NULL;`);
}

/**
 * A SELECT of the keys of a ledger's part, each with the place of our row; NULL where nobody can tell which one it is. A key
 * that is gone has none.
 *
 * A row that stands alone under its key is ours. Where the table allows several of one key and has them, it is the one
 * that is as the copy has it: not the one at the place where ours was, for a VACUUM by the user renumbers rows.
 */
export function ours(db: Database, shared: Shared, part: string): string {
  const { copy, rowid } = shared;
  const at = rowid === null ? '1' : `t.${rowid}`;
  const like = `iif(${differs(shared)}, NULL, ${at})`;
  const place = `CASE WHEN count(*) = 1 THEN min(${at}) WHEN count(${like}) = 1 THEN min(${like}) END`;
  return `SELECT ${keyOfRow(shared, 'l', 'kept')}, ${place} AS at FROM ${beside(db, shared, part, 'l')}
    LEFT JOIN ${copy.table} AS c ON ${sameKey(shared, 'c', 'copied', 'l', 'kept')} GROUP BY ${keyOfRow(shared, 'l', 'kept')}`;
}

/** Whether a row `t` of the table is the one that was found, `f`. */
export function isFound(shared: Shared): string {
  return shared.rowid === null ? sameKey(shared, 't', 'name', 'f', 'kept') : `t.${shared.rowid} = f.at`;
}
