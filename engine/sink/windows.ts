import { WINDOW } from '../expression/group/windowing.ts';
import { windowedPlan } from '../plan/window.ts';
import { quote, sqlite } from '../sql/dialect.ts';
import { type SaidWindow, windowsOf } from '../sql/window.ts';
import type { Database } from '../store/database/database.ts';
import { ensureTemporary } from '../store/database/temporary.ts';
import { type Derivation, derivation, rowsDerivation } from '../store/derive/derivation.ts';
import type { Roots } from '../store/derive/derive.ts';
import { addTouched, emptyTouched, touchedOf } from '../store/derive/touched.ts';
import { type State, windowsTable } from '../store/state/state.ts';
import { namingFolding, windowFoldings } from './folding.ts';
import type { Made } from './made.ts';
import { fill } from './rebuild.ts';
import { compare } from './update.ts';

/** A column of the kept rows that holds a window. */
interface Kept extends SaidWindow {
  readonly column: string;
  /** The temporary table of the partitions that were touched. */
  readonly touched: string;
}

/**
 * Brings the rows of a metric with windows to what the relations say. What touched ones are stands in `temp._etl_touched_window`.
 *
 * What is computed of each row is kept, with its windows. A row that comes or goes touches its partition, and the windows
 * of a touched partition are computed again; rows whose windows stay as they are are not touched.
 */
export function rewindow(whole: Derivation, state: State, roots: Roots): Made {
  const { db } = whole;
  const plan = windowedPlan(whole.plan);
  const rows = rowsDerivation(db, plan.rows, whole.relations);
  const columns = windowsOf(plan, rows.query, sqlite);
  const values = columns.filter(({ window }) => window === null).length;
  const table = windowsTable(state.id);
  const names = rows.query.columns.map(({ name }, n) => (n < values ? `c${n}` : name));
  const kept = { table, columns: names.map((name) => ({ name, type: null })), key: [], compared: [], rowid: 'rid' };
  const windows = columns.flatMap(({ window }, n) =>
    window ? [{ ...window, column: `c${n}`, touched: `temp._etl_partition_${n}` }] : [],
  );
  const folded = { table, foldings: windowFoldings(plan, windows), called: plan.outer.root.alias };
  namingFolding(whole, folded, () => {
    if (state.loaded && roots === 'touched') return takeOn(db, table, windows, () => compare(rows, kept, 'touched'));
    create(db, table, names, windows);
    fill(rows, kept);
    for (const window of windows) setAll(db, table, window);
  });
  const relation = {
    id: 0n,
    table,
    scan: plan.outer.root,
    types: columns.map(({ type }) => type),
    numbers: [...columns.keys()],
    seen: columns.map(() => true),
  };
  return { derivation: derivation(db, plan.outer, [relation]), roots: state.loaded ? roots : 'all', rows: kept };
}

function create(db: Database, table: string, names: readonly string[], windows: readonly Kept[]): void {
  const columns = [...names.map(quote), ...windows.map(({ column }) => column)].join(', ');
  db.exec(`DROP TABLE IF EXISTS ${table}`);
  db.exec(`CREATE TABLE ${table} (rid INTEGER PRIMARY KEY, ${columns})`);
  for (const { column, partition } of windows)
    if (partition.length > 0) db.exec(`CREATE INDEX ${table}_${column} ON ${table} (${partition.join(', ')})`);
}

function setAll(db: Database, table: string, { column, sql }: Kept): void {
  db.exec(
    `UPDATE ${table} AS k SET ${column} = n.value FROM (SELECT rid AS id, ${sql} AS value FROM ${table}) AS n WHERE k.rid = n.id`,
  );
}

function takeOn(db: Database, table: string, windows: readonly Kept[], find: () => { apply: () => unknown }): void {
  const differences = find();
  ensureTemporary(db, 'TABLE', '_etl_moved', '(rid INTEGER PRIMARY KEY)');
  db.exec(`DELETE FROM temp._etl_moved;
    INSERT OR IGNORE INTO temp._etl_moved SELECT id FROM temp._etl_gone UNION SELECT id FROM temp._etl_come`);
  for (const window of windows) openTouched(db, window);
  for (const window of windows) touch(db, table, window);
  differences.apply();
  for (const window of windows) touch(db, table, window);
  for (const window of windows) setTouched(db, table, window);
  emptyTouched(db, touchedOf(WINDOW));
  addTouched(db, 'SELECT rid FROM temp._etl_moved', touchedOf(WINDOW));
}

/** Beside the values that tell a partition apart one that all have: there is one partition where nothing tells them apart. */
function openTouched(db: Database, { touched, partition }: Kept): void {
  const columns = ['here', ...partition.map((_, n) => `p${n}`)];
  ensureTemporary(db, 'TABLE', touched.replace('temp.', ''), `(${columns.join(', ')})`);
  db.exec(`DELETE FROM ${touched}`);
}

/** Notes the partitions of the rows that come or go, as they stand in the table. */
function touch(db: Database, table: string, { touched, partition }: Kept): void {
  const values = ['1', ...partition].join(', ');
  db.exec(
    `INSERT INTO ${touched} SELECT DISTINCT ${values} FROM ${table} WHERE rid IN (SELECT rid FROM temp._etl_moved)`,
  );
}

/** Computes the window over the touched partitions, and notes the rows whose value differs. */
function setTouched(db: Database, table: string, { touched, partition, column, sql }: Kept): void {
  const same = partition.map((key, n) => `${key} IS t.p${n}`).join(' AND ') || 'TRUE';
  ensureTemporary(db, 'TABLE', '_etl_windowed', '(rid INTEGER PRIMARY KEY, value)');
  db.exec(`DELETE FROM temp._etl_windowed;
    INSERT INTO temp._etl_windowed SELECT rid, ${sql} FROM ${table} WHERE rid IN
      (SELECT k.rid FROM (SELECT DISTINCT * FROM ${touched}) AS t CROSS JOIN ${table} AS k WHERE ${same});
    DELETE FROM temp._etl_windowed WHERE value IS (SELECT ${column} FROM ${table} AS k WHERE k.rid = _etl_windowed.rid);
    UPDATE ${table} AS k SET ${column} = n.value FROM temp._etl_windowed AS n WHERE k.rid = n.rid;
    INSERT OR IGNORE INTO temp._etl_moved SELECT rid FROM temp._etl_windowed`);
}
