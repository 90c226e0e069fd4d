/** A small metric and its log: three payments, of which one waits for its transaction. */
import { asArray, insert } from '../log/log.ts';

export const mapping = `metric: payments
source: { format: wal2json, path: wal.json }
tables:
  event: { key: event_id }
  transaction: { key: transaction_id }
from: event
join:
  - event.transaction_id = transaction.transaction_id
columns:
  - event.event_id
  - transaction.amount
sink: { sqlite: metrics.db }
`;

/** The same over two sources. */
export const twoSources = mapping
  .replace('source: {', 'sources:\n  shop: {')
  .replace('path: wal.json }', 'path: shop.json }\n  bank: { format: wal2json, path: bank.json }')
  .replace('{ key: event_id }', '{ source: shop, key: event_id }')
  .replace('{ key: transaction_id }', '{ source: bank, key: transaction_id }');

export const event = (id: number, transaction: number): string =>
  insert('event', [
    ['event_id', 'integer', id],
    ['transaction_id', 'integer', transaction],
  ]);

export const transaction = (id: number, amount: number): string =>
  insert('transaction', [
    ['transaction_id', 'integer', id],
    ['amount', 'integer', amount],
  ]);

export const events = [event(1, 7), event(2, 8), event(3, 9)];
export const transactions = [transaction(7, 500), transaction(8, 250)];
export const records = [...events, ...transactions];
export const log = asArray(records);

/** What the metric holds of that log. */
export const rows = ['1,500', '2,250'];

export const files = { 'payments.yaml': mapping, 'wal.json': log };
