import type { Type } from '../../change.ts';
import { invariant } from '../../diagnostic/diagnostic.ts';
import type { Affinity } from '../../sql/affinity.ts';
import { quote } from '../../sql/dialect.ts';
import type { Database } from '../../store/database/database.ts';
import type { Derivation } from '../../store/derive/derivation.ts';
import { copyTable, ledgerTable } from '../../store/state/state.ts';
import type { Target } from '../target.ts';
import { columnOf } from './fit.ts';
import { collationOf, type ExistingTable } from './table.ts';

/**
 * A table that holds rows of others, and how a metric writes to it.
 *
 * What the metric's rows are stands in `copy`, a target of the engine's own: its rows belong to their roots by `rid`, hold
 * the metric's columns as `c0`, `c1`, ..., and are `held` where their key is taken by a row of another. Which rows of
 * the table are ours stands in `ledger`, by their keys.
 */
export interface Shared {
  /** Quoted, as the names of columns here. */
  readonly table: string;
  /** Null where rows have no number; then the table's own primary key is of columns of the key. */
  readonly rowid: string | null;
  readonly columns: readonly SharedColumn[];
  readonly key: readonly SharedKey[];
  readonly copy: Target;
  readonly ledger: string;
}

export interface SharedColumn {
  readonly name: string;
  /** Null where it is not known. */
  readonly type: Type | null;
  readonly declared: string;
  readonly affinity: Affinity;
  /** Its name in the copy. */
  readonly copied: string;
}

export interface SharedKey extends SharedColumn {
  /** Its name in the ledger. */
  readonly kept: string;
  readonly collation: string;
  /** How a column is declared that compares as it does. */
  readonly compared: string;
}

/** How rows of the metric get into a table that is there. */
export function sharedTarget(derivation: Derivation, id: bigint, table: ExistingTable): Shared {
  const { db, plan, query } = derivation;
  const columns = query.columns.map(({ name, type }, n): SharedColumn => {
    const column = columnOf(table, name);
    invariant(column, 'a table that was checked has the columns of its metric');
    const { declared, affinity } = column;
    return { name: quote(column.name), type, declared, affinity, copied: `c${n}` };
  });
  const key = plan.sinkKey.flatMap((name) => {
    const n = query.columns.findIndex((column) => column.name === name);
    const [column, existing] = [columns[n], columnOf(table, name)];
    return column && existing ? [keyOf(db, table, column, existing.name)] : [];
  });
  const copied = query.columns.map(({ type }, n) => ({ name: `c${n}`, type }));
  const copy = { table: copyTable(id), columns: copied, key: [], compared: [], rowid: 'rid' };
  return { table: quote(table.name), rowid: table.rowid, columns, key, copy, ledger: ledgerTable(id) };
}

function keyOf(db: Database, table: ExistingTable, column: SharedColumn, name: string): SharedKey {
  const affinity = column.affinity === 'bytes' ? 'BLOB' : column.affinity;
  const collation = collationOf(db, table.name, name);
  invariant(collation !== null, 'a key that was checked compares in a way that is known');
  return { ...column, kept: quote(`${KEPT}${name}`), collation, compared: `${affinity} COLLATE ${collation}` };
}

/** What stands before the name of a key's column in a ledger. */
export const KEPT = 'key ';

/** What a key's columns are called in a table: that of others, the copy, or the ledger and what is made like it. */
export type KeyName = 'name' | 'copied' | 'kept';

/** Whether two rows have one key. That of the other's table stands first: it says how values compare. */
export function sameKey({ key }: Shared, a: string, of: KeyName, b: string, other: KeyName): string {
  return key.map((column) => `${a}.${column[of]} = ${b}.${column[other]}`).join(' AND ');
}

/** The columns of a key in a row; without a row, their names. */
export function keyOfRow({ key }: Shared, row: string | null, of: KeyName): string {
  return key.map((column) => (row === null ? column[of] : `${row}.${column[of]}`)).join(', ');
}

/** Declares the columns of a key, so that they compare as those of the table do. */
export function declaredKey({ key }: Shared, of: KeyName): string {
  return key.map((column) => `${column[of]} ${column.compared} NOT NULL`).join(', ');
}

/**
 * Rows of a table that has the ledger's columns, as `row`, with those of the target that have their key, as `t`.
 *
 * A target without an index on the key is gone through once, and the other table is asked for each of its rows: that is
 * to have few, and an index.
 */
export function beside(db: Database, shared: Shared, from: string, row: string): string {
  const [own, standing] = [`${from} AS ${row}`, `${shared.table} AS t`];
  const order = isFoundByKey(db, shared) ? `${own} CROSS JOIN ${standing}` : `${standing} CROSS JOIN ${own}`;
  return `${order} ON ${sameKey(shared, 't', 'name', row, 'kept')}`;
}

function isFoundByKey(db: Database, shared: Shared): boolean {
  const asked = `SELECT 1 FROM ${shared.ledger} AS l CROSS JOIN ${shared.table} AS t
    ON ${sameKey(shared, 't', 'name', 'l', 'kept')}`;
  const steps = db.prepare(`EXPLAIN QUERY PLAN ${asked}`).all() as { detail: string }[];
  const [found] = steps.filter(({ detail }) => /^SEARCH t USING (?!AUTOMATIC)/.test(detail));
  // By a part of the key there may be as many as in the whole table.
  return found?.detail.match(/=\?/g)?.length === shared.key.length;
}

/** Whether a row of the table is another than that of the copy, value by value. */
export function differs({ columns }: Shared): string {
  return columns.map(({ name, copied }) => `t.${name} IS NOT c.${copied} COLLATE BINARY`).join(' OR ');
}
