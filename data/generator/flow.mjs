/**
 * One payment from its token to its last event, as the rows it leaves in the log.
 *
 * @import { Random } from './random.mjs'
 * @import { Inserted } from './tables.mjs'
 *
 * @typedef {object} Payment What the rows of one payment share.
 * @property {number} at When it began, in microseconds.
 * @property {string} flow
 * @property {string} transaction
 * @property {string} request
 * @property {string} payment
 * @property {string | null} token
 * @property {number} amount
 * @property {{ code: string, digits: number }} currency
 * @property {string} reference
 * @property {typeof CUSTOMERS[number]} customer
 * @property {typeof PROCESSORS[number]} processor
 * @property {typeof INSTRUMENTS[number]} instrument
 * @property {typeof DECLINES[number]} decline
 */
import {
  authenticationDocument,
  customerDocument,
  errorDocument,
  instrumentDocument,
  metadataDocument,
  requestDocument,
  responseDocument,
  riskDocument,
} from './documents.mjs';
import { jsonb } from './jsonb.mjs';
import { inserted } from './tables.mjs';
import { SECOND, timestamp } from './time.mjs';
import { CURRENCIES, CUSTOMERS, DECLINES, INSTRUMENTS, PROCESSORS, VAULTING } from './words.mjs';

const USER = '4f1d8f8e-0c39-4a36-9a35-2f3f5f0e7a11';

/** @param {Random} random @param {number} at @returns {Payment} */
export function paymentAt(random, at) {
  return {
    at,
    flow: random.uuid(),
    transaction: random.uuid(),
    request: random.uuid(),
    payment: random.uuid(),
    token: random.token(36),
    amount: 100 + random.below(random.pick([5_000, 50_000, 900_000])),
    currency: random.pick(CURRENCIES),
    reference: random.token(8).toLowerCase(),
    customer: random.pick(CUSTOMERS),
    processor: random.pick(PROCESSORS),
    instrument: random.pick(INSTRUMENTS),
    decline: random.pick(DECLINES),
  };
}

/** @param {Random} random @param {Payment} payment */
export function tokenRow(random, payment) {
  const vaulted = random.chance(0.4);
  const authenticated = payment.instrument.network !== null && random.chance(0.5);
  const row = {
    token_id: payment.token,
    analytics_id: `${random.token(43)}=`,
    merchant_analytics_id: random.token(24),
    token_type: vaulted ? 'MULTI_USE' : 'SINGLE_USE',
    payment_instrument_type: payment.instrument.type,
    payment_instrument_data: instrumentDocument(random, payment),
    vault_data: vaulted ? jsonb({ customer_id: payment.customer.id }) : null,
    three_d_secure_authentication: authenticated ? authenticationDocument(random) : null,
    multi_use_token_id: vaulted ? random.token(36) : null,
  };
  return inserted('payment_instrument_token_data', row, payment.at - random.below(SECOND));
}

/** @param {Random} random @param {Payment} payment */
export function requestRow(random, payment) {
  const row = {
    transaction_request_id: payment.request,
    transaction_request_type: 'AUTHORIZATION_REQUEST',
    transaction_id: payment.transaction,
    processor_merchant_account_id: payment.processor.account,
    user_id: USER,
    created_at: timestamp(payment.at),
    amount: payment.amount,
    currency_code: payment.currency.code,
    submit_for_settlement: random.chance(0.5),
    reference: payment.reference,
    final: random.pick([true, false, null]),
    customer_details: customerDocument(random, payment),
    flow_id: payment.flow,
    vault_options: jsonb({ payment_method: random.pick(VAULTING) }),
    token_id: payment.token,
    payment_request_id: random.uuid(),
    metadata: metadataDocument(random),
  };
  return inserted('transaction_request', row, payment.at + late(random));
}

