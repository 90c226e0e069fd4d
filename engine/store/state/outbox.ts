/**
 * Writes that are committed here and not yet shipped to a target elsewhere.
 *
 * The metric stands in the state as a table, kept as a target is. Triggers on it note the key of each row that comes or
 * goes, and the number of the commit. A key that stands in the table has a row to be upserted, any other one to be deleted.
 * So the target elsewhere is that table but for the keys noted here; or anything at all (`whole`), and then gets all rows.
 * What is shipped is taken out afterwards, up to the commit at which it was read: a shipment that is made twice is harmless.
 *
 * A target remembers the token of the shipment that it got last. If it is neither the one that is known to have arrived
 * nor the one that was sent last, another state has written there, or this one is older than the target.
 */
import type { Row } from '../../change.ts';
import { quote } from '../../sql/dialect.ts';
import type { Database } from '../database/database.ts';
import { outboxTable, type State } from './state.ts';

export interface Outbox {
  /** The shipments that the target may hold: the last that has arrived, and the last that was sent. */
  readonly shipped: string | null;
  readonly sent: string | null;
  /** The commit since which all rows are to be shipped; null where the noted ones suffice. */
  readonly whole: bigint | null;
}

/** What of a state's rows a target elsewhere lacks. Rows are read from the database while they are asked for. */
export interface Unshipped {
  readonly isWhole: boolean;
  readonly rows: Iterable<Row>;
  /** Keys of rows that are gone; none where all rows are shipped. */
  readonly gone: Iterable<Row>;
}

/** The outbox of a state; null where its target is the table in the state itself. */
export function findOutbox(db: Database, { id }: Pick<State, 'id'>): Outbox | null {
  const row = db.prepare('SELECT shipped, sent, whole FROM _etl_outbox WHERE metric = ?').get(id);
  return (row as Outbox | undefined) ?? null;
}

/** Makes an outbox where there is none; all rows that stand are to be shipped then. */
export function ensureOutbox(db: Database, state: State, key: readonly string[]): void {
  if (findOutbox(db, state)) return;
  db.prepare('INSERT INTO _etl_outbox (metric) VALUES (?)').run(state.id);
  if (state.loaded) restartOutbox(db, state, key);
}

/** The table was made anew: all its rows are to be shipped, and what comes and goes from now on is noted. */
export function restartOutbox(db: Database, { id, target }: State, key: readonly string[]): void {
  const names = key.map((_, n) => `k${n}`).join(', ');
  const outbox = outboxTable(id);
  db.exec(`DROP TABLE IF EXISTS ${outbox};
    CREATE TABLE ${outbox} (${names}, "commit", PRIMARY KEY (${names})) WITHOUT ROWID;
    UPDATE _etl_outbox SET whole = (SELECT commits FROM _etl_metric WHERE id = ${id}) WHERE metric = ${id}`);
  for (const [event, images] of Object.entries(EVENTS)) {
    const name = quote(`_etl_outbox_${event}_${target}`);
    const notes = images.map((image) =>
      note(
        id,
        key.map((column) => `${image}.${quote(column)}`),
      ),
    );
    db.exec(`DROP TRIGGER IF EXISTS ${name};
      CREATE TRIGGER ${name} AFTER ${event} ON ${quote(target)} BEGIN ${notes.join(' ')} END`);
  }
}

const EVENTS = { INSERT: ['NEW'], UPDATE: ['OLD', 'NEW'], DELETE: ['OLD'] } as const;

function note(id: bigint, key: readonly string[]): string {
  const values = [...key, `(SELECT commits FROM _etl_metric WHERE id = ${id})`].join(', ');
  return `INSERT INTO ${outboxTable(id)} VALUES (${values}) ON CONFLICT DO UPDATE SET "commit" = excluded."commit";`;
}

/** How many rows wait to be shipped. */
export function countUnshipped(db: Database, state: State): number {
  const outbox = findOutbox(db, state);
  if (outbox === null || !state.loaded) return 0;
  if (outbox.whole !== null) return Number(state.extent?.rows ?? 0n);
  return Number(
    db
      .prepare(`SELECT count(*) FROM ${outboxTable(state.id)}`)
      .pluck()
      .get(),
  );
}

/** Remembers, before it is sent, under which token; `whole` says that all rows are to be shipped, whatever is noted. */
export function markSent(db: Database, { id, commits }: State, token: string, whole: boolean): void {
  db.prepare('UPDATE _etl_outbox SET sent = ? WHERE metric = ?').run(token, id);
  if (whole) db.prepare('UPDATE _etl_outbox SET whole = coalesce(whole, ?) WHERE metric = ?').run(commits, id);
}

/**
 * Takes out what has arrived: all that was noted up to the commit at which it was read. Where another run has sent
 * something meanwhile, what the target holds is that run's to say.
 */
export function markShipped(db: Database, { id, commits }: State, token: string): void {
  db.prepare('UPDATE _etl_outbox SET shipped = sent WHERE metric = ? AND sent = ?').run(id, token);
  db.prepare('UPDATE _etl_outbox SET whole = NULL WHERE metric = ? AND whole <= ?').run(id, commits);
  db.prepare(`DELETE FROM ${outboxTable(id)} WHERE "commit" <= ?`).run(commits);
}

/** What is to be shipped, as it stands in this transaction. */
export function readUnshipped(
  db: Database,
  state: State,
  { columns, key }: { readonly columns: readonly string[]; readonly key: readonly string[] },
): Unshipped {
  const [table, outbox] = [quote(state.target), outboxTable(state.id)];
  const isWhole = findOutbox(db, state)?.whole !== null;
  const same = key.map((column, n) => `t.${quote(column)} = o.k${n}`).join(' AND ');
  const values = columns.map((column) => `t.${quote(column)}`).join(', ');
  const from = isWhole ? `${table} AS t` : `${outbox} AS o CROSS JOIN ${table} AS t WHERE ${same}`;
  const keys = key.map((_, n) => `o.k${n}`).join(', ');
  const gone = `SELECT ${keys} FROM ${outbox} AS o WHERE NOT EXISTS (SELECT 1 FROM ${table} AS t WHERE ${same})`;
  return { isWhole, rows: reading(db, `SELECT ${values} FROM ${from}`), gone: isWhole ? [] : reading(db, gone) };
}

/** Nothing is asked of the database before the first row is. */
function* reading(db: Database, sql: string): Generator<Row> {
  yield* db.prepare(sql).raw().iterate() as Iterable<Row>;
}
