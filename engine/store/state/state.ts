import type { Type } from '../../change.ts';
import { columnIn, pathText, wholeColumn } from '../../expression/paths.ts';
import { scansOf } from '../../plan/compile.ts';
import type { Plan, Scan, ScanColumn } from '../../plan/plan.ts';
import type { Database } from '../database/database.ts';
import { checkFormat, hasCatalog } from './catalog.ts';
import { checksOf, readsOf } from './holding.ts';
import type { Counts } from './joins.ts';

/** What is remembered of one metric, as the catalog says it. */
export interface State {
  readonly id: bigint;
  /** The hash of the plan that it was made by. */
  readonly plan: string;
  /** The table that the metric is written to. */
  readonly target: string;
  /** False until the first load has ended: the target then is not yet, or no longer, what the relations say. */
  readonly loaded: boolean;
  /** How many transactions of the source are committed. */
  readonly seq: bigint;
  /** How often anything was committed, and so another number whenever another run was here. */
  readonly commits: bigint;
  /** When anything was committed last; null before that. */
  readonly committed: Date | null;
  /** What the target held when this engine wrote it last; null before it ever did. */
  readonly extent: Extent | null;
  /** How the joins fare; null before the first load has ended. */
  readonly counts: Counts | null;
  /** In the plan's order. */
  readonly relations: readonly Relation[];
}

/** A relation as it is kept: its table holds `rid`, `file`, `record` and `c0`, `c1`, ... for the scan's columns. */
export interface Relation {
  readonly id: bigint;
  readonly table: string;
  readonly scan: Scan;
  /** What is known by now of the types of its columns. */
  readonly types: readonly (Type | null)[];
  /** Which of its columns some record had. */
  readonly seen: readonly boolean[];
}

/** A table as it was left: its rows, the first and last of their rowids (null when it is empty), and what made it. */
export interface Extent {
  readonly ddl: string;
  readonly rows: bigint;
  readonly low: bigint | null;
  readonly high: bigint | null;
}

interface MetricRow {
  id: bigint;
  plan: string;
  target: string;
  loaded: bigint;
  seq: bigint;
  commits: bigint;
  rows: bigint | null;
  low: bigint | null;
  high: bigint | null;
  ddl: string | null;
  counts: string | null;
  committed: bigint | null;
}

/**
 * The state of the plan's metric in this file, or null. A state of another plan comes without relations. Throws an EtlError
 * where another version of the engine made it.
 */
export function findState(db: Database, plan: Plan): State | null {
  if (!hasCatalog(db)) return null;
  checkFormat(db);
  const row = db.prepare('SELECT * FROM _etl_metric WHERE name = ?').get(plan.metric) as MetricRow | undefined;
  if (!row) return null;
  return {
    id: row.id,
    plan: row.plan,
    target: row.target,
    loaded: row.loaded === 1n,
    seq: row.seq,
    commits: row.commits,
    committed: row.committed === null ? null : new Date(Number(row.committed)),
    extent: row.rows === null ? null : { rows: row.rows, low: row.low, high: row.high, ddl: row.ddl ?? '' },
    counts: row.counts === null ? null : JSON.parse(row.counts),
    relations: row.plan === plan.hash ? scansOf(plan).map((scan) => findRelation(db, row.id, scan)) : [],
  };
}

function findRelation(db: Database, metric: bigint, scan: Scan): Relation {
  const id = db
    .prepare('SELECT id FROM _etl_relation WHERE metric = ? AND alias = ?')
    .pluck()
    .get(metric, scan.alias) as bigint;
  const columns = db.prepare('SELECT path, type, seen FROM _etl_column WHERE relation = ? ORDER BY number').all(id) as {
    path: string;
    type: Type | null;
    seen: bigint;
  }[];
  // What is kept behind the columns that the plan names are whole columns.
  const others = columns.slice(scan.columns.length).flatMap(({ path }) => columnIn(path) ?? []);
  return {
    id,
    table: tableOf(id),
    scan: { ...scan, columns: [...scan.columns, ...others.map((name) => ({ path: wholeColumn(name), type: null }))] },
    types: columns.map((column) => column.type),
    seen: columns.map((column) => column.seen === 1n),
  };
}

/** Whether a file holds nothing but one state: then nobody has anything to read in it. */
export function isAlone(db: Database): boolean {
  const metrics = db.prepare('SELECT count(*) FROM _etl_metric').pluck().get();
  const others = "SELECT 1 FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT GLOB '_etl_*'";
  return metrics === 1n && db.prepare(others).get() === undefined;
}

/**
 * Makes an empty, unloaded state. `before` is the dropped one that it follows: which rows of the same target are ours is
 * known on.
 */
export function createState(db: Database, plan: Plan, target: string, before: State | null): State {
  const extent = before?.target === target ? before.extent : null;
  const commits = before ? before.commits + 1n : 0n;
  const id = db
    .prepare(
      `INSERT INTO _etl_metric (id, name, plan, target, loaded, seq, commits, rows, low, high, ddl)
       VALUES (?, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?) RETURNING id`,
    )
    .pluck()
    .get(
      before?.id,
      plan.metric,
      plan.hash,
      target,
      commits,
      extent?.rows,
      extent?.low,
      extent?.high,
      extent?.ddl,
    ) as bigint;
  if (before && before.target !== target) dropLedger(db, id);
  const relations = scansOf(plan).map((scan) => createRelation(db, id, scan));
  return {
    id,
    plan: plan.hash,
    target,
    loaded: false,
    seq: 0n,
    commits,
    committed: null,
    extent,
    counts: null,
    relations,
  };
}

