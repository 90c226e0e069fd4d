/**
 * What is kept of sources: a relation for each table, and how far they are read. Metrics that are brought up to date together may
 * share a stock; whoever goes on alone takes a copy along (`leave.ts`).
 */
import type { Type } from '../../change.ts';
import { columnIn, pathText, wholeColumn } from '../../expression/paths.ts';
import { merge } from '../../plan/merge.ts';
import type { Scan, ScanColumn } from '../../plan/plan.ts';
import { readsOf } from '../../plan/reads.ts';
import type { Database } from '../database/database.ts';

/** Whose checkpoint and files are those of a stock. */
export interface Stocked {
  readonly stock: bigint;
}

/** A relation as it is kept: its table holds `rid`, `file`, `record` and a column for each of the scan's. */
export interface Relation {
  readonly id: bigint;
  readonly table: string;
  readonly scan: Scan;
  /** The number of each of its columns in the table. There may be more, which are of others. */
  readonly numbers: readonly number[];
  /** What is known by now of the types of its columns. */
  readonly types: readonly (Type | null)[];
  /** Which of its columns some record had. */
  readonly seen: readonly boolean[];
}

export interface Stock extends Stocked {
  readonly relations: readonly Relation[];
}

/** What of a stock is one metric's, scan by scan. */
export interface Share extends Stocked {
  readonly relations: readonly Pick<Relation, 'id' | 'numbers'>[];
}

/** Makes a stock that holds nothing yet, with a relation for each scan. */
export function createStock(db: Database, scans: readonly Scan[]): Stock {
  const all = 'SELECT stock FROM _etl_metric UNION ALL SELECT stock FROM _etl_relation';
  const stock = db.prepare(`SELECT coalesce(max(stock), 0) + 1 FROM (${all})`).pluck().get() as bigint;
  return { stock, relations: scans.map((scan) => createRelation(db, stock, scan)) };
}

/** A stock of several, and what of it is each one's. */
export interface Shared {
  readonly all: Stock;
  readonly shares: readonly Share[];
}

/**
 * Makes a stock for several that holds nothing yet. Its relations, and the columns of each, stand in the order in which
 * `united` gives those that the scans are of.
 */
export function createShared(db: Database, scansOfEach: readonly (readonly Scan[])[]): Shared {
  const { scans, places } = merge(scansOfEach.flat());
  const all = createStock(db, scans);
  const own = places.map(({ scan, numbers }) => ({ id: (all.relations[scan] as Relation).id, numbers }));
  const shares = scansOfEach.map(({ length }) => ({ stock: all.stock, relations: own.splice(0, length) }));
  return { all, shares };
}

/** The relations of some who share a stock, each once, with the columns of all; those that somebody uses come first. */
export function united(relations: readonly Relation[]): readonly Relation[] {
  const ids = [...new Set(relations.map(({ id }) => id))];
  return ids.map((id) => uniteOne(relations.filter((relation) => relation.id === id)));
}

function uniteOne(relations: readonly Relation[]): Relation {
  const [first] = relations as readonly [Relation];
  if (relations.length === 1) return first;
  const { scans, places } = merge(relations.map(({ scan }) => scan));
  const all = <T>(of: (relation: Relation) => readonly T[]): readonly T[] => {
    const found: T[] = [];
    for (const [n, { numbers }] of places.entries())
      for (const [place, number] of numbers.entries()) found[number] = of(relations[n] as Relation)[place] as T;
    return found;
  };
  const [numbers, types, seen] = [all((each) => each.numbers), all((each) => each.types), all((each) => each.seen)];
  return { ...first, scan: scans[0] as Scan, numbers, types, seen };
}

/** What a column of a relation is called in its table. */
export function columnOf({ numbers }: Pick<Relation, 'numbers'>, n: number): string {
  return `c${numbers[n]}`;
}

/** What the columns of a relation are called in its table, in the scan's order. */
export function columnsOf(relation: Pick<Relation, 'numbers'>): readonly string[] {
  return relation.numbers.map((_, n) => columnOf(relation, n));
}

