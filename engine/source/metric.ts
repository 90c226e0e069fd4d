/**
 * Reads the metric of another mapping, which stands in the same database, as it is at one moment.
 *
 * Each of its commits is a transaction: the rows that went, then those that came. A row that comes in the place of one
 * with the same key takes that place by itself. Where the commits since the last read are not noted any more, and at
 * first, all rows are read: in one transaction, behind a truncate if there were some.
 */
import type { Change, Commit, Header, Literal, Mark, MetricMark, Position, Value } from '../change.ts';
import { invariant } from '../diagnostic/diagnostic.ts';
import { type Interest, wantedIn } from '../interest.ts';
import { quote } from '../sql/dialect.ts';
import { type Database, readDatabase } from '../store/database/database.ts';
import { findHistory, type History, type HistoryColumn } from '../store/state/history.ts';
import { nothingOf, type Reading, type Source } from './read.ts';
import { CHUNK } from './table/connection.ts';
import { literalOf } from './table/sqlite.ts';

/** Reads what is new in a metric since its mark was made: nothing where it is not loaded. */
export async function* readMetric(source: Source, marks: readonly Mark[], interest: Interest): AsyncGenerator<Reading> {
  const { metric } = source;
  invariant(metric, 'a metric that is read has a name');
  const db = readDatabase(source.path);
  try {
    db.exec('BEGIN');
    const history = findHistory(db, metric.name);
    if (history === null) return;
    const mark = marks.find((each) => 'commit' in each) ?? null;
    yield* readChanges({ db, history, ...metric, interest }, mark);
  } finally {
    db.close();
  }
}

/** The same again and again. Null stands where that is all, for now. */
export async function* followMetric(
  source: Source,
  marks: () => readonly Mark[],
  interest: Interest,
): AsyncGenerator<Reading | null> {
  for (;;) {
    yield* readMetric(source, marks(), interest);
    yield null;
  }
}

interface Task {
  readonly db: Database;
  readonly history: History;
  readonly name: string;
  readonly keys: readonly (readonly string[])[];
  readonly interest: Interest;
}

function* readChanges(task: Task, mark: MetricMark | null): Iterable<Reading> {
  const { db, history } = task;
  const columns = columnsIn(task);
  const header = { schema: null, table: task.name, columns };
  const reading = { ...task, columns, header };
  if (mark === null || mark.commit < history.since) return yield* readings(reading, [wholly(reading, mark !== null)]);
  const commits = db
    .prepare(`SELECT DISTINCT "commit" FROM ${history.table} WHERE "commit" > ? ORDER BY 1`)
    .pluck()
    .all(mark.commit) as bigint[];
  yield* readings(
    reading,
    commits.map((commit) => noted(reading, commit)),
  );
}

function columnsIn({ history, name, interest }: Task): readonly HistoryColumn[] {
  const wanted = wantedIn(interest, null, name);
  return history.columns.filter((column) => wanted?.has(column.name));
}

interface Columns extends Task {
  readonly columns: readonly HistoryColumn[];
  readonly header: Header;
}

/** The changes of one transaction, and the commit of the metric that it is. */
interface Told {
  readonly commit: bigint;
  readonly changes: Iterable<Change>;
}

/** Chunk by chunk; each transaction ends with a place from which to go on. */
function* readings({ name, history }: Columns, all: readonly Told[]): Iterable<Reading> {
  let starts = true;
  for (const { commit, changes } of all) {
    const mark = (): MetricMark => ({ path: name, commit, records: Number(history.seq) });
    const end: Commit = { op: 'commit', from: 0, offset: 0, records: Number(commit), lsn: null };
    let items: Change[] = [];
    for (const change of changes) {
      items.push(change);
      if (items.length < CHUNK) continue;
      yield { ...nothingOf(name), starts, items };
      [items, starts] = [[], false];
    }
    yield { ...nothingOf(name), starts, items: [...items, end], mark };
    starts = false;
  }
}

function wholly(task: Columns, isAgain: boolean): Told {
  const { db, history, columns } = task;
  const held = columns.map((column) => quote(column.held));
  const sql = `SELECT ${held.join(', ') || 'NULL'} FROM ${quote(history.rows)}`;
  return { commit: history.commits, changes: all(task, isAgain, () => rowsOf(db, sql, [])) };
}

function* all(task: Columns, isAgain: boolean, rows: () => Iterable<readonly Value[]>): Iterable<Change> {
  const at = placeOf(task, task.history.commits);
  if (isAgain) yield { op: 'truncate', header: task.header, at };
  for (const row of rows()) yield { op: 'insert', after: { header: task.header, values: literals(task, row) }, at };
}

function noted(task: Columns, commit: bigint): Told {
  return { commit, changes: changesOf(task, commit) };
}

function* changesOf(task: Columns, commit: bigint): Iterable<Change> {
  const { db, history, header, columns } = task;
  const at = placeOf(task, commit);
  const places = columns.map((column) => `j.c${history.columns.indexOf(column)}`).join(', ') || 'NULL';
  const from = (gone: 0 | 1) => `SELECT ${places} FROM ${history.table} AS j WHERE j."commit" = ? AND j.gone = ${gone}`;
  for (const row of rowsOf(db, `${from(1)}${unlessReplaced(task)}`, [commit]))
    yield { op: 'delete', before: { header, values: literals(task, row), missing: 'null' }, at };
  for (const row of rowsOf(db, from(0), [commit]))
    yield { op: 'insert', after: { header, values: literals(task, row) }, at };
}

/** A row without a key takes no other's place. */
function unlessReplaced({ history, keys }: Columns): string {
  if (keys.some((key) => key.length === 0)) return '';
  const place = (name: string) => `c${history.columns.findIndex((column) => column.name === name)}`;
  const same = [...new Set(keys.flat())].map((name) => ` AND n.${place(name)} IS j.${place(name)}`).join('');
  return ` AND NOT EXISTS (SELECT 1 FROM ${history.table} AS n
    WHERE n."commit" = j."commit" AND n.gone = 0 AND n.id = j.id${same})`;
}

function rowsOf(db: Database, sql: string, values: readonly Value[]): Iterable<readonly Value[]> {
  return db
    .prepare(sql)
    .raw()
    .iterate(...values) as Iterable<readonly Value[]>;
}

function literals({ columns }: Columns, row: readonly Value[]): readonly Literal[] {
  return columns.map((_, n) => literalOf(row[n] ?? null));
}

function placeOf({ name }: Columns, commit: bigint): Position {
  return { file: name, record: Number(commit), offset: 0, lsn: null };
}
