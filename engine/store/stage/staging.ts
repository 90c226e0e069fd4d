import type { ColumnPath } from '../../expression/expression.ts';
import type { Plan, Scan } from '../../plan/plan.ts';
import type { Shape } from '../pick/shape.ts';
import { columnOf, columnsOf, type Relation } from '../state/stock.ts';
import { keyForms } from './indexes.ts';

/**
 * The statements that stage a row. Each takes the file's number and the record's, then the values it names, in order.
 */

/** So many whole rows; where keys are indexed, one whose key is there already is left out. Takes all columns of each. */
export function insertOf(plan: Plan, relation: Relation, keyed: boolean, rows: number): string {
  const columns = ['file', 'record', ...columnsOf(relation)];
  const values = Array(rows).fill(`(${columns.map(() => '?').join(', ')})`);
  const insert = `INSERT INTO ${relation.table} (${columns.join(', ')}) VALUES ${values.join(', ')}`;
  // DO UPDATE would have SQLite write down each page that it is about to change, lest the row be refused half-way.
  return keyed ? `${insert} ON CONFLICT (${keyForms(plan, relation).join(', ')}) DO NOTHING` : insert;
}

/** The columns that a whole row brings in place of one that has its key. */
export function ownColumns(relation: Relation): readonly number[] {
  return [...relation.scan.columns.keys()].filter((n) => !isReadAt(relation, n));
}

/** The columns that an update of this shape tells: the others keep their values. */
export function toldColumns(relation: Relation, shape: Shape): readonly number[] {
  return relation.scan.columns.flatMap((_, n) => (shape.seen[n] && !isReadAt(relation, n) ? [n] : []));
}

/**
 * Some columns of the row that is found. Takes those, then what the row is found by.
 *
 * A row that has the new key already is one whose end the log did not tell: it goes, and its triggers know of it.
 */
export function updateOf(plan: Plan, relation: Relation, columns: readonly number[], width?: number): string {
  const set = ['file = ?', 'record = ?', ...columns.map((n) => `${columnOf(relation, n)} = ?`)];
  return `UPDATE OR REPLACE ${relation.table} SET ${set.join(', ')} WHERE ${found(plan, relation, width)}`;
}

/** The row that is found. Takes only what it is found by. */
export function deleteOf(plan: Plan, relation: Relation, width?: number): string {
  return `DELETE FROM ${relation.table} WHERE ${found(plan, relation, width)}`;
}

/** The place of the row that is found, if its file was replaced. Takes only what the row is found by. */
export function claimOf(plan: Plan, relation: Relation): string {
  const isReplaced = 'file IN (SELECT id FROM _etl_file WHERE replaced = 1)';
  return `UPDATE ${relation.table} SET file = ?, record = ? WHERE ${isReplaced} AND ${found(plan, relation)}`;
}

/** All that is kept of the row that is found. Takes only what it is found by. */
export function findOf(plan: Plan, relation: Relation): string {
  const columns = columnsOf(relation).join(', ');
  return `SELECT ${columns} FROM ${relation.table} WHERE ${found(plan, relation)}`;
}

/**
 * By how many of its first columns a row without a key is looked for, one number after the other: what is only kept tells
 * equal rows apart, and does not keep one from being found, for a column may have come or gone since.
 */
export function widthsOf({ key, columns, used }: Scan): readonly number[] {
  return key.length === 0 && used < columns.length ? [columns.length, used] : [columns.length];
}

/** One row: that of the key, or in a relation without one the first that is equal in its first columns. */
function found(plan: Plan, relation: Relation, width?: number): string {
  if (relation.scan.key.length > 0) {
    const values = keyForms(plan, relation, '?');
    return keyForms(plan, relation)
      .map((form, n) => `${form} = ${values[n]}`)
      .join(' AND ');
  }
  const same = columnsOf(relation)
    .slice(0, width)
    .map((column) => `${column} IS ?`);
  return `rid = (SELECT rid FROM ${relation.table} WHERE ${same.join(' AND ') || 'TRUE'} LIMIT 1)`;
}

/** `source.read_at` is of the batch that first brought the row. */
function isReadAt(relation: Relation, n: number): boolean {
  const path: ColumnPath | undefined = relation.scan.columns[n]?.path;
  return path?.kind === 'fact' && path.fact === 'read_at';
}
