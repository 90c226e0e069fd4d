import type { Row } from '../../change.ts';
import { quote } from '../../sql/dialect.ts';
import type { Database } from '../../store/database/database.ts';
import type { Derivation } from '../../store/derive/derivation.ts';
import type { State } from '../../store/state/state.ts';
import { rowText } from '../difference.ts';
import { existingTarget } from '../target.ts';
import { isFound, ours } from './ledger.ts';
import { keyOfRow, type Shared, sharedTarget } from './shared.ts';
import { definitionOf } from './table.ts';

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
  const rows = `SELECT ${shared.columns.map(({ name }) => `t.${name}`).join(', ')} FROM ${standing(db, shared)}`;
  const count = (from: string) => Number(db.prepare(`SELECT count(*) FROM ${from}`).pluck().get());
  return { rows, others: count(shared.table) - count(standing(db, shared)), isHeld: holding(db, shared) };
}

/** What a SELECT names in FROM to read the metric's rows as they stand in the state's file; null where the table is gone. */
export function standingRows({ db }: Derivation, { target }: State, owned: Owned | null): string | null {
  if (owned) return `(${owned.rows})`;
  return definitionOf(db, target) === null ? null : quote(target);
}

/** Tells of a row of the metric whether it is held back, for its key stands in the target and is another's. */
export function heldIn(derivation: Derivation, state: State): (row: Row) => boolean {
  const { db, plan } = derivation;
  const existing = existingTarget(db, plan, state);
  return existing ? holding(db, sharedTarget(derivation, state.id, existing)) : () => false;
}

function holding(db: Database, shared: Shared): (row: Row) => boolean {
  const held = `SELECT ${keyOfRow(shared, null, 'copied')} FROM ${shared.copy.table} WHERE held`;
  const keys = new Set((db.prepare(held).raw().all() as Row[]).map(rowText));
  const places = shared.key.map(({ copied }) => shared.columns.findIndex((column) => column.copied === copied));
  return (row) => keys.has(rowText(places.map((n) => row[n] ?? null)));
}

function standing(db: Database, shared: Shared): string {
  return `(${ours(db, shared, shared.ledger)}) AS f CROSS JOIN ${shared.table} AS t ON f.at IS NOT NULL AND ${isFound(shared)}`;
}

/** A row whose whole numbers are integers, however they are stored: a column may keep 5 as 5.0. */
export function plainRow(row: Row): Row {
  return row.map((value) => (typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value));
}
