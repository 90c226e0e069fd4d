import { expect, test } from 'vitest';
import { isNamedFor, likeness } from '../../engine/infer/words.ts';

test.each([
  // A column, another one, the other one's table, and how much the names say.
  ['customer_id', 'customer_id', 'customers', 3],
  ['customer_id', 'id', 'customers', 3],
  ['customerId', 'id', 'Customer', 3],
  ['categoryId', 'id', 'categories', 3],
  ['order_line_id', 'id', 'order_line', 3],
  ['flow_id', 'flow_id', 'request', 3],
  ['country', 'code', 'country', 2],
  ['billing_customer_id', 'id', 'customer', 2],
  ['sale_transaction_id', 'transaction_id', 'transaction', 2],
  ['amount', 'amount', 'request', 1],
  ['merchant_reference', 'reference', 'request', 1],
  ['id', 'id', 'customers', 0],
  ['user_id', 'id', 'customers', 0],
  ['addresses', 'id', 'address', 0],
  ['city', 'name', 'customers', 0],
  ['', '', '', 0],
] as const)('%j says of %j in %j: %d', (column, other, table, expected) => {
  expect(likeness(column, other, table)).toBe(expected);
});

test.each([
  ['id', 'orders', true],
  ['order_id', 'orders', true],
  ['transaction_id', 'transaction_request', true],
  ['customer_id', 'orders', false],
  ['order_total', 'orders', false],
] as const)('that %j is named for %j: %s', (column, table, expected) => {
  expect(isNamedFor(column, table)).toBe(expected);
});
