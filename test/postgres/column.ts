/** The columns that a workload writes, and what it writes there. */
import type { Dice } from './dice.ts';
import { anyJson, jsonb, listJson, objectJson, wholeJson, wordJson } from './json.ts';
import type { TableName } from './schema.ts';
import {
  bigint,
  boolean,
  currency,
  integer,
  numeric,
  oddTimestamp,
  quoted,
  TOKEN_COUNT,
  text,
  timestamp,
  token,
  uuid,
} from './value.ts';

export interface Column {
  readonly name: string;
  /** Draws a value as a SQL literal. */
  readonly draw: (dice: Dice) => string;
}

export interface Table {
  /** Null where the table has none. */
  readonly key: Column | null;
  readonly columns: readonly Column[];
}

const eventId = (dice: Dice): string => uuid(1, lowBelow(dice, 24));
const transactionId = (dice: Dice): string => uuid(2, lowBelow(dice, 8));
const requestId = (dice: Dice): string => uuid(3, lowBelow(dice, 10));
const flowId = (dice: Dice): string => uuid(4, lowBelow(dice, 6));
const tokenId = (dice: Dice): string => token(lowBelow(dice, TOKEN_COUNT));

/** More often a low number than a high one, so that rows often meet and some wait. */
function lowBelow(dice: Dice, count: number): number {
  return Math.min(dice.below(count), dice.below(count));
}

export const TABLES: Readonly<Record<TableName, Table>> = {
  event_v2_data: {
    key: { name: 'event_id', draw: eventId },
    columns: columnsOf({
      flow_id: flowId,
      transaction_id: transactionId,
      old_event_id: eventId,
      event_sort_id: bigint,
      event_type: oneOf('TRANSACTION_LIFECYCLE_EVENT', 'THIRD_PARTY_REQUEST', 'UPDATE'),
      transaction_lifecycle_event: oneOf('AUTHORIZATION_FAILED', 'AUTHORIZATION_FAILED', 'it\'s "ödd" \\ '),
      created_at: timestamp,
      updates: jsonb({ status: wordJson('FAILED', 'PENDING', "it's"), at: anyJson }),
      error_details: jsonb({
        source: wordJson('ADYEN', 'Stripe', 'ÄÖ'),
        decline_type: wordJson('SOFT_DECLINE', 'HARD_DECLINE'),
        decline_reason: wordJson('INSUFFICIENT_FUNDS', ''),
      }),
      delivered: boolean,
      payment_id: transactionId,
      reason: text,
      note: text,
      third_party_request: jsonb({ method: wordJson('POST') }),
      date: oddTimestamp,
      connection_id: text,
    }),
  },
  transaction: {
    key: { name: 'transaction_id', draw: transactionId },
    columns: columnsOf({
      token_id: tokenId,
      transaction_type: oneOf('SALE', 'REFUND'),
      amount: integer,
      currency_code: currency,
      fee: numeric,
      status: oneOf('PENDING', 'FAILED', 'SETTLED'),
      processor_merchant_account_id: flowId,
      risk_data: jsonb({ score: wholeJson }),
      external_risk_data: jsonb({}),
      updated_at: oddTimestamp,
      merchant_reference: text,
    }),
  },
  transaction_request: {
    key: { name: 'transaction_request_id', draw: requestId },
    columns: columnsOf({
      flow_id: flowId,
      transaction_id: transactionId,
      token_id: tokenId,
      amount: integer,
      vault_options: jsonb({ payment_method: wordJson('NEVER', 'ALWAYS') }),
      customer_details: jsonb({ customer_id: wordJson('12341234', '007') }),
      metadata: jsonb({ items: listJson(objectJson({ name: wordJson('hat', 'coat') })) }),
      currency_code: currency,
      submit_for_settlement: boolean,
      idempotency_key: text,
    }),
  },
  payment_instrument_token_data: {
    key: { name: 'token_id', draw: tokenId },
    columns: columnsOf({
      token_type: oneOf('SINGLE_USE', 'MULTI_USE'),
      payment_instrument_type: text,
      payment_instrument_data: jsonb({
        bin_data: objectJson({ issuer_name: wordJson('Bank "Ü"') }),
        last_4_digits: wordJson('1111', '0042'),
      }),
      vault_data: jsonb({ customer_id: wordJson('cust_1', '') }),
      three_d_secure_authentication: jsonb({ b: anyJson, a: anyJson }),
      analytics_id: oneOf('kQy-J7jC', "'"),
    }),
  },
  remark: {
    key: null,
    // Of few values, so that rows are often equal, or equal but for a NULL.
    columns: columnsOf({
      event_id: (dice) => uuid(1, dice.below(3)),
      body: (dice) => dice.pick(['NULL', "'seen'", "'it''s'"]),
      weight: (dice) => dice.pick(['NULL', '1.50', "'NaN'"]),
    }),
  },
};

function columnsOf(draws: Readonly<Record<string, Column['draw']>>): Column[] {
  return Object.entries(draws).map(([name, draw]) => ({ name, draw }));
}

function oneOf(...words: readonly string[]): Column['draw'] {
  return (dice) => quoted(dice.pick(words));
}
