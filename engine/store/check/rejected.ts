import type { Database } from '../database/database.ts';
import type { State } from '../state/state.ts';
import { type Failed, withReason } from './checking.ts';

/** Why a transaction was left out, and where the fault is. */
export interface Rejected {
  readonly code: string;
  readonly reason: string;
  readonly file: string;
  readonly record: number;
  /** Bytes of the file before the fault. */
  readonly offset: number;
  /** Of a row of a table: the digest of what it holds. It comes again as long as it is there, and is told of once. */
  readonly digest?: string;
}

/** Remembers transactions that were left out; belongs into the transaction that commits the reading behind them. */
export function writeRejected(
  db: Database,
  state: State,
  rejected: readonly Rejected[],
  fileId: (file: string) => bigint,
): void {
  const insert = db.prepare(
    'INSERT INTO _etl_rejected (metric, file, record, offset, code, reason, digest) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  for (const { file, record, offset, code, reason, digest = null } of rejected)
    insert.run(state.id, fileId(file), record, offset, code, reason, digest);
}

/** The digests of the rows of a table that were left out. */
export function rejectedDigests(db: Database, state: State, source: string, path: string): ReadonlySet<string> {
  const digests = db
    .prepare(
      `SELECT digest FROM _etl_rejected WHERE digest IS NOT NULL AND file IN
       (SELECT id FROM _etl_file WHERE stock = ? AND source = ? AND path = ?)`,
    )
    .pluck()
    .all(state.stock, source, path);
  return new Set(digests as string[]);
}

/** Remembers rows that a check rejected, each as often as it came. Returns how many. */
export function writeRejectedRows(
  db: Database,
  state: State,
  failed: readonly Failed[],
  fileId: (file: string) => bigint,
): number {
  const insert = db.prepare(
    `INSERT INTO _etl_rejected (metric, file, record, code, reason) VALUES (?, ?, ?, '${ROW_REJECTED}', ?)`,
  );
  let written = 0;
  for (const { check, rows } of failed) {
    if (check.onFail !== 'reject') continue;
    for (const { place, ...row } of rows) {
      const reason = withReason(`${row.text}: ${check.text}`, row);
      if (place) written += insert.run(state.id, fileId(place.file), place.record, reason).changes;
    }
  }
  return written;
}

/** Forgets rows that a check rejected: there are other checks. */
export function forgetRejectedRows(db: Database, { id }: State): void {
  db.prepare(`DELETE FROM _etl_rejected WHERE metric = ? AND code = '${ROW_REJECTED}'`).run(id);
}

const ROW_REJECTED = 'ROW_REJECTED';

/** How many transactions were left out since the first load began. */
export function countRejected(db: Database, state: State): number {
  return countOf(db, state, '<>');
}

/** How often a row came that a check rejected. */
export function countRejectedRows(db: Database, state: State): number {
  return countOf(db, state, '=');
}

function countOf(db: Database, { id }: State, is: '=' | '<>'): number {
  const count = db.prepare(`SELECT count(*) FROM _etl_rejected WHERE metric = ? AND code ${is} '${ROW_REJECTED}'`);
  return Number(count.pluck().get(id));
}

/** What was left out: a transaction, or a row that a check rejected. */
export interface LeftOut {
  readonly isRow: boolean;
  readonly code: string;
  readonly reason: string;
  readonly file: string;
  readonly record: number;
}

/** The latest that was left out, the last one first. */
export function readLeftOut(db: Database, { id }: State, most: number): readonly LeftOut[] {
  const rows = db
    .prepare(
      `SELECT code, reason, record, (SELECT path FROM _etl_file WHERE id = file) AS path FROM _etl_rejected
       WHERE metric = ? ORDER BY id DESC LIMIT ?`,
    )
    .all(id, most) as readonly { code: string; reason: string; record: bigint; path: string | null }[];
  return rows.map(({ code, reason, record, path }) => {
    return { isRow: code === ROW_REJECTED, code, reason, file: path ?? '', record: Number(record) };
  });
}
