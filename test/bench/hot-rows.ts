import { digits, type LoggedValue } from '../log/log.ts';
import { inserted, type LogRow, sampleOf, updated, withValues } from './rows.ts';

/** Rows that join: for each count one transaction, with so many events, one request and one instrument. */
export function* hotRows(log: string, counts: readonly number[]): Generator<string> {
  const hot = templatesOf(log);
  for (const count of counts) {
    const [transaction_id, flow_id, token_id] = [hotId('a', count), hotId('b', count), hotId('c', count)];
    yield inserted(hot('transaction', { transaction_id }));
    yield inserted(hot('transaction_request', { transaction_request_id: hotId('d', count), flow_id, token_id }));
    yield inserted(hot('payment_instrument_token_data', { token_id }));
    for (let event = 0; event < count; event++) {
      yield inserted(hot('event_v2_data', { event_id: hotId('e', count, event), transaction_id, flow_id }));
    }
  }
}

/** An update of the transaction that so many of the hot events have. */
export function hotUpdate(log: string, count: number): string {
  return updated(templatesOf(log)('transaction', { transaction_id: hotId('a', count), amount: digits('1') }));
}

/** Gives a row of each table of a log, with some values of its own. */
function templatesOf(log: string): (table: string, values: Readonly<Record<string, LoggedValue>>) => LogRow {
  const templates = new Map(sampleOf(log, 500).map((row) => [row.table, row]));
  return (table, values) => {
    const template = templates.get(table);
    if (!template) throw new Error(`no row of ${table} among those drawn`);
    return withValues(template, values);
  };
}

/** A UUID that no draw gives. */
function hotId(kind: string, count: number, event = 0): string {
  return `${String(count).padStart(8, '0')}-${kind.repeat(4)}-0000-0000-${String(event).padStart(12, '0')}`;
}
