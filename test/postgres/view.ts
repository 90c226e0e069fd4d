/**
 * Mappings, each with the query that PostgreSQL answers it by. The queries are written by hand from the meaning of the
 * language, so that they owe nothing to the engine's SQL.
 */
import { readFileSync } from 'node:fs';
import type { OracleType } from '../oracle/datum.ts';

export interface View {
  readonly name: string;
  /** The YAML of the mapping. */
  readonly mapping: string;
  /** The types of the metric's columns, as the log or their expression gives them. */
  readonly types: readonly OracleType[];
  /** What the columns of the metric are, in order, and where they come from. */
  readonly select: readonly string[];
  readonly from: string;
}

/** A view's rows, each a JSON array of texts. Of character(n) the blanks are kept, as the log shows them. */
export function queryOf({ select, from }: View): string {
  return `SELECT json_build_array(${select.map((each) => `(${each})::text`).join(', ')}) FROM ${from}`;
}

const fileOf = (metric: string): string => readFileSync(`mappings/${metric}.yaml`, 'utf8');

/** wal2json shows NaN as NULL. */
const FEE = "nullif(t.fee, 'NaN')";

const dashboard: View = {
  name: 'dashboard_metric',
  mapping: fileOf('dashboard_metric'),
  types: texts(15, { 9: 'integer', 10: 'character', 12: 'json' }),
  select: [
    'e.event_id',
    'e.flow_id',
    'e.created_at',
    'e.transaction_lifecycle_event',
    "e.error_details ->> 'decline_reason'",
    "e.error_details ->> 'decline_type'",
    "r.vault_options ->> 'payment_method'",
    't.transaction_id',
    't.transaction_type',
    't.amount',
    'rpad(t.currency_code::text, 3)',
    't.processor_merchant_account_id',
    'i.three_d_secure_authentication',
    'i.payment_instrument_type',
    "i.vault_data ->> 'customer_id'",
  ],
  from: `event_v2_data e
    JOIN transaction t ON e.transaction_id = t.transaction_id
    JOIN transaction_request r ON e.flow_id = r.flow_id
    JOIN payment_instrument_token_data i ON r.token_id = i.token_id`,
};

const journal: View = {
  name: 'event_journal',
  mapping: fileOf('event_journal'),
  types: texts(15, { 1: 'integer', 6: 'boolean', 9: 'integer', 10: 'character' }),
  select: [
    'e.event_id',
    'e.event_sort_id',
    'e.created_at',
    'e.event_type',
    'e.transaction_lifecycle_event',
    "e.updates ->> 'status'",
    'e.delivered',
    'e.payment_id',
    't.status',
    't.amount',
    'rpad(t.currency_code::text, 3)',
    "r.customer_details ->> 'customer_id'",
    "r.metadata -> 'items' -> 0 ->> 'name'",
    'i.payment_instrument_type',
    "i.payment_instrument_data -> 'bin_data' ->> 'issuer_name'",
  ],
  from: `event_v2_data e
    LEFT JOIN transaction t ON e.transaction_id = t.transaction_id
    LEFT JOIN transaction_request r ON e.flow_id = r.flow_id
    LEFT JOIN payment_instrument_token_data i ON r.token_id = i.token_id`,
};

