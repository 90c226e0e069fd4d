import { printExpression } from '../expression/print.ts';
import { type Failed, withReason } from './checking.ts';
import type { Database } from './database.ts';
import type { State } from './state.ts';

/** Why a transaction was left out, and where the fault is. */
export interface Rejected {
  readonly code: string;
  readonly reason: string;
  readonly file: string;
  readonly record: number;
  /** Bytes of the file before the fault. */
  readonly offset: number;
}

/** Remembers transactions that were left out; belongs into the transaction that commits the reading behind them. */
export function writeRejected(
  db: Database,
  state: State,
  rejected: readonly Rejected[],
  fileId: (file: string) => bigint,
): void {
  const insert = db.prepare(
    'INSERT INTO _etl_rejected (metric, file, record, offset, code, reason) VALUES (?, ?, ?, ?, ?, ?)',
  );
  for (const { file, record, offset, code, reason } of rejected)
    insert.run(state.id, fileId(file), record, offset, code, reason);
}

/** Remembers rows that a check rejected, each as often as it came. */
export function writeRejectedRows(
  db: Database,
  state: State,
  failed: readonly Failed[],
  fileId: (file: string) => bigint,
): void {
  const insert = db.prepare(
    `INSERT INTO _etl_rejected (metric, file, record, code, reason) VALUES (?, ?, ?, '${ROW_REJECTED}', ?)`,
  );
  for (const { check, rows } of failed) {
    if (check.onFail !== 'reject') continue;
    for (const row of rows) {
      const reason = withReason(`${row.text}: ${printExpression(check.expression)}`, row);
      insert.run(state.id, fileId(row.file), row.record, reason);
    }
  }
}

const ROW_REJECTED = 'ROW_REJECTED';

/** How many transactions were left out since the first load began. */
export function countRejected(db: Database, state: State): number {
  return Number(
    db.prepare('SELECT count(*) FROM _etl_rejected WHERE metric = ? AND code <> ?').pluck().get(state.id, ROW_REJECTED),
  );
}
