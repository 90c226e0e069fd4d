import type { Database } from '../database/database.ts';
import { ensureTemporary } from '../database/temporary.ts';

/** Roots that one query looks for. */
const TOGETHER = 10_000;

/** Holds the numbers of the roots that a batch touches. */
export const TOUCHED = '_etl_touched';

/** Holds those of a relation that the engine makes, by its alias. */
export function touchedOf(alias: string): string {
  return `${TOUCHED}_${alias}`;
}

/** The temporary table of that name is there now, and holds none. */
export function emptyTouched(db: Database, name: string = TOUCHED): void {
  ensureTemporary(db, 'TABLE', name, '(rid INTEGER PRIMARY KEY)');
  db.exec(`DELETE FROM temp.${name}`);
}

/** Adds the roots that a SELECT gives. */
export function addTouched(db: Database, roots: string, name: string = TOUCHED): void {
  db.exec(`INSERT OR IGNORE INTO temp.${name} ${roots}`);
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