const declines: View = {
  name: 'decline_report',
  mapping: fileOf('decline_report'),
  types: texts(9, { 5: 'numeric', 6: 'character', 7: 'integer' }),
  select: [
    'e.event_id',
    'e.created_at::date',
    "lower(e.error_details ->> 'source')",
    "coalesce(e.error_details ->> 'decline_reason', 'NOT_ASKED')",
    `CASE e.error_details ->> 'decline_type' WHEN 'SOFT_DECLINE' THEN 'try again'
      WHEN 'HARD_DECLINE' THEN 'ask for another card' ELSE 'look into the connection' END`,
    // Not 100.0, with which PostgreSQL gives one more digit: a numeric of the language has no zeros at its end.
    "CASE t.currency_code WHEN 'JPY' THEN t.amount ELSE t.amount / 100::numeric END",
    'rpad(t.currency_code::text, 3)',
    "(t.risk_data ->> 'score')::bigint",
    `replace(i.payment_instrument_type, '_', ' ')
      || coalesce(' ending in ' || (i.payment_instrument_data ->> 'last_4_digits'), '')`,
  ],
  from: `event_v2_data e
    JOIN transaction t ON e.transaction_id = t.transaction_id
    LEFT JOIN payment_instrument_token_data i ON t.token_id = i.token_id
    WHERE e.transaction_lifecycle_event = 'AUTHORIZATION_FAILED'`,
};

/** A table under two aliases, a partner reached from two others, a filter before the joins and one after. */
const retries: View = {
  name: 'retry',
  mapping: `
metric: retry
source: { format: wal2json, path: wal.json }
tables:
  event: { table: event_v2_data, key: event_id }
  earlier: { table: event_v2_data, key: event_id }
  transaction: { key: transaction_id, where: status is null or status <> 'FAILED' }
  request: { table: transaction_request, key: transaction_request_id }
from: event
join:
  - left: event.old_event_id = earlier.event_id
  - left: event.transaction_id = transaction.transaction_id
  - left: request.flow_id = event.flow_id and request.transaction_id = transaction.transaction_id
where: earlier.delivered is null or not earlier.delivered or request.submit_for_settlement
columns:
  - event.event_id
  - { name: earlier_id, expr: earlier.event_id }
  - { name: earlier_reason, expr: earlier.reason }
  - event.note
  - transaction.fee
  - request.transaction_request_id
  - { name: asked, expr: request.amount }
  - { name: total, expr: 'coalesce(transaction.fee, 0) + request.amount' }
  - request.vault_options
sink: { sqlite: metrics.db }
`,
  types: texts(9, { 4: 'numeric', 6: 'integer', 7: 'numeric', 8: 'json' }),
  select: [
    'e.event_id',
    'p.event_id',
    'p.reason',
    // The column may not be there yet.
    "to_jsonb(e) ->> 'note'",
    FEE,
    'r.transaction_request_id',
    'r.amount',
    `coalesce(${FEE}, 0) + r.amount`,
    'r.vault_options',
  ],
  from: `event_v2_data e
    LEFT JOIN event_v2_data p ON e.old_event_id = p.event_id
    LEFT JOIN (SELECT * FROM transaction WHERE status IS NULL OR status <> 'FAILED') t
      ON e.transaction_id = t.transaction_id
    LEFT JOIN transaction_request r ON r.flow_id = e.flow_id AND r.transaction_id = t.transaction_id
    WHERE p.delivered IS NULL OR NOT p.delivered OR r.submit_for_settlement`,
};

/** A table without a key, whose rows are a bag. */
const remarks: View = {
  name: 'remarks',
  mapping: `
metric: remarks
source: { format: wal2json, path: wal.json }
tables:
  remark: { key: [] }
  event: { table: event_v2_data, key: event_id }
from: remark
join:
  - left: remark.event_id = event.event_id
columns:
  - remark.event_id
  - remark.body
  - remark.weight
  - event.error_details
sink: { sqlite: metrics.db }
`,
  types: texts(4, { 2: 'numeric', 3: 'json' }),
  select: ['k.event_id', 'k.body', "nullif(k.weight, 'NaN')", 'e.error_details'],
  from: 'remark k LEFT JOIN event_v2_data e ON k.event_id = e.event_id',
};

export const VIEWS: readonly View[] = [dashboard, journal, declines, retries, remarks];

/** As many texts, but for some. */
function texts(count: number, others: Readonly<Record<number, OracleType>>): OracleType[] {
  return Array.from({ length: count }, (_, place) => others[place] ?? 'text');
}
