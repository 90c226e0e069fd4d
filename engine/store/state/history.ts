/**
 * What came and went in the rows of a metric that another metric reads.
 *
 * Triggers on the table that holds the rows note each of them that comes or goes, whole, with the number of the commit.
 * So who has read up to a commit reads on from there; who has read less than up to `since` reads all rows. It begins anew
 * where the table is made anew, and where to read all rows costs less than to read what was noted.
 */
import type { Type, Value } from '../../change.ts';
import { quote } from '../../sql/dialect.ts';
import type { Database } from '../database/database.ts';
import { dropHistory, historyTable, type State } from './state.ts';

/** A column of the rows: its name in the metric, and in the table that holds them. */
export interface HistoryColumn {
  readonly name: string;
  readonly type: Type | null;
  readonly held: string;
}

/** The rows of a metric, as they are after a commit, and what was noted of them. */
export interface History {
  readonly id: bigint;
  readonly commits: bigint;
  readonly seq: bigint;
  /** The table that holds the rows. */
  readonly rows: string;
  readonly columns: readonly HistoryColumn[];
  /** What came (`gone` 0) and went (1), by "commit" and the row's `id`, in `c0`, `c1`, ... for the columns. */
  readonly table: string;
  /** The commit from which on it is noted. */
  readonly since: bigint;
}

/** The rows as a commit has written them. */
export interface HistoryRows {
  readonly table: string;
  readonly rowid: string;
  readonly columns: readonly HistoryColumn[];
  /** How many they are, and how many came and went. */
  readonly count: bigint;
  readonly changes: number;
}

/** Noted changes that are kept however small the table is. */
const FEW = 1000n;

/** The history of a metric, by its name; null where none was begun. */
export function findHistory(db: Database, metric: string): History | null {
  const row = db
    .prepare(
      `SELECT id, commits, seq, j.rows, j.columns, j.since FROM _etl_metric JOIN _etl_history AS j ON metric = id
       WHERE name = ? AND loaded AND since IS NOT NULL`,
    )
    .get(metric) as (Omit<History, 'columns' | 'table'> & { columns: string }) | undefined;
  return row === undefined ? null : { ...row, columns: JSON.parse(row.columns), table: historyTable(row.id) };
}

/** Has a history begin with the next commit, where there is none. */
export function ensureHistory(db: Database, { id }: State): void {
  db.prepare('INSERT OR IGNORE INTO _etl_history (metric, length) VALUES (?, 0)').run(id);
}

/** Whether a history is to begin. */
export function isHistoryDue(db: Database, { id }: State): boolean {
  return db.prepare('SELECT 1 FROM _etl_history WHERE metric = ? AND since IS NULL').get(id) !== undefined;
}

/** Goes on with a history, or begins it; belongs into the transaction that writes the rows, behind that. */
export function keepHistory(db: Database, { id }: State, rows: HistoryRows): void {
  const known = db.prepare('SELECT since, rows, columns, length FROM _etl_history WHERE metric = ?').get(id);
  if (known === undefined) return;
  const { since, rows: table, columns, length } = known as Record<string, Value>;
  const described = JSON.stringify(rows.columns);
  const isSame = since !== null && table === rows.table && columns === described && isNoting(db, id);
  const now = BigInt(rows.changes) + (length as bigint);
  if (isSame && now <= (rows.count > FEW ? rows.count : FEW)) setLength(db, id, now);
  else restart(db, id, rows, described);
}

/** With a table that is made anew the triggers on it go. */
function isNoting(db: Database, id: bigint): boolean {
  return db.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').get(`${historyTable(id)}_insert`) !== undefined;
}

function restart(db: Database, id: bigint, { table, rowid, columns }: HistoryRows, described: string): void {
  dropHistory(db, id);
  const history = historyTable(id);
  const names = columns.map((_, n) => `c${n}`).join(', ');
  db.exec(
    `CREATE TABLE ${history} ("commit" INTEGER, gone INTEGER, id INTEGER, ${names}, PRIMARY KEY ("commit", gone, id)) WITHOUT ROWID`,
  );
  const noting = (row: 'NEW' | 'OLD') => {
    const values = [rowid, ...columns.map(({ held }) => quote(held))].map((column) => `${row}.${column}`);
    const commit = `(SELECT commits FROM _etl_metric WHERE id = ${id})`;
    return `INSERT OR REPLACE INTO ${history} VALUES (${[commit, row === 'OLD' ? 1 : 0, ...values].join(', ')});`;
  };
  const events = { insert: noting('NEW'), delete: noting('OLD'), update: `${noting('OLD')} ${noting('NEW')}` };
  for (const [event, body] of Object.entries(events))
    db.exec(`CREATE TRIGGER ${history}_${event} AFTER ${event} ON ${quote(table)} BEGIN ${body} END`);
  db.prepare(
    `UPDATE _etl_history SET rows = ?, columns = ?, length = 0,
       since = (SELECT commits FROM _etl_metric WHERE id = metric) WHERE metric = ?`,
  ).run(table, described, id);
}

/** Forgets what all have read who read a metric; belongs into the transaction that commits how far one of them has. */
export function trimHistory(db: Database, metric: string): void {
  const history = findHistory(db, metric);
  if (history === null) return;
  const read = db
    .prepare(`SELECT min(watermark) FROM _etl_file WHERE shape = 'metric' AND path = ?`)
    .pluck()
    .get(metric) as bigint;
  db.prepare(`DELETE FROM ${history.table} WHERE "commit" <= ?`).run(read);
  // Who has read less, and has not said so yet, is to read all rows.
  db.prepare('UPDATE _etl_history SET since = max(since, ?) WHERE metric = ?').run(read, history.id);
  const length = db.prepare(`SELECT count(*) FROM ${history.table}`).pluck().get() as bigint;
  setLength(db, history.id, length);
}

function setLength(db: Database, id: bigint, length: bigint): void {
  db.prepare('UPDATE _etl_history SET length = ? WHERE metric = ?').run(length, id);
}
