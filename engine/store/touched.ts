import type { Database } from './database.ts';
import { ensureTemporary } from './temporary.ts';

/** Roots that one query looks for. */
const TOGETHER = 10_000;

/** `temp._etl_touched` holds numbers of roots: now it is there, and holds none. */
export function emptyTouched(db: Database): void {
  ensureTemporary(db, 'TABLE', '_etl_touched', '(rid INTEGER PRIMARY KEY)');
  db.exec('DELETE FROM temp._etl_touched');
}

/** Adds the roots that a SELECT gives. */
export function addTouched(db: Database, roots: string): void {
  db.exec(`INSERT OR IGNORE INTO temp._etl_touched ${roots}`);
}

/** The touched roots in pieces, each as a JSON array: so another connection can be asked about them. */
export function* touchedRoots(db: Database): Generator<string> {
  const next = db
    .prepare(
      `SELECT json_group_array(rid) AS roots, max(rid) AS last
       FROM (SELECT rid FROM temp._etl_touched WHERE rid > ? ORDER BY rid LIMIT ${TOGETHER})`,
    )
    .raw();
  for (let behind: bigint | null = -1n; behind !== null; ) {
    const [roots, last] = next.get(behind) as [string, bigint | null];
    if (last !== null) yield roots;
    behind = last;
  }
}
