/** How rows come into SQLite fast: one transaction, several rows a statement, nothing kept for a crash. */
import Sqlite from 'better-sqlite3';
import { COLUMNS } from './metric.mjs';

const ROWS_A_STATEMENT = 8;

/**
 * A new database with the metric's table.
 *
 * @param {string} file
 */
export function openTarget(file) {
  const database = new Sqlite(file);
  database.pragma('journal_mode = OFF');
  database.pragma('synchronous = OFF');
  database.pragma('locking_mode = EXCLUSIVE');
  const columns = COLUMNS.map((name) => `${name} ${name === 'amount' ? 'INTEGER' : 'TEXT'}`);
  database.exec(`CREATE TABLE dashboard_metric (${columns}); BEGIN`);
  const row = `(${COLUMNS.map(() => '?')})`;
  const insert = (/** @type {number} */ rows) =>
    database.prepare(`INSERT INTO dashboard_metric VALUES ${Array(rows).fill(row)}`);
  const [one, several] = [insert(1), insert(ROWS_A_STATEMENT)];
  /** @type {unknown[]} The values of rows that are not written yet. */
  let held = [];
  return {
    /** @param {readonly unknown[]} row */
    write(row) {
      held.push(...row);
      if (held.length < ROWS_A_STATEMENT * COLUMNS.length) return;
      several.run(held);
      held = [];
    },
    close() {
      for (let at = 0; at < held.length; at += COLUMNS.length) one.run(held.slice(at, at + COLUMNS.length));
      database.exec('COMMIT');
      database.close();
    },
  };
}
