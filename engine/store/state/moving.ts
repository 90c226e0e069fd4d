/** How a metric comes from one stock to another. */
import type { Plan } from '../../plan/plan.ts';
import type { Database } from '../database/database.ts';
import { type State, sharersOf, writeScans } from './state.ts';
import { type Share, tidyStock } from './stock.ts';

export interface Move {
  readonly from: bigint;
  readonly to: bigint;
  /** How many metrics move. */
  readonly movers: number;
}

/**
 * How far these sources are read is so in the other stock too; where nobody stays, in that one alone. Gives what the numbers
 * of the files are raised by, which rows remember.
 */
export function moveSources(db: Database, { from, to, movers }: Move, sources: readonly string[]): bigint {
  const among = 'WHERE stock = ? AND source IN (SELECT value FROM json_each(?))';
  const named = JSON.stringify(sources);
  if (sharersOf(db, from) === movers) {
    for (const table of ['file', 'source'])
      db.prepare(`UPDATE _etl_${table} SET stock = ? ${among}`).run(to, from, named);
    return 0n;
  }
  const behind = 'SELECT coalesce((SELECT max(id) FROM _etl_file) - min(id) + 1, 0) FROM _etl_file WHERE stock = ?';
  const shift = db.prepare(behind).pluck().get(from) as bigint;
  const columns = 'source, path, replaced, bytes, records, digest, size, changed, shape, watermark';
  const files = `INSERT INTO _etl_file (id, stock, ${columns}) SELECT id + ?, ?, ${columns} FROM _etl_file ${among}`;
  db.prepare(files).run(shift, to, from, named);
  const lsns = `INSERT INTO _etl_source (stock, source, lsn) SELECT ?, source, lsn FROM _etl_source ${among}`;
  db.prepare(lsns).run(to, from, named);
  return shift;
}

/** A metric has its share of another stock from now on. Of the one before goes what nobody reads any more. */
export function settle(
  db: Database,
  { plan, state: { id, stock } }: { readonly plan: Plan; readonly state: Pick<State, 'id' | 'stock'> },
  share: Share,
  shift: bigint,
): void {
  db.prepare('DELETE FROM _etl_scan WHERE metric = ?').run(id);
  writeScans(db, id, plan, share);
  const rejected = 'UPDATE _etl_rejected SET file = file + ? WHERE metric = ? AND file + ? IN';
  db.prepare(`${rejected} (SELECT id FROM _etl_file WHERE stock = ?)`).run(shift, id, shift, share.stock);
  db.prepare('UPDATE _etl_metric SET stock = ? WHERE id = ?').run(share.stock, id);
  tidyStock(db, stock);
}
