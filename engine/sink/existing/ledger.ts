import { quote } from '../../sql/dialect.ts';
import type { Database } from '../../store/database.ts';
import { ensureTemporary } from '../../store/temporary.ts';
import { columnOf } from './fit.ts';
import { declaredKey, KEPT, keyOfRow, type Shared, sameKey } from './shared.ts';
import { definitionOf, type ExistingTable } from './table.ts';

/** Makes the ledger. One that knows our rows by other columns than the key has now is brought into its form. */
export function ensureLedger(db: Database, shared: Shared, table: ExistingTable): void {
  const { ledger } = shared;
  const columns = `${declaredKey(shared, 'kept')}, at INTEGER, PRIMARY KEY (${keyOfRow(shared, null, 'kept')})`;
  const create = `CREATE TABLE ${ledger} (${columns}) WITHOUT ROWID`;
  const known = definitionOf(db, ledger);
  if (known === create) return;
  ensureTemporary(db, 'TABLE', '_etl_owned', `(${columns})`);
  db.exec('DELETE FROM temp._etl_owned');
  if (known !== null) takeOver(db, shared, table);
  db.exec(`DROP TABLE IF EXISTS ${ledger};
    ${create};
    INSERT INTO ${ledger} SELECT * FROM temp._etl_owned;
    DELETE FROM temp._etl_owned;`);
}

/** Where a column is gone by which our rows were told apart, none can be told to be ours any more. */
function takeOver(db: Database, shared: Shared, table: ExistingTable): void {
  const names = db.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(shared.ledger) as string[];
  const before = names
    .filter((name) => name.startsWith(KEPT))
    .map((kept) => ({ kept: quote(kept), name: columnOf(table, kept.slice(KEPT.length))?.name }));
  if (before.some(({ name }) => name === undefined)) return;
  const same = before.map(({ kept, name }) => `t.${quote(name ?? '')} = l.${kept}`);
  const place = shared.rowid === null ? [] : [`t.${shared.rowid} = l.at`];
  db.exec(`INSERT OR IGNORE INTO temp._etl_owned SELECT ${keyOfRow(shared, 't', 'name')}, l.at
    FROM ${shared.ledger} AS l CROSS JOIN ${shared.table} AS t WHERE ${[...place, ...same].join(' AND ')}`);
}

/**
 * Finds our rows of the keys in `temp._etl_keys` again: `at` of these is from now on where the row stands, or NULL where it
 * is gone.
 *
 * A VACUUM by the user renumbers rows. One that is not where it was left is known by its key; where that key stands there
 * more than once by now, none of its rows can be told to be ours any more, and none will be touched.
 */
export function findOurs(db: Database, shared: Shared): void {
  const { ledger, table, rowid } = shared;
  const [first] = shared.key;
  const [keys, same] = [keyOfRow(shared, null, 'kept'), sameKey(shared, 't', 'name', 'l', 'kept')];
  const place = rowid === null ? 'FALSE' : `t.${rowid} = l.at AND ${same}`;
  ensureTemporary(db, 'TABLE', '_etl_astray', `(${declaredKey(shared, 'kept')})`);
  ensureTemporary(db, 'TABLE', '_etl_found', `(${declaredKey(shared, 'kept')}, n, at)`);
  const insert = `INSERT INTO temp._etl_astray SELECT ${keyOfRow(shared, 'l', 'kept')}
    FROM temp._etl_keys AS k CROSS JOIN ${ledger} AS l ON ${sameKey(shared, 'l', 'kept', 'k', 'kept')}
    LEFT JOIN ${table} AS t ON ${place} WHERE t.${first?.name} IS NULL`;
  if (db.prepare(insert).run().changes === 0) return;
  db.exec(`INSERT INTO temp._etl_found SELECT ${keyOfRow(shared, 'l', 'kept')}, count(t.${first?.name}), min(${rowid ? `t.${rowid}` : '1'})
      FROM temp._etl_astray AS l LEFT JOIN ${table} AS t ON ${same} GROUP BY ${keyOfRow(shared, 'l', 'kept')};
    UPDATE ${ledger} AS l SET at = iif(f.n = 1, f.at, NULL) FROM temp._etl_found AS f
      WHERE ${sameKey(shared, 'l', 'kept', 'f', 'kept')};
    DELETE FROM ${ledger} WHERE (${keys}) IN (SELECT ${keys} FROM temp._etl_found WHERE n > 1);
    DELETE FROM temp._etl_astray;
    DELETE FROM temp._etl_found;`);
}
