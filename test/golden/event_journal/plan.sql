SELECT
  "event"."event_id" AS "event_id",
  "event"."event_sort_id" AS "event_sort_id",
  "event"."created_at" AS "created_at",
  "event"."event_type" AS "event_type",
  "event"."transaction_lifecycle_event" AS "transaction_lifecycle_event",
  "event"."updates.status" AS "new_status",
  "event"."delivered" AS "delivered",
  "event"."payment_id" AS "payment_id",
  "transaction"."status" AS "status",
  "transaction"."amount" AS "amount",
  "transaction"."currency_code" AS "currency_code",
  "request"."customer_details.customer_id" AS "customer_id",
  "request"."metadata.items[0].name" AS "first_item",
  "instrument"."payment_instrument_type" AS "payment_instrument_type",
  "instrument"."payment_instrument_data.bin_data.issuer_name" AS "issuer_name"
FROM "event"
  LEFT JOIN "transaction" ON "event"."transaction_id" = "transaction"."transaction_id"
  LEFT JOIN "request" ON "event"."flow_id" = "request"."flow_id"
  LEFT JOIN "instrument" ON "request"."token_id" = "instrument"."token_id";
