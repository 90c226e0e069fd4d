import type { Statement } from 'better-sqlite3';
import type { Row } from '../../change.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Database } from '../database/database.ts';
import type { Relation } from '../state/stock.ts';
import { claimOf, deleteOf, findOf, insertOf, updateOf } from './staging.ts';

/** The record that writes a row; `file` is its number in the catalog. */
export interface Place {
  readonly file: bigint;
  readonly record: number;
}

/** The rows of a relation whose key is indexed, by their keys. */
export interface KeyedRows {
  /** All that is kept of the row with a key. */
  readonly find: (key: Row) => Row | null;
  /** Its key is not there yet. */
  readonly insert: (place: Place, row: Row) => void;
  /** Some columns of the row with a key. */
  readonly update: (place: Place, columns: readonly number[], row: Row, key: Row) => void;
  readonly delete: (key: Row) => void;
  /** The row is told by a record that has an older one. It belongs to that file then, if its own was replaced. */
  readonly claim: (place: Place, key: Row) => void;
}

export function keyedRows(db: Database, plan: Plan, relation: Relation): KeyedRows {
  const statements = new Map<string, Statement>();
  const prepared = (sql: string): Statement => {
    const statement = statements.get(sql) ?? db.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const found = prepared(findOf(plan, relation)).raw();
  return {
    find: (key) => (found.get(...key) as Row | undefined) ?? null,
    insert: ({ file, record }, row) => {
      prepared(insertOf(plan, relation, true, 1)).run(file, record, ...row);
    },
    update: ({ file, record }, columns, row, key) => {
      const values = columns.map((n) => row[n] ?? null);
      prepared(updateOf(plan, relation, columns)).run(file, record, ...values, ...key);
    },
    delete: (key) => {
      prepared(deleteOf(plan, relation)).run(...key);
    },
    claim: ({ file, record }, key) => {
      prepared(claimOf(plan, relation)).run(file, record, ...key);
    },
  };
}
