/**
 * The tables of the real log under their own names and types, with three things more: `transaction.fee`, a numeric;
 * `remark`, a table without a key; and in another schema a table that no mapping reads, though its name is known.
 */
export const SCHEMA = `
  DROP SCHEMA IF EXISTS archive CASCADE;
  DROP SCHEMA public CASCADE;
  CREATE SCHEMA public;
  CREATE SCHEMA archive;
  CREATE TYPE event_type AS ENUM ('TRANSACTION_LIFECYCLE_EVENT', 'THIRD_PARTY_REQUEST', 'UPDATE');
  CREATE TYPE transaction_lifecycle_event_type AS ENUM
    ('AUTHORIZATION_SUBMITTED', 'AUTHORIZATION_FAILED', 'AUTHORIZED', 'it''s "ödd" \\ ');
  CREATE TYPE notification_type AS ENUM ('WEBHOOK', 'EMAIL');
  CREATE TYPE transaction_type AS ENUM ('SALE', 'REFUND');
  CREATE TYPE transaction_direction AS ENUM ('DEBIT', 'CREDIT');
  CREATE TYPE transaction_status AS ENUM ('PENDING', 'FAILED', 'SETTLED');
  CREATE TYPE transaction_request_type AS ENUM ('AUTHORIZATION_REQUEST', 'CAPTURE_REQUEST');
  CREATE TYPE token_type AS ENUM ('SINGLE_USE', 'MULTI_USE');
  CREATE DOMAIN merchant_name AS text;

  CREATE TABLE event_v2_data (
    event_id uuid PRIMARY KEY, event_sort_id bigint, date timestamp, event_type event_type, flow_id uuid,
    transaction_id uuid, updates jsonb, transaction_lifecycle_event transaction_lifecycle_event_type,
    third_party_request jsonb, third_party_response jsonb, notification jsonb, created_at timestamp,
    notification_type notification_type, error_details jsonb, delivered boolean, notification_config_id uuid,
    connection_callback_request_id text, transaction_request_id uuid, old_event_id uuid, payment_id uuid,
    reason varchar(255), connection_id varchar(255)
  );
  CREATE TABLE transaction (
    transaction_id uuid PRIMARY KEY, processor_transaction_id varchar(255), transaction_type transaction_type,
    date timestamp, processor_merchant_account_id uuid, merchant_reference merchant_name, amount integer,
    currency_code character(3), direction transaction_direction, status transaction_status, risk_data jsonb,
    sale_transaction_id uuid, created_at timestamp, updated_at timestamp, external_risk_data jsonb,
    network_transaction_id varchar(255), payment_id uuid, token_id varchar(36), statement_descriptor varchar(255),
    fee numeric
  );
  CREATE TABLE transaction_request (
    transaction_request_id uuid PRIMARY KEY, idempotency_key varchar(255),
    transaction_request_type transaction_request_type, transaction_id uuid, processor_merchant_account_id uuid,
    user_id uuid, created_at timestamp, amount integer, currency_code character(3), submit_for_settlement boolean,
    billing_address jsonb, reference varchar(255), final boolean, reason varchar(255), sale_transaction_id uuid,
    customer_details jsonb, recurring jsonb, flow_id uuid, vault_options jsonb, token_id varchar(36),
    payment_request_id uuid, statement_descriptor varchar(255), metadata jsonb
  );
  CREATE TABLE payment_instrument_token_data (
    token_id varchar(36) PRIMARY KEY, analytics_id varchar(44), merchant_analytics_id varchar(44),
    token_type token_type, payment_instrument_type varchar(255), payment_instrument_data jsonb, vault_data jsonb,
    three_d_secure_authentication jsonb, multi_use_token_id varchar(36)
  );
  CREATE TABLE archive.transaction (transaction_id uuid PRIMARY KEY, amount integer);
  CREATE TABLE remark (event_id uuid, body text, weight numeric);
  ALTER TABLE remark REPLICA IDENTITY FULL;
`;

export const KEYED = ['event_v2_data', 'transaction', 'transaction_request', 'payment_instrument_token_data'] as const;

export type TableName = (typeof KEYED)[number] | 'remark';
