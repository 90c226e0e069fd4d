/** The runs that committed anything of a metric. For people to look at: nothing is decided by them. */

import type { Database } from '../database/database.ts';
import type { State } from './state.ts';

/** A run, as far as it was committed. */
export interface PastRun {
  readonly began: Date;
  /** When it committed last. */
  readonly ended: Date;
  /** What it read. */
  readonly changes: number;
  /** Rows of the metric that came, changed and went. */
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  /** The metric's rows at its end; null where its first load has not ended. */
  readonly rows: number | null;
  /** Transactions that it left out, and rows that a check rejected. */
  readonly rejected: number;
}

/** What one commit of a run adds to it; `changes` are all that it has read so far. */
export type RunStep = Pick<PastRun, 'changes' | 'added' | 'changed' | 'removed' | 'rejected'>;

/** So many are kept of a metric, the latest ones. */
const KEPT = 1000;

/** Notes a commit of the run that began then; belongs into the transaction that commits. */
export function noteRun(db: Database, { id, loaded, extent }: State, began: number, step: RunStep): void {
  const { changes, added, changed, removed, rejected } = step;
  db.prepare(
    `INSERT INTO _etl_run VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET ended = excluded.ended, changes = excluded.changes, added = added + excluded.added,
       changed = changed + excluded.changed, removed = removed + excluded.removed, rows = excluded.rows,
       rejected = rejected + excluded.rejected`,
  ).run(id, began, Date.now(), changes, added, changed, removed, loaded ? extent?.rows : null, rejected);
  db.prepare(
    `DELETE FROM _etl_run WHERE metric = ? AND began <
     (SELECT began FROM _etl_run WHERE metric = ? ORDER BY began DESC LIMIT 1 OFFSET ?)`,
  ).run(id, id, KEPT - 1);
}

/** The latest runs of a metric, the last one first. */
export function readRuns(db: Database, { id }: State, most: number): readonly PastRun[] {
  const rows = db.prepare('SELECT * FROM _etl_run WHERE metric = ? ORDER BY began DESC LIMIT ?').all(id, most);
  return (rows as Record<string, bigint | null>[]).map((row) => {
    const count = (name: string) => Number(row[name] ?? 0n);
    return {
      began: new Date(count('began')),
      ended: new Date(count('ended')),
      changes: count('changes'),
      added: count('added'),
      changed: count('changed'),
      removed: count('removed'),
      rows: row.rows === null ? null : count('rows'),
      rejected: count('rejected'),
    };
  });
}