/** @param {Random} random @param {Payment} payment @param {string} status */
export function transactionRow(random, payment, status) {
  const row = {
    transaction_id: payment.transaction,
    processor_transaction_id: status === 'PENDING' ? null : random.token(16),
    transaction_type: 'SALE',
    date: timestamp(payment.at),
    processor_merchant_account_id: payment.processor.account,
    merchant_reference: payment.reference,
    amount: payment.amount,
    currency_code: payment.currency.code,
    direction: 'DEBIT',
    status,
    risk_data: random.chance(0.6) ? riskDocument(random) : null,
    created_at: timestamp(payment.at),
    updated_at: timestamp(payment.at),
    payment_id: payment.payment,
    token_id: payment.token,
    statement_descriptor: random.pick([null, 'TEST*SHOP', 'CAFÉ "№ 1"']),
  };
  return inserted('transaction', row, payment.at + late(random));
}

/**
 * The columns in which events differ, by what happened.
 *
 * @type {Readonly<Record<string, (random: Random, payment: Payment, at: number, declined: boolean) => object>>}
 */
const EVENTS = {
  submitted: (_random, payment) => lifecycle('AUTHORIZATION_SUBMITTED', payment),
  authorized: (_random, payment) => lifecycle('AUTHORIZED', payment),
  settled: (_random, payment) => lifecycle('SETTLED', payment),
  failed: (random, payment) => ({
    ...lifecycle('AUTHORIZATION_FAILED', payment),
    error_details: errorDocument(random, payment),
    reason: payment.decline.message,
  }),
  asked: (random, payment, at, declined) => ({
    event_type: 'THIRD_PARTY_REQUEST',
    third_party_request: requestDocument(random, payment, at),
    third_party_response: responseDocument(random, at, declined),
    connection_id: payment.processor.name,
  }),
  updated: (random, _payment, _at, declined) => ({
    event_type: 'UPDATE',
    updates: jsonb({ status: declined ? 'DECLINED' : random.pick(['AUTHORIZED', 'SETTLING', 'PENDING']) }),
  }),
  notified: (random, payment) => ({
    event_type: 'NOTIFICATION',
    notification: jsonb({ to: payment.customer.first, tries: [1, [2, null]], subject: 'Your "refund" \\ Ihr Geld' }),
    notification_type: random.pick(['PAYMENT_STATUS', 'REFUND', 'DISPUTE_OPENED']),
    delivered: random.chance(0.8),
    notification_config_id: random.uuid(),
    connection_callback_request_id: random.chance(0.5) ? `callback/${random.token(6)}` : null,
  }),
};

/** @param {string} event @param {Payment} payment */
function lifecycle(event, payment) {
  return {
    event_type: 'TRANSACTION_LIFECYCLE_EVENT',
    transaction_lifecycle_event: event,
    transaction_request_id: payment.request,
  };
}

/**
 * @param {Random} random
 * @param {Payment} payment
 * @param {readonly string[]} happened Names of EVENTS, in order.
 * @param {() => bigint} sortId
 * @param {Readonly<Record<string, null>>} [nulls] Columns that are NULL whatever the payment says.
 * @returns {Inserted[]}
 */
export function eventRows(random, payment, happened, sortId, nulls = {}) {
  const declined = happened.includes('failed');
  let at = payment.at;
  return happened.map((name) => {
    at += 1 + random.below(SECOND / 5);
    const row = {
      event_id: random.uuid(),
      event_sort_id: sortId(),
      date: timestamp(at),
      flow_id: payment.flow,
      transaction_id: payment.transaction,
      created_at: timestamp(at),
      payment_id: payment.payment,
      ...EVENTS[name]?.(random, payment, at, declined),
      ...nulls,
    };
    return inserted('event_v2_data', row, at);
  });
}

/** Some rows are committed late, so that what refers to them is read first. @param {Random} random */
const late = (random) => (random.chance(0.3) ? random.below(5 * SECOND) : random.below(SECOND / 100));