/** Makes an empty relation. Columns have no declared type: with one, SQLite would convert values and call `'1'` and 1 equal. */
export function createRelation(db: Database, metric: bigint, scan: Scan): Relation {
  const id = db
    .prepare('INSERT INTO _etl_relation (metric, alias, reads, checks, whole) VALUES (?, ?, ?, ?, ?) RETURNING id')
    .pluck()
    .get(
      metric,
      scan.alias,
      ...[readsOf(scan), checksOf(scan)].map((each) => JSON.stringify(each)),
      Number(scan.keepsAll),
    ) as bigint;
  const facts = scan.columns.map((column) => column.path.kind === 'fact');
  writeColumns(db, id, scan.columns, 0);
  createRows(db, tableOf(id), scan.columns.length);
  if (scan.version) createRows(db, tombstoneTable(id), scan.tombstone);
  return { id, table: tableOf(id), scan, types: scan.columns.map((column) => column.type), seen: facts };
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

/** Forgets a state, whichever plan made it. The target stays, and what is known of which of its rows are ours. */
export function dropState(db: Database, id: bigint): void {
  const relations = db.prepare('SELECT id FROM _etl_relation WHERE metric = ?').pluck().all(id) as bigint[];
  for (const relation of relations) dropRelation(db, relation);
  dropDerived(db, id);
  for (const table of ['source', 'rejected', 'file']) db.prepare(`DELETE FROM _etl_${table} WHERE metric = ?`).run(id);
  db.prepare('DELETE FROM _etl_metric WHERE id = ?').run(id);
}

/** Forgets what is kept of one alias. */
export function dropRelation(db: Database, id: bigint): void {
  db.exec(`DROP TABLE ${tableOf(id)}`);
  db.exec(`DROP TABLE IF EXISTS ${tombstoneTable(id)}`);
  db.prepare('DELETE FROM _etl_column WHERE relation = ?').run(id);
  db.prepare('DELETE FROM _etl_relation WHERE id = ?').run(id);
}

/** Forgets what was made of the relations, but for the target. */
export function dropDerived(db: Database, id: bigint): void {
  for (const table of [rowsTable(id), groupsTable(id), windowsTable(id), outboxTable(id), failedTable(id)])
    db.exec(`DROP TABLE IF EXISTS ${table}`);
  dropHistory(db, id);
  for (const table of ['waiting', 'outbox', 'history'])
    db.prepare(`DELETE FROM _etl_${table} WHERE metric = ?`).run(id);
}

/** Ends what is noted of a metric's rows. */
export function dropHistory(db: Database, id: bigint): void {
  for (const event of ['insert', 'delete', 'update']) db.exec(`DROP TRIGGER IF EXISTS ${historyTable(id)}_${event}`);
  db.exec(`DROP TABLE IF EXISTS ${historyTable(id)}`);
}

/** Counts a commit, and the source's transactions in it. */
export function advance(db: Database, state: State, transactions: number): void {
  const set = 'commits = commits + 1, seq = seq + ?, committed = ?';
  db.prepare(`UPDATE _etl_metric SET ${set} WHERE id = ?`).run(transactions, Date.now(), state.id);
}

/** Says that the target is what the relations say, how far it extends, and how the joins fare. */
export function markLoaded(db: Database, state: State, extent: Extent, counts: Counts): void {
  db.prepare('UPDATE _etl_metric SET loaded = 1, rows = ?, low = ?, high = ?, ddl = ?, counts = ? WHERE id = ?').run(
    extent.rows,
    extent.low,
    extent.high,
    extent.ddl,
    JSON.stringify(counts),
    state.id,
  );
}

/** Where a grouped metric keeps what is computed of each row. */
export function rowsTable(metric: bigint): string {
  return `_etl_rows_${metric}`;
}

/** Where it keeps its groups. */
export function groupsTable(metric: bigint): string {
  return `_etl_groups_${metric}`;
}

/** Where a metric with windows keeps its rows and what their windows hold. */
export function windowsTable(metric: bigint): string {
  return `_etl_windows_${metric}`;
}

/** Where a metric keeps its rows that are written to a table of others. */
export function copyTable(metric: bigint): string {
  return `_etl_copy_${metric}`;
}

/** Where it keeps which rows of such a table are ours. */
export function ledgerTable(metric: bigint): string {
  return `_etl_ledger_${metric}`;
}

/** The target is from now on the metric's own. */
export function dropLedger(db: Database, metric: bigint): void {
  for (const table of [ledgerTable(metric), copyTable(metric)]) db.exec(`DROP TABLE IF EXISTS ${table}`);
}

/** Where a metric whose target is elsewhere notes the keys of rows that are to be shipped. */
export function outboxTable(metric: bigint): string {
  return `_etl_outbox_${metric}`;
}

/** Where a metric keeps its rows that fail a check. */
export function failedTable(metric: bigint): string {
  return `_etl_failed_${metric}`;
}

/** Where a relation with versions remembers the keys that were deleted. */
export function tombstoneTable(relation: bigint): string {
  return `_etl_tombstone_${relation}`;
}

/** Where it is noted what comes and goes in a metric that another one reads. */
export function historyTable(metric: bigint): string {
  return `_etl_history_${metric}`;
}

function tableOf(id: bigint): string {
  return `_etl_relation_${id}`;
}
