import type { Row } from '../../change.ts';
import type { Derivation } from '../../store/derivation.ts';
import type { State } from '../../store/state.ts';
import { rowText } from '../difference.ts';
import { existingTarget } from '../target.ts';
import { keyOfRow, type Shared, sameKey, sharedTarget } from './shared.ts';

/** Of a table that holds rows of others, what is ours. */
export interface Owned {
  /** A SELECT of the rows that are ours, with the metric's columns. */
  readonly rows: string;
  /** How many rows of the table are not. */
  readonly others: number;
  /** Whether a row of the metric is held back. */
  readonly isHeld: (row: Row) => boolean;
}

/** Null where all rows of the target are the metric's. */
export function ownedRows(derivation: Derivation, state: State): Owned | null {
  const { db, plan } = derivation;
  const existing = existingTarget(db, plan, state);
  if (!existing) return null;
  const shared = sharedTarget(derivation, state.id, existing);
  const rows = `SELECT ${shared.columns.map(({ name }) => `t.${name}`).join(', ')} FROM ${ours(shared)}`;
  const count = (from: string) => Number(db.prepare(`SELECT count(*) FROM ${from}`).pluck().get());
  const held = `SELECT ${keyOfRow(shared, null, 'copied')} FROM ${shared.copy.table} WHERE held`;
  const keys = new Set((db.prepare(held).raw().all() as Row[]).map(rowText));
  const places = shared.key.map(({ copied }) => shared.columns.findIndex((column) => column.copied === copied));
  return {
    rows,
    others: count(shared.table) - count(ours(shared)),
    isHeld: (row) => keys.has(rowText(places.map((n) => row[n] ?? null))),
  };
}

/** A row of ours is where it was left, or the only one of its key: so `findOurs` will find it too. */
function ours(shared: Shared): string {
  const { ledger, table, rowid } = shared;
  const same = (row: string) => sameKey(shared, row, 'name', 'l', 'kept');
  if (rowid === null) return `${ledger} AS l CROSS JOIN ${table} AS t ON ${same('t')}`;
  const found = `SELECT coalesce(p.${rowid}, iif(count(s.${rowid}) = 1, min(s.${rowid}), NULL)) AS at
    FROM ${ledger} AS l LEFT JOIN ${table} AS p ON p.${rowid} = l.at AND ${same('p')}
    LEFT JOIN ${table} AS s ON p.${rowid} IS NULL AND ${same('s')} GROUP BY ${keyOfRow(shared, 'l', 'kept')}`;
  return `(${found}) AS l CROSS JOIN ${table} AS t ON t.${rowid} = l.at`;
}

/** A row whose whole numbers are integers, however they are stored: a column may keep 5 as 5.0. */
export function plainRow(row: Row): Row {
  return row.map((value) => (typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value));
}
