/** The columns of the metric, in order; one is a number, the others are text. */
export const COLUMNS = [
  'event_id',
  'flow_id',
  'created_at',
  'transaction_lifecycle_event',
  'decline_reason',
  'decline_type',
  'payment_method',
  'transaction_id',
  'transaction_type',
  'amount',
  'currency_code',
  'processor_merchant_account_id',
  'three_d_secure_authentication',
  'payment_instrument_type',
  'customer_id',
];
