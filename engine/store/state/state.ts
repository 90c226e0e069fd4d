import { scansOf } from '../../plan/compile.ts';
import type { Plan } from '../../plan/plan.ts';
import { checksOf } from '../../plan/reads.ts';
import type { Database } from '../database/database.ts';
import { checkFormat, hasCatalog } from './catalog.ts';
import type { Counts } from './joins.ts';
import { findRelation, type Relation, type Share, type Stocked, tidyStock } from './stock.ts';

/** What is remembered of one metric, as the catalog says it. */
export interface State extends Stocked {
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
  stock: bigint;
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
    stock: row.stock,
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

/** Whether a file holds nothing but so many states: then nobody has anything to read in it. */
export function areAlone(db: Database, states: number): boolean {
  const metrics = db.prepare('SELECT count(*) FROM _etl_metric').pluck().get();
  const others = "SELECT 1 FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT GLOB '_etl_*'";
  return metrics === BigInt(states) && db.prepare(others).get() === undefined;
}

/**
 * Makes an unloaded state with its share of a stock. `before` is the dropped one that it follows: which rows of the same target
 * are ours is known on.
 */
export function createState(db: Database, plan: Plan, target: string, before: State | null, share: Share): State {
  const extent = before?.target === target ? before.extent : null;
  const commits = before ? before.commits + 1n : 0n;
  const id = db
    .prepare(
      `INSERT INTO _etl_metric (id, name, plan, target, loaded, seq, commits, rows, low, high, ddl, stock)
       VALUES (?, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?, ?) RETURNING id`,
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
      share.stock,
    ) as bigint;
  if (before && before.target !== target) dropLedger(db, id);
  writeScans(db, id, plan, share);
  return {
    id,
    stock: share.stock,
    plan: plan.hash,
    target,
    loaded: false,
    seq: 0n,
    commits,
    committed: null,
    extent,
    counts: null,
    relations: scansOf(plan).map((scan) => findRelation(db, id, scan)),
  };
}

/** Notes what a metric reads under each of its plan's aliases. */
export function writeScans(db: Database, metric: bigint, plan: Plan, { relations }: Share): void {
  const insert = db.prepare(
    'INSERT INTO _etl_scan (metric, number, alias, relation, columns, checks) VALUES (?, ?, ?, ?, ?, ?)',
  );
  for (const [n, scan] of scansOf(plan).entries()) {
    const { id, numbers } = relations[n] as Share['relations'][number];
    // Where every column is kept, there will be more.
    const columns = scan.keepsAll ? null : JSON.stringify(numbers);
    insert.run(metric, n, scan.alias, id, columns, JSON.stringify(checksOf(scan)));
  }
}

/** Forgets a state, whichever plan made it; what others share stays. The target stays, and what is known of which of its rows are ours. */
export function dropState(db: Database, id: bigint): void {
  const stock = db.prepare('SELECT stock FROM _etl_metric WHERE id = ?').pluck().get(id) as bigint;
  dropDerived(db, id);
  for (const table of ['scan', 'rejected']) db.prepare(`DELETE FROM _etl_${table} WHERE metric = ?`).run(id);
  db.prepare('DELETE FROM _etl_metric WHERE id = ?').run(id);
  tidyStock(db, stock);
}

/** How many metrics have their state in a stock. */
export function sharersOf(db: Database, stock: bigint): number {
  return Number(db.prepare('SELECT count(*) FROM _etl_metric WHERE stock = ?').pluck().get(stock));
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

/** Who goes on with the state as it was before finds out, though nothing of a source was committed. */
export function outdate(db: Database, { id }: Pick<State, 'id'>): void {
  db.prepare('UPDATE _etl_metric SET commits = commits + 1 WHERE id = ?').run(id);
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

/** Where it is noted what comes and goes in a metric that another one reads. */
export function historyTable(metric: bigint): string {
  return `_etl_history_${metric}`;
}
