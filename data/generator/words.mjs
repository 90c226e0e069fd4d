/** What the payments are made of: names, texts and codes that a real log would hold, the awkward ones included. */

export const CUSTOMERS = [
  { id: 'customer-1001', first: 'Zoë', last: 'Ångström', city: 'Malmö', country: 'SE' },
  { id: 'customer-1002', first: 'José "Pepe"', last: 'Núñez', city: 'A Coruña', country: 'ES' },
  { id: 'customer-1003', first: '小龍', last: '李', city: '香港', country: 'HK' },
  { id: 'customer-1004', first: 'Saoirse', last: "O'Brien", city: 'Gaillimh', country: 'IE' },
  { id: 'customer-1005', first: 'Łukasz', last: 'Żółć', city: 'Łódź', country: 'PL' },
  { id: 'customer-1006', first: 'Νίκη', last: 'Παπαδοπούλου', city: 'Αθήνα', country: 'GR' },
  { id: 'customer-1007', first: 'Ada', last: 'Smith-Jones', city: 'London', country: 'GB' },
  { id: 'customer-1008', first: 'さくら', last: '山田', city: '東京', country: 'JP' },
  { id: 'customer-1009', first: 'Jürgen', last: 'von der Straße', city: 'Köln', country: 'DE' },
  { id: 'customer-1010', first: 'Fox 🦊', last: 'GmbH & Co. KG', city: 'Wien', country: 'AT' },
  { id: 'back\\slash', first: 'C:\\', last: 'Doe', city: 'São Paulo', country: 'BR' },
  { id: 'customer-1012', first: 'Mary', last: 'Null', city: 'Austin', country: 'US' },
];

/** `digits`: how many of an amount's digits are minor units. */
export const CURRENCIES = [
  { code: 'GBP', digits: 2 },
  { code: 'EUR', digits: 2 },
  { code: 'USD', digits: 2 },
  { code: 'SEK', digits: 2 },
  { code: 'PLN', digits: 2 },
  { code: 'BRL', digits: 2 },
  { code: 'JPY', digits: 0 },
];

export const PROCESSORS = [
  { name: 'ADYEN', account: 'c9a64c1e-58b0-4c0f-9a3a-0a1d9f6f1c01', url: 'https://pal-test.adyen.test/Payment/v64' },
  {
    name: 'STRIPE',
    account: '3e0e3c6b-0e0c-4a52-8d5c-6f54a5d5b902',
    url: 'https://api.stripe.test/v1/payment_intents',
  },
  {
    name: 'CHECKOUT',
    account: '7f2d9a10-93c4-4f6e-b0f7-2c8f1a4e7d03',
    url: 'https://api.sandbox.checkout.test/payments',
  },
  { name: 'WORLDPAY', account: 'a1b8e4d2-6c1f-4f0b-8a77-5d3b9c2e6f04', url: 'https://try.worldpay.test/api/payments' },
  {
    name: 'BRAINTREE',
    account: '5c7e1f38-2b9d-4d11-9e6a-8f0a7b3c1d05',
    url: 'https://payments.braintree.test/graphql',
  },
];

export const INSTRUMENTS = [
  { type: 'PAYMENT_CARD', network: 'VISA', bank: 'Crédit Agricole' },
  { type: 'PAYMENT_CARD', network: 'VISA', bank: 'Barclays Bank UK PLC' },
  { type: 'PAYMENT_CARD', network: 'MASTERCARD', bank: 'Sparkasse "KölnBonn"' },
  { type: 'PAYMENT_CARD', network: 'MASTERCARD', bank: '三菱UFJ銀行' },
  { type: 'PAYMENT_CARD', network: 'AMEX', bank: null },
  { type: 'APPLE_PAY', network: 'VISA', bank: 'Revolut' },
  { type: 'GOOGLE_PAY', network: 'MASTERCARD', bank: 'Monzo' },
  { type: 'PAYPAL_BILLING_AGREEMENT', network: null, bank: null },
  { type: 'KLARNA_CUSTOMER_TOKEN', network: null, bank: null },
];

/** What `vault_options.payment_method` says: when the instrument is kept for later. */
export const VAULTING = ['NEVER', 'NEVER', 'ON_SUCCESSFUL_PAYMENT', 'ALWAYS', null];

/** `type` and `reason` are null where the issuer was never asked. */
export const DECLINES = [
  { reason: 'INSUFFICIENT_FUNDS', type: 'SOFT_DECLINE', code: '51', message: 'Not enough balance' },
  { reason: 'INSUFFICIENT_FUNDS', type: 'SOFT_DECLINE', code: '61', message: 'Exceeds "daily" limit' },
  { reason: 'DO_NOT_HONOR', type: 'SOFT_DECLINE', code: '05', message: 'Issuer said: "Do not honour"' },
  { reason: 'AUTHENTICATION_REQUIRED', type: 'SOFT_DECLINE', code: '1A', message: 'Authentification exigée' },
  { reason: 'ISSUER_TEMPORARILY_UNAVAILABLE', type: 'SOFT_DECLINE', code: '91', message: 'Timeout \\ try again' },
  { reason: 'EXPIRED_CARD', type: 'HARD_DECLINE', code: '54', message: 'Karte abgelaufen' },
  { reason: 'SUSPECTED_FRAUD', type: 'HARD_DECLINE', code: '59', message: 'Risk engine says no\n(rule 7)' },
  { reason: 'LOST_OR_STOLEN_CARD', type: 'HARD_DECLINE', code: '43', message: 'Pick up card' },
  { reason: null, type: null, code: null, message: 'The processor answered 401' },
];

export const PRODUCTS = ['gift card', 'T-shirt "XL"', 'crème brûlée', 'book\\notes', 'tea 茶', 'plain ticket'];
