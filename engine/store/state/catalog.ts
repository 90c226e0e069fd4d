import { fail } from '../../diagnostic/diagnostic.ts';
import { hints } from '../../diagnostic/messages.ts';
import type { Database } from '../database/database.ts';

/** Raised whenever the tables below change their meaning. */
const FORMAT = 12n;

/**
 * The tables in which a state describes itself. They stand beside the target, in its own file.
 *
 * `_etl_metric`: one row a metric. `loaded` is 0 until the first load has ended; `seq` counts the transactions committed;
 * `commits` counts what runs committed of anything, also over a full refresh: it tells a run that another one was here.
 * `low` and `high` are the target's first and last rowid, `rows` their number, `ddl` the statement that made it: a VACUUM
 * by the user renumbers the rows, and a table that was altered is no longer ours to drop. `counts` is how the joins fare,
 * as JSON (`Counts` of `joins.ts`). `committed` is when anything was last, in ms since 1970.
 * `stock` is what it keeps of its sources: relations and checkpoint, which several metrics may share.
 * `_etl_relation`, `_etl_column`: what a stock keeps of a table, in the table `_etl_relation_<id>` under `c<number>`. `reads` is what
 * decides its rows, as JSON (`Reads` of `plan/reads.ts`), `whole` whether every column is kept; `declared` the type that the mapping says, `type` what is known by now.
 * `_etl_scan`: what a metric reads of it under each alias, in the plan's order: the relation, the numbers of `columns` as JSON (NULL: all), and by
 * which `checks` its rows were told.
 * `_etl_source`: the LSN up to which a source is committed, where its log tells LSNs.
 * `_etl_waiting`: for the rows of a join's parent whose partner is missing, how many rows wait with each.
 * `_etl_rejected`: the transactions that were left out, by the record (and the bytes before it) at which they failed; and the
 * rows that a check rejected (ROW_REJECTED), by the record that wrote them, without bytes. `digest` is that of a row of a table, by which it is known when it comes again.
 * `_etl_file`: the checkpoint, file by file, or table by table with the largest `watermark` that was read; a file without `bytes` (standard input) is known by name only, and one that
 * was `replaced` by another of its name (1) is only where rows came from, until these are gone too (2).
 * `_etl_outbox`: of a metric whose target is elsewhere, what the target is to hold (`Outbox` of `outbox.ts`).
 * `_etl_history`: for a metric that others read, the table of its rows, what its columns are (as JSON), the commit `since` which
 * is noted in `_etl_history_<metric>` what comes and goes (NULL: from the next one on), and how many rows are noted. How far
 * a metric is read stands in `_etl_file`, as the watermark of a path that is the metric's name.
 *
 * `_etl_run`: one row for each run that committed anything of a metric (`runs.ts`), also over a full refresh.
 *
 * Temporary tables start with `_etl_` too: SQLite takes a temporary table before one of the same name in the file, and a
 * target can have any other name.
 */
const TABLES = `
CREATE TABLE IF NOT EXISTS _etl_state (format INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS _etl_metric (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, plan TEXT NOT NULL, target TEXT NOT NULL,
  loaded INTEGER NOT NULL, seq INTEGER NOT NULL, commits INTEGER NOT NULL, rows INTEGER, low INTEGER, high INTEGER, ddl TEXT,
  counts TEXT, committed INTEGER, stock INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS _etl_relation (
  id INTEGER PRIMARY KEY, stock INTEGER NOT NULL, reads TEXT NOT NULL, whole INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS _etl_scan (
  metric INTEGER NOT NULL, number INTEGER NOT NULL, alias TEXT NOT NULL, relation INTEGER NOT NULL, columns TEXT,
  checks TEXT NOT NULL, PRIMARY KEY (metric, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS _etl_column (
  relation INTEGER NOT NULL, number INTEGER NOT NULL, path TEXT NOT NULL, type TEXT, declared TEXT, seen INTEGER NOT NULL,
  PRIMARY KEY (relation, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS _etl_source (
  stock INTEGER NOT NULL, source TEXT NOT NULL, lsn INTEGER NOT NULL, PRIMARY KEY (stock, source)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS _etl_waiting (
  metric INTEGER NOT NULL, number INTEGER NOT NULL, parent INTEGER NOT NULL, rows INTEGER NOT NULL,
  PRIMARY KEY (metric, number, parent)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS _etl_rejected (
  id INTEGER PRIMARY KEY, metric INTEGER NOT NULL, file INTEGER NOT NULL, record INTEGER NOT NULL,
  offset INTEGER, code TEXT NOT NULL, reason TEXT NOT NULL, digest TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS _etl_file (
  id INTEGER PRIMARY KEY, stock INTEGER NOT NULL, source TEXT NOT NULL, path TEXT NOT NULL,
  replaced INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER, records INTEGER, digest TEXT, size INTEGER, changed REAL, shape TEXT, watermark ANY
) STRICT;
CREATE TABLE IF NOT EXISTS _etl_outbox (
  metric INTEGER PRIMARY KEY, shipped TEXT, sent TEXT, whole INTEGER
) STRICT;
CREATE TABLE IF NOT EXISTS _etl_history (
  metric INTEGER PRIMARY KEY, rows TEXT, columns TEXT, since INTEGER, length INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS _etl_run (
  metric INTEGER NOT NULL, began INTEGER NOT NULL, ended INTEGER NOT NULL, changes INTEGER NOT NULL,
  added INTEGER NOT NULL, changed INTEGER NOT NULL, removed INTEGER NOT NULL, rows INTEGER, rejected INTEGER NOT NULL,
  PRIMARY KEY (metric, began)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS _etl_file_path ON _etl_file (stock, source, path) WHERE NOT replaced;
`;

/** Whether the file holds a state of any metric. */
export function hasCatalog(db: Database): boolean {
  return db.prepare(`SELECT 1 FROM sqlite_master WHERE name = '_etl_state'`).get() !== undefined;
}

/** Makes the tables where they are missing. Throws an EtlError where another version of the engine made them. */
export function ensureCatalog(db: Database): void {
  if (!hasCatalog(db)) {
    db.exec(TABLES);
    db.prepare('INSERT INTO _etl_state (format) VALUES (?)').run(FORMAT);
  }
  checkFormat(db);
}

/** Throws an EtlError where another version of the engine made the state. */
export function checkFormat(db: Database): void {
  const format = db.prepare('SELECT format FROM _etl_state').pluck().get();
  if (format === FORMAT) return;
  const facts = { path: db.name, found: String(format), expected: String(FORMAT) };
  fail('STATE_FORMAT', facts, { hint: hints.otherState });
}
