import { type FileMark, isFileMark, type Mark, type Value } from '../../change.ts';
import type { Database } from '../database/database.ts';
import { trimHistory } from './history.ts';
import type { Stocked } from './stock.ts';

interface FileRow {
  path: string;
  bytes: bigint;
  records: bigint;
  digest: string;
  size: bigint;
  changed: number;
  shape: FileMark['shape'] | 'table' | 'metric';
  watermark: Value;
}

/** How far a source is committed, file by file or table by table. */
export function readMarks(db: Database, { stock }: Stocked, source: string): readonly Mark[] {
  const rows = db
    .prepare(
      'SELECT * FROM _etl_file WHERE stock = ? AND source = ? AND NOT replaced AND bytes IS NOT NULL ORDER BY id',
    )
    .all(stock, source) as FileRow[];
  return rows.map(markOf);
}

function markOf({ path, records, watermark, bytes, digest, size, changed, shape }: FileRow): Mark {
  if (shape === 'table') return { path, watermark, records: Number(records) };
  if (shape === 'metric') return { path, commit: watermark as bigint, records: Number(records) };
  return { path, bytes: Number(bytes), records: Number(records), digest, size: Number(size), changed, shape };
}

/** The LSN up to which a source is committed; null where its log tells none. */
export function readLsn(db: Database, { stock }: Stocked, source: string): bigint | null {
  const lsn = db.prepare('SELECT lsn FROM _etl_source WHERE stock = ? AND source = ?').pluck().get(stock, source);
  return (lsn as bigint | undefined) ?? null;
}

/** Remembers the LSN of the last transaction; belongs into the transaction that commits it. */
export function writeLsn(db: Database, { stock }: Stocked, source: string, lsn: bigint): void {
  db.prepare('INSERT OR REPLACE INTO _etl_source (stock, source, lsn) VALUES (?, ?, ?)').run(stock, source, lsn);
}

/** Remembers how far a file or a table is committed; belongs into the transaction that commits it. */
export function writeMark(db: Database, { stock }: Stocked, source: string, mark: Mark): void {
  const id = fileNumbers(db, { stock }, source)(mark.path);
  if (!isFileMark(mark)) {
    const [shape, watermark] = 'commit' in mark ? ['metric', mark.commit] : ['table', mark.watermark];
    const set = 'bytes = 0, records = ?, shape = ?, watermark = ?';
    db.prepare(`UPDATE _etl_file SET ${set} WHERE id = ?`).run(mark.records, shape, watermark, id);
    if (shape === 'metric') trimHistory(db, mark.path);
    return;
  }
  db.prepare(
    'UPDATE _etl_file SET bytes = ?, records = ?, digest = ?, size = ?, changed = ?, shape = ? WHERE id = ?',
  ).run(mark.bytes, mark.records, mark.digest, mark.size, mark.changed, mark.shape, id);
}

/**
 * Files are known under other paths: what was read from them keeps its file.
 *
 * Names may be swapped, so all leave theirs first; a file that had one of the new names and has gone is replaced.
 */
export function renameFiles(
  db: Database,
  { stock }: Stocked,
  source: string,
  renamed: ReadonlyMap<string, string>,
): void {
  const set = (what: string) =>
    db.prepare(`UPDATE _etl_file SET ${what} WHERE stock = ? AND source = ? AND NOT replaced AND path = ?`);
  const [rename, replace] = [set('path = ?'), set('replaced = 1')];
  const leaving = (path: string) => `\0${path}`;
  for (const from of renamed.keys()) rename.run(leaving(from), stock, source, from);
  for (const to of renamed.values()) replace.run(stock, source, to);
  for (const [from, to] of renamed) rename.run(to, stock, source, leaving(from));
}

/** Files are read anew: the rows that were read from them are from now on those of other files, which are no more. */
export function replaceFiles(db: Database, { stock }: Stocked, source: string, paths: ReadonlySet<string>): void {
  const replace = db.prepare(
    'UPDATE _etl_file SET replaced = 1 WHERE stock = ? AND source = ? AND NOT replaced AND path = ?',
  );
  for (const path of paths) replace.run(stock, source, path);
}

/** Gives each file its number in the catalog, by which rows remember where they came from. */
export function fileNumbers(db: Database, { stock }: Stocked, source: string): (path: string) => bigint {
  const known = new Map<string, bigint>();
  const insert = db.prepare(
    `INSERT INTO _etl_file (stock, source, path) VALUES (?, ?, ?)
     ON CONFLICT (stock, source, path) WHERE NOT replaced DO UPDATE SET path = path RETURNING id`,
  );
  return (path) => {
    const found = known.get(path);
    if (found !== undefined) return found;
    const id = insert.pluck().get(stock, source, path) as bigint;
    known.set(path, id);
    return id;
  };
}
