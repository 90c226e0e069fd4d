/**
 * The metric by embedded ClickHouse, into a MergeTree table of a data folder. `--rows FOLDER` prints that table, a JSON
 * array a row.
 *
 * It is told what the engine finds out: that there are inserts only, each key once, and at which place of a table's
 * values each column stands.
 */
import { Session } from 'chdb';
import { COLUMNS } from './metric.mjs';

const [log, output] = process.argv.slice(2);

const field = (/** @type {string} */ document, /** @type {string} */ name) =>
  `JSONExtract(ifNull(${document}, ''), '${name}', 'Nullable(String)')`;

const PICKED = `
  SELECT change[1].1 AS name, change[1].2 AS v, multiIf(
    name = 'event_v2_data',
      [v[1], v[5], v[12], v[8], v[6], ${field('v[14]', 'decline_reason')}, ${field('v[14]', 'decline_type')}],
    name = 'transaction', [v[1], v[3], v[7], v[8], v[5]],
    name = 'transaction_request', [v[18], v[20], ${field('v[19]', 'payment_method')}],
    [v[1], v[8], v[5], ${field('v[7]', 'customer_id')}]) AS p
  FROM file('LOG', 'JSONEachRow', 'change Array(Tuple("table" String, columnvalues Array(Nullable(String))))')`;

const QUERY = `
  SELECT event_id, flow_id, created_at, transaction_lifecycle_event, decline_reason, decline_type, payment_method,
    transaction_id, transaction_type, amount, currency_code, processor_merchant_account_id,
    three_d_secure_authentication, payment_instrument_type, customer_id
  FROM (
    SELECT p[1] AS event_id, p[2] AS flow_id, p[3] AS created_at, p[4] AS transaction_lifecycle_event,
      p[5] AS transaction_id, p[6] AS decline_reason, p[7] AS decline_type
    FROM staged WHERE name = 'event_v2_data'
  ) AS event
  JOIN (
    SELECT p[1] AS transaction_id, p[2] AS transaction_type, toInt64(p[3]) AS amount, p[4] AS currency_code,
      p[5] AS processor_merchant_account_id
    FROM staged WHERE name = 'transaction'
  ) AS paid USING (transaction_id)
  JOIN (
    SELECT p[1] AS flow_id, p[2] AS token_id, p[3] AS payment_method FROM staged WHERE name = 'transaction_request'
  ) AS request USING (flow_id)
  JOIN (
    SELECT p[1] AS token_id, p[2] AS three_d_secure_authentication, p[3] AS payment_instrument_type, p[4] AS customer_id
    FROM staged WHERE name = 'payment_instrument_token_data'
  ) AS token USING (token_id)`;

const session = new Session(output);
if (log === '--rows') await printRows();
else derive();
session.close();

function derive() {
  session.query('CREATE DATABASE metrics');
  session.query('USE metrics');
  session.query('CREATE TABLE staged (name LowCardinality(String), p Array(Nullable(String))) ENGINE = Memory');
  session.query(`INSERT INTO staged SELECT name, p FROM (${PICKED.replace('LOG', log)})`);
  session.query(`CREATE TABLE dashboard_metric ENGINE = MergeTree ORDER BY tuple() AS ${QUERY}`);
  session.query('DROP TABLE staged');
}

async function printRows() {
  const sql = `SELECT ${COLUMNS} FROM metrics.dashboard_metric`;
  for await (const chunk of session.queryStream(sql, { format: 'JSONCompactEachRow' }))
    process.stdout.write(chunk.text());
}
