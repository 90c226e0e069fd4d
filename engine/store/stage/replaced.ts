import type { Database } from '../database/database.ts';
import type { Relation, Stocked } from '../state/stock.ts';
import { buryRows } from './tombstones.ts';

/**
 * Deletes the rows that a file had when it was another one, and has no more: those that it still has were written by it
 * anew since. Belongs into the transaction that commits the end of the file.
 */
export function deleteReplaced(
  db: Database,
  { stock }: Stocked,
  relations: readonly Relation[],
  source: string,
  path: string,
): void {
  const files = 'stock = ? AND source = ? AND path = ? AND replaced = 1';
  // Most files were never another one, and to look for their rows costs as much as there are rows.
  if (db.prepare(`SELECT 1 FROM _etl_file WHERE ${files}`).get(stock, source, path) === undefined) return;
  for (const relation of relations) {
    const where = `file IN (SELECT id FROM _etl_file WHERE ${files})`;
    buryRows(db, relation, where, stock, source, path);
    db.prepare(`DELETE FROM ${relation.table} WHERE ${where}`).run(stock, source, path);
  }
  db.prepare(`UPDATE _etl_file SET replaced = 2 WHERE ${files}`).run(stock, source, path);
}
