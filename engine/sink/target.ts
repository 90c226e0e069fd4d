import { fail, invariant } from '../diagnostic/diagnostic.ts';
import { hints } from '../diagnostic/messages.ts';
import { placeIn } from '../mapping/mapping.ts';
import type { Plan } from '../plan/plan.ts';
import { isTime, quote } from '../sql/dialect.ts';
import { createTarget, rowidOf, type TargetColumn } from '../sql/target.ts';
import type { Database } from '../store/database/database.ts';
import type { Derivation } from '../store/derive/derivation.ts';
import { findOutbox } from '../store/state/outbox.ts';
import { type Extent, ledgerTable, type State } from '../store/state/state.ts';
import { checkColumns } from './existing/fit.ts';
import { definitionOf, type ExistingTable, findTable } from './existing/table.ts';

/**
 * The table that the metric is written to. Its columns are exactly the declared ones.
 *
 * A row is found again by its rowid: the root's row number, shifted by 24 bits, plus the row's place among the rows of
 * that root. So the rows of one root are a range, equal rows can be removed one by one, and no column is added to the
 * user's table. A VACUUM may renumber rowids: then the extent differs from the one remembered, and the table is written
 * anew.
 */
export interface Target {
  readonly table: string;
  readonly columns: readonly TargetColumn[];
  /** Columns that are unique together; empty where the target is a bag. */
  readonly key: readonly string[];
  /** These as SQL that is equal for what is one value to those who read the metric: elsewhere a time has one spelling. */
  readonly compared: readonly string[];
  /** SQLite's name for the row number that no column hides. */
  readonly rowid: string;
}

/** Why a target is written anew. */
export type Anew = 'absent' | 'changed' | 'retyped';

/** A SELECT of the roots that have rows. */
export function rootsIn({ table, rowid }: Target, { rootRows }: Derivation): string {
  return `SELECT ${rowid} / ${rootRows} FROM ${quote(table)}`;
}

/**
 * Refuses a target that can't be this metric's, and so is asked before anything is read.
 *
 * Throws an EtlError where the columns hide every name of the row number, or where there is a table (or view) of that
 * name which is neither as this metric made it nor fit to hold its rows beside those of others.
 */
export function checkTarget(db: Database, plan: Plan, state: TargetState): void {
  if (existingTarget(db, plan, state)) return;
  const { target, extent } = state;
  const mapping = placeIn(plan.origin, plan.sinkSpan);
  if (rowidOf(plan.project) === null) fail('NO_ROWID', { table: target }, { mapping });
  const ddl = definitionOf(db, target);
  if (ddl !== null && ddl !== extent?.ddl)
    fail('TARGET_ALTERED', { path: db.name, table: target }, { mapping, hint: hints.renameTable });
}

/** What a state knows of its target. */
type TargetState = Pick<State, 'id' | 'target' | 'extent'>;

/**
 * The target where it is a table that somebody else made; null where it is the metric's own, or not there.
 *
 * Throws an EtlError where it is another metric's, `sink.key` is not said, or it does not fit.
 */
export function existingTarget(db: Database, plan: Plan, { id, target, extent }: TargetState): ExistingTable | null {
  const isOwn = extent !== null && definitionOf(db, ledgerTable(id)) === null;
  const table = isOwn ? null : findTable(db, target);
  if (table === null) return null;
  const mapping = placeIn(plan.origin, plan.sinkSpan);
  const facts = { path: db.name, table: target };
  const isAnothers = isMadeByAnother(db, id, target);
  if (isAnothers || plan.sinkKey.length === 0)
    fail('TARGET_EXISTS', facts, { mapping, hint: isAnothers ? hints.otherTable : hints.sinkKey });
  checkColumns(db, plan, table);
  return table;
}

/** Whether another metric made the table: it takes all rows in it for its own. */
function isMadeByAnother(db: Database, id: bigint, target: string): boolean {
  const find = `SELECT id FROM _etl_metric WHERE target = ? COLLATE NOCASE AND id <> ? AND rows IS NOT NULL`;
  const others = db.prepare(find).pluck().all(target, id) as bigint[];
  return others.some((other) => definitionOf(db, ledgerTable(other)) === null);
}

export function targetOf({ id, target }: Pick<State, 'id' | 'target'>, { db, plan, query }: Derivation): Target {
  const { columns } = query;
  const rowid = rowidOf(columns);
  invariant(rowid !== null, 'a target that was checked has a row number');
  const key = plan.sinkKey;
  const isShipped = findOutbox(db, { id }) !== null;
  const compared = key
    .flatMap((name) => columns.filter((column) => column.name === name))
    .map(isShipped ? sayAlike : sayColumn);
  return { table: target, columns, key, compared, rowid };
}

function sayColumn({ name }: TargetColumn): string {
  return quote(name);
}

function sayAlike(column: TargetColumn): string {
  const { type } = column;
  if (type !== null && !isTime(type)) return sayColumn(column);
  return `etl_spelled(${sayColumn(column)}, ${type === null ? 'NULL' : `'${type}'`})`;
}

/**
 * Whether the table is as this engine left it: `absent`, `changed` (its rows are renumbered) or `retyped` (a column's type
 * was learned or has widened since) mean that it is to be written anew.
 *
 * Throws an EtlError where it is not this metric's: it may have been made since `checkTarget` was asked.
 */
export function inspect({ db, plan }: Derivation, target: Target, state: State): Anew | 'intact' {
  checkTarget(db, plan, state);
  const ddl = definitionOf(db, target.table);
  if (ddl === null || state.extent === null) return 'absent';
  if (ddl !== createTarget(target.table, target.columns, target.key)) return 'retyped';
  const { low, high } = extentOf(db, target, state.extent.rows);
  return low === state.extent.low && high === state.extent.high ? 'intact' : 'changed';
}

/** The extent of a table that holds so many rows. */
export function extentOf(db: Database, { table, rowid }: Target, rows: bigint): Extent {
  // Each alone is at an end of the tree. Asked for together, SQLite goes through all rows.
  const end = (which: 'min' | 'max') => `(SELECT ${which}(${rowid}) FROM ${quote(table)})`;
  const ends = db.prepare(`SELECT ${end('min')} AS low, ${end('max')} AS high`).get();
  return { rows, ...(ends as { low: bigint | null; high: bigint | null }), ddl: definitionOf(db, table) ?? '' };
}
