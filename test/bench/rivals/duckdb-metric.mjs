/**
 * The metric in DuckDB's words: the log is read once, of each row only what the metric needs is kept, the joins follow.
 *
 * It is told what the engine finds out: that there are inserts only, each key once, and at which place of a table's
 * values each column stands. The order of the log is left to DuckDB, which then reads with every core.
 *
 * @import { DuckDBConnection } from '@duckdb/node-api'
 */

/** The metric as a query, once `stage` is done. */
export const QUERY = `
  SELECT event_id, event.flow_id, created_at, transaction_lifecycle_event, decline_reason, decline_type, payment_method,
    transaction_id, transaction_type, amount::BIGINT AS amount, currency_code, processor_merchant_account_id,
    three_d_secure_authentication, payment_instrument_type, customer_id
  FROM event JOIN paid USING (transaction_id) JOIN request USING (flow_id) JOIN token USING (token_id)`;

/**
 * Brings a log, one record a line, into a table for each of its tables.
 *
 * @param {DuckDBConnection} db
 * @param {string} log
 */
export async function stage(db, log) {
  await db.run('SET preserve_insertion_order = false');
  await db.run(
    `
    CREATE TEMP TABLE picked AS
    SELECT name, CASE name
      WHEN 'event_v2_data' THEN
        [v[1], v[5], v[12], v[8], v[14]->>'decline_reason', v[14]->>'decline_type', v[6]]
      WHEN 'transaction' THEN [v[1], v[3], v[7], v[8], v[5]]
      WHEN 'transaction_request' THEN [v[18], v[20], v[19]->>'payment_method']
      WHEN 'payment_instrument_token_data' THEN [v[1], v[8], v[5], v[7]->>'customer_id']
    END AS p
    FROM (
      SELECT change[1]."table" AS name, change[1].columnvalues AS v
      FROM read_json($log, format = 'newline_delimited',
        columns = { change: 'STRUCT("table" VARCHAR, columnvalues VARCHAR[])[]' })
    )`,
    { log },
  );
  await split(db, 'event_v2_data', 'event', [
    'event_id',
    'flow_id',
    'created_at',
    'transaction_lifecycle_event',
    'decline_reason',
    'decline_type',
    'transaction_id',
  ]);
  await split(db, 'transaction', 'paid', [
    'transaction_id',
    'transaction_type',
    'amount',
    'currency_code',
    'processor_merchant_account_id',
  ]);
  await split(db, 'transaction_request', 'request', ['flow_id', 'token_id', 'payment_method']);
  await split(db, 'payment_instrument_token_data', 'token', [
    'token_id',
    'three_d_secure_authentication',
    'payment_instrument_type',
    'customer_id',
  ]);
}

/** @param {DuckDBConnection} db @param {string} name @param {string} table @param {readonly string[]} columns */
async function split(db, name, table, columns) {
  const values = columns.map((column, at) => `p[${at + 1}] AS ${column}`);
  await db.run(`CREATE TEMP TABLE ${table} AS SELECT ${values} FROM picked WHERE name = '${name}'`);
}
