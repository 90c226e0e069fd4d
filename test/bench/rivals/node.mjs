/**
 * The metric with plain Node: JSON.parse of each line, Maps of what the joins need, better-sqlite3.
 *
 * It is told what the engine finds out: that there are inserts only, and one request for each flow.
 */
import { eachLine } from './lines.mjs';
import { openTarget } from './sqlite.mjs';

const [log, output] = process.argv.slice(2);

/** @type {Map<string, readonly unknown[]>} */
const [events, transactions, requests, tokens] = [new Map(), new Map(), new Map(), new Map()];

/** By table: keeps of a row what the metric needs. */
const keep = {
  event_v2_data: (row) => {
    const { decline_reason = null, decline_type = null } = JSON.parse(row.error_details ?? '{}');
    const { event_id, flow_id, created_at, transaction_lifecycle_event } = row;
    const event = [event_id, flow_id, created_at, transaction_lifecycle_event, decline_reason, decline_type];
    events.set(event_id, { event, flow: flow_id, transaction: row.transaction_id });
  },
  transaction: (row) => {
    const { transaction_id, transaction_type, amount, currency_code, processor_merchant_account_id } = row;
    const values = [transaction_id, transaction_type, amount, currency_code, processor_merchant_account_id];
    transactions.set(transaction_id, values);
  },
  transaction_request: (row) => {
    const { payment_method = null } = JSON.parse(row.vault_options ?? '{}');
    requests.set(row.flow_id, { method: payment_method, token: row.token_id });
  },
  payment_instrument_token_data: (row) => {
    const { customer_id = null } = JSON.parse(row.vault_data ?? '{}');
    tokens.set(row.token_id, [row.three_d_secure_authentication, row.payment_instrument_type, customer_id]);
  },
};

eachLine(log, (line) => {
  for (const { table, columnnames, columnvalues } of JSON.parse(line).change) {
    const row = {};
    for (let at = 0; at < columnnames.length; at++) row[columnnames[at]] = columnvalues[at];
    keep[table](row);
  }
});

const target = openTarget(output);
for (const { event, flow, transaction } of events.values()) {
  const request = requests.get(flow);
  const paid = transactions.get(transaction);
  const token = request && tokens.get(request.token);
  if (paid && token) target.write([...event, request.method, ...paid, ...token]);
}
target.close();
