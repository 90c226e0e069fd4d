SELECT
  "event"."event_id" AS "event_id",
  etl_dynamic_to_date("event"."created_at") AS "declined_on",
  etl_lower("event"."error_details.source") AS "processor",
  coalesce("event"."error_details.decline_reason", 'NOT_ASKED') AS "reason",
  CASE WHEN ("event"."error_details.decline_type" = 'SOFT_DECLINE') THEN 'try again' WHEN ("event"."error_details.decline_type" = 'HARD_DECLINE') THEN 'ask for another card' ELSE 'look into the connection' END AS "advice",
  CASE WHEN etl_equal_dynamic("transaction"."currency_code", 'JPY') THEN "transaction"."amount" ELSE etl_divide_dynamic("transaction"."amount", 100) END AS "amount",
  "transaction"."currency_code" AS "currency_code",
  etl_text_to_integer("transaction"."risk_data.score") AS "risk_score",
  (etl_replace(etl_dynamic_as_text("instrument"."payment_instrument_type"), '_', ' ') || coalesce((' ending in ' || "instrument"."payment_instrument_data.last_4_digits"), '')) AS "card"
FROM "event"
  JOIN "transaction" ON "event"."transaction_id" = "transaction"."transaction_id"
  LEFT JOIN "instrument" ON "transaction"."token_id" = "instrument"."token_id"
WHERE etl_equal_dynamic("event"."transaction_lifecycle_event", 'AUTHORIZATION_FAILED');
