/**
 * The nested documents of a payment, each as jsonb text.
 *
 * @import { Random } from './random.mjs'
 * @import { Payment } from './flow.mjs'
 */
import { Digits, jsonb } from './jsonb.mjs';
import { timestamp } from './time.mjs';
import { PRODUCTS } from './words.mjs';

/** @param {Random} random @param {Payment} payment */
export function instrumentDocument(random, { instrument, customer }) {
  if (instrument.network === null) return jsonb({ externalPayerInfo: { email: mail(random), externalPayerId: null } });
  return jsonb({
    network: instrument.network,
    bin_data: {
      network: instrument.network,
      issuer_name: instrument.bank,
      issuer_country_code: customer.country,
      account_funding_type: random.pick(['CREDIT', 'DEBIT', 'PREPAID', 'UNKNOWN']),
      issuer_currency_code: null,
    },
    cryptogram: null,
    last_4_digits: String(random.below(10_000)).padStart(4, '0'),
    cardholder_name: `${customer.first} ${customer.last}`,
    expiration_year: String(2024 + random.below(8)),
    expiration_month: String(1 + random.below(12)).padStart(2, '0'),
    is_network_tokenized: random.chance(0.2),
  });
}

/** @param {Random} random */
export function authenticationDocument(random) {
  return jsonb({
    response_code: random.pick(['AUTH_SUCCESS', 'AUTH_SUCCESS', 'AUTH_FAILED', 'CHALLENGE', 'NOT_PERFORMED']),
    reason_code: random.pick([null, 'UNKNOWN', 'TIMEOUT']),
    protocol_version: random.pick(['2.1.0', '2.2.0']),
    challenge_issued: random.chance(0.3),
  });
}

/** @param {Random} random @param {Payment} payment */
export function customerDocument(random, { customer }) {
  return jsonb({
    customer_id: customer.id,
    email_address: mail(random),
    billing_address: {
      city: customer.city,
      state: null,
      last_name: customer.last,
      first_name: customer.first,
      postal_code: String(10_000 + random.below(89_999)),
      country_code: customer.country,
      address_line_1: `${1 + random.below(200)} Harbour Road`,
      address_line_2: random.chance(0.2) ? 'Flat "B"\\2' : null,
    },
    shipping_address: null,
  });
}

/** @param {Random} random */
export function metadataDocument(random) {
  const items = Array.from({ length: 1 + random.below(3) }, () => ({
    name: random.pick(PRODUCTS),
    quantity: 1 + random.below(4),
    tags: random.pick([[], ['gift'], ['sale', null], [['nested', 1], 'x']]),
  }));
  return jsonb({ items, productId: `${random.below(1_000_000)}.${random.below(100_000_000)}` });
}

/** @param {Random} random */
export function riskDocument(random) {
  const probability = new Digits(`0.${String(random.below(10_000)).padStart(4, '0')}0`);
  const rules = [random.below(40), [random.below(40), null]];
  return jsonb({ score: random.below(100), rules, probability });
}

/** @param {Random} random @param {Payment} payment */
export function errorDocument(random, { processor, decline }) {
  return jsonb({
    source: processor.name,
    message: decline.message,
    decline_type: decline.type,
    decision_type: decline.type === null ? 'APPLICATION_ERROR' : 'ISSUER_DECLINE',
    decline_reason: decline.reason,
    decline_reason_v2: decline.reason,
    attempts: [[decline.code, random.below(3) + 1], [null]],
  });
}

/** @param {Random} random @param {Payment} payment @param {number} at */
export function requestDocument(random, { processor, amount, currency, reference, customer }, at) {
  const content = {
    amount: { value: amount, currency: currency.code },
    reference,
    merchantAccount: 'TestShopECOM',
    card: { number: '(hidden)', cvc: '(hidden)', holderName: `${customer.first} ${customer.last}` },
    billingAddress: { city: customer.city, country: customer.country, stateOrProvince: null },
    browser: { userAgent: `Mozilla/5.0 (X11; Linux x86_64) Test/${random.below(1000)}`, language: 'en-GB' },
  };
  return jsonb({
    date: timestamp(at).replace(' ', 'T'),
    method: 'POST',
    content: JSON.stringify(content),
    headers: { 'X-API-KEY': '(hidden)', 'Content-Type': 'application/json' },
    protocol: 'HTTP',
    destination: processor.url,
  });
}

/** @param {Random} random @param {number} at @param {boolean} declined */
export function responseDocument(random, at, declined) {
  const status = declined ? random.pick([200, 401, 402, 422]) : 200;
  return jsonb({
    date: timestamp(at).replace(' ', 'T'),
    status,
    content: JSON.stringify({ pspReference: random.token(16), resultCode: declined ? 'Refused' : 'Authorised' }),
    headers: {
      Date: new Date(at / 1000).toUTCString(),
      Server: 'envoy',
      'Set-Cookie': `session=${random.token(32)}; Path=/; Secure; HttpOnly`,
      'Content-Type': 'application/json',
    },
    protocol: 'HTTP',
  });
}

/** @param {Random} random */
const mail = (random) => `${random.token(9).toLowerCase()}@shop.test`;