/** Makes an empty relation. Columns have no declared type: with one, SQLite would convert values and call `'1'` and 1 equal. */
function createRelation(db: Database, stock: bigint, scan: Scan): Relation {
  const id = db
    .prepare('INSERT INTO _etl_relation (stock, reads, whole) VALUES (?, ?, ?) RETURNING id')
    .pluck()
    .get(stock, JSON.stringify(readsOf(scan)), Number(scan.keepsAll)) as bigint;
  writeColumns(db, id, scan.columns, 0);
  createRows(db, tableOf(id), scan.columns.length);
  if (scan.version) createRows(db, tombstoneTable(id), scan.tombstone);
  const [types, seen] = [scan.columns.map(({ type }) => type), scan.columns.map(({ path }) => path.kind === 'fact')];
  return { id, table: tableOf(id), scan, numbers: [...scan.columns.keys()], types, seen };
}

/** Notes columns of a relation, the first of them under the number `first`. */
export function writeColumns(db: Database, relation: bigint, columns: readonly ScanColumn[], first: number): void {
  const insert = db.prepare(
    'INSERT INTO _etl_column (relation, number, path, type, declared, seen) VALUES (?, ?, ?, ?, ?, ?)',
  );
  for (const [n, { path, type }] of columns.entries())
    insert.run(relation, first + n, pathText(path), type, type, path.kind === 'fact' ? 1 : 0);
}

function createRows(db: Database, table: string, width: number): void {
  const columns = Array.from({ length: width }, (_, n) => `, c${n}`).join('');
  db.exec(`CREATE TABLE ${table} (rid INTEGER PRIMARY KEY, file INTEGER, record INTEGER${columns})`);
}

/** What a metric reads under an alias. */
export function findRelation(db: Database, metric: bigint, scan: Scan): Relation {
  const held = db.prepare('SELECT relation, columns FROM _etl_scan WHERE metric = ? AND alias = ?');
  const { relation: id, columns } = held.get(metric, scan.alias) as { relation: bigint; columns: string | null };
  const all = db.prepare('SELECT path, type, seen FROM _etl_column WHERE relation = ? ORDER BY number').all(id) as {
    path: string;
    type: Type | null;
    seen: bigint;
  }[];
  const numbers: readonly number[] = columns === null ? [...all.keys()] : JSON.parse(columns);
  const own = numbers.map((n) => all[n] as (typeof all)[number]);
  // What is kept behind the columns that the plan names are whole columns.
  const others = own.slice(scan.columns.length).flatMap(({ path }) => columnIn(path) ?? []);
  return {
    id,
    table: tableOf(id),
    scan: { ...scan, columns: [...scan.columns, ...others.map((name) => ({ path: wholeColumn(name), type: null }))] },
    numbers,
    types: own.map(({ type }) => type),
    seen: own.map(({ seen }) => seen === 1n),
  };
}

/** Forgets what of a stock no metric reads any more, and with the last metric how far it is read. */
export function tidyStock(db: Database, stock: bigint): void {
  const unread = 'SELECT id FROM _etl_relation WHERE stock = ? AND id NOT IN (SELECT relation FROM _etl_scan)';
  for (const id of db.prepare(unread).pluck().all(stock) as bigint[]) dropRelation(db, id);
  if (db.prepare('SELECT 1 FROM _etl_metric WHERE stock = ?').get(stock) !== undefined) return;
  for (const table of ['source', 'file']) db.prepare(`DELETE FROM _etl_${table} WHERE stock = ?`).run(stock);
}

function dropRelation(db: Database, id: bigint): void {
  db.exec(`DROP TABLE ${tableOf(id)}`);
  db.exec(`DROP TABLE IF EXISTS ${tombstoneTable(id)}`);
  db.prepare('DELETE FROM _etl_column WHERE relation = ?').run(id);
  db.prepare('DELETE FROM _etl_relation WHERE id = ?').run(id);
}

/** Where a relation with versions remembers the keys that were deleted. */
export function tombstoneTable(relation: bigint): string {
  return `_etl_tombstone_${relation}`;
}

export function tableOf(relation: bigint): string {
  return `_etl_relation_${relation}`;
}
