import { asLines, digits, type LoggedValue } from '../log/log.ts';
import { freshRecords } from './logs.ts';
import { deleted, sampleOf, updated, withValues } from './rows.ts';

/** Ten changes: inserts, updates and deletes. */
const MIX = 'IUIDIUIDIU';

/** What an update says anew, by table: values that the metric shows. */
const UPDATES: Readonly<Record<string, Readonly<Record<string, LoggedValue>>>> = {
  event_v2_data: { created_at: '2030-01-01 00:00:00', transaction_lifecycle_event: 'SETTLED' },
  transaction: { amount: digits('1'), currency_code: 'CHF' },
  transaction_request: { vault_options: '{"payment_method": "ALWAYS"}' },
  payment_instrument_token_data: {
    payment_instrument_type: 'PAYMENT_CARD',
    vault_data: '{"customer_id": "customer-0"}',
  },
};

/**
 * Changes on top of a log with one record a line: half of them inserts of fresh rows, three of ten updates and two of ten
 * deletes of rows of the log, each of another row.
 */
export function mixedChanges(log: string, count: number): string {
  const kinds = Array.from({ length: count }, (_, at) => MIX[at % MIX.length]);
  const fresh = freshRecords(kinds.filter((kind) => kind === 'I').length).values();
  const standing = sampleOf(log, kinds.filter((kind) => kind !== 'I').length).values();
  return asLines(
    kinds.map((kind) => {
      if (kind === 'I') return taken(fresh);
      const row = taken(standing);
      return kind === 'D' ? deleted(row) : updated(withValues(row, UPDATES[row.table] ?? {}));
    }),
  );
}

function taken<T>(from: Iterator<T>): T {
  const { value, done } = from.next();
  if (done) throw new Error('too few rows were drawn');
  return value;
}
