import { quote } from '../../sql/dialect.ts';
import type { Database } from '../../store/database/database.ts';
import { ensureTemporary } from '../../store/database/temporary.ts';
import type { Derivation } from '../../store/derive/derivation.ts';
import type { Roots } from '../../store/derive/derive.ts';
import { fill } from '../rebuild.ts';
import { uniquely } from '../unique.ts';
import { compare } from '../update.ts';
import { freedKeys } from './freed.ts';
import { findOurs } from './ledger.ts';
import { declaredKey, keyOfRow, type Shared } from './shared.ts';
import { definitionOf } from './table.ts';

/** Whether the copy is there, and compares its keys as the table does by now. */
export function isCopied(db: Database, shared: Shared): boolean {
  return definitionOf(db, shared.copy.table) === createCopy(shared);
}

/** Its columns have no declared type but for the key's, which compare as those of the table do. */
function createCopy({ copy, columns, key }: Shared): string {
  const declared = columns.map(({ copied }) => {
    const found = key.find((column) => column.copied === copied);
    return found ? `${copied} ${found.compared} NOT NULL` : copied;
  });
  return `CREATE TABLE ${copy.table} (rid INTEGER PRIMARY KEY, ${declared.join(', ')}, held)`;
}

/**
 * Makes the copy anew, notes all keys that it or the ledger has, and finds our rows of them. Returns the number of its
 * rows.
 */
export function loadCopy(derivation: Derivation, shared: Shared): number {
  const { db } = derivation;
  openKeys(db, shared);
  note(db, `SELECT ${keyOfRow(shared, null, 'kept')} FROM ${shared.ledger}`);
  // That of before a full refresh says how our rows were left.
  const isKnown = isCopied(db, shared);
  if (isKnown) findOurs(db, shared);
  const rows = uniquelyIn(derivation, shared, () => fillCopy(derivation, shared));
  note(db, `SELECT ${keyOfRow(shared, null, 'copied')} FROM ${shared.copy.table}`);
  if (!isKnown) findOurs(db, shared);
  return rows;
}

function fillCopy(derivation: Derivation, shared: Shared): number {
  const { db } = derivation;
  const { table } = shared.copy;
  db.exec(`DROP TABLE IF EXISTS ${table};
    ${createCopy(shared)};`);
  const rows = fill(derivation, shared.copy);
  db.exec(`CREATE UNIQUE INDEX ${table}_key ON ${table} (${keyOfRow(shared, null, 'copied')});
    CREATE INDEX ${table}_held ON ${table} (rid) WHERE held;`);
  return rows;
}

/**
 * Brings the copy to what the relations say, notes the keys of rows that go or come, and finds our rows of them. Where all
 * roots are looked at, keys of rows that were held back and may come now are noted too. Returns by how many rows it grew.
 */
export function takeOn(derivation: Derivation, shared: Shared, roots: Roots): number {
  const { db } = derivation;
  const copied = keyOfRow(shared, null, 'copied');
  const writes = compare(derivation, shared.copy, roots);
  openKeys(db, shared);
  note(db, `SELECT ${copied} FROM ${shared.copy.table} WHERE rid IN (SELECT id FROM temp._etl_gone)`);
  note(db, `SELECT ${copied} FROM temp._etl_come`);
  if (roots === 'all') note(db, freedKeys(db, shared));
  // Before the copy changes: it says how our rows were left.
  findOurs(db, shared);
  const { added, removed } = uniquelyIn(derivation, shared, () => writes.apply());
  return added - removed;
}

/** Keys are noted in `temp._etl_keys`. */
function openKeys(db: Database, shared: Shared): void {
  const body = `(${declaredKey(shared, 'kept')}, UNIQUE (${keyOfRow(shared, null, 'kept')}))`;
  ensureTemporary(db, 'TABLE', '_etl_keys', body);
  db.exec('DELETE FROM temp._etl_keys');
}

function note(db: Database, keys: string): void {
  db.exec(`INSERT OR IGNORE INTO temp._etl_keys ${keys}`);
}

/** Two rows have one key where the table says so, and not only where they are equal. */
function uniquelyIn<T>(derivation: Derivation, { key }: Shared, write: () => T): T {
  const compared = derivation.plan.sinkKey.map((name, n) => `${quote(name)} COLLATE ${key[n]?.collation}`);
  return uniquely(derivation, compared, write);
}
