SELECT
  "transactions"."transaction_id" AS "transaction_id",
  etl_surrogate_key(etl_dynamic_to_text("transactions"."user_id")) AS "user_key",
  etl_surrogate_key(etl_dynamic_to_text("transactions"."merchant_id")) AS "merchant_key",
  "transactions"."transaction_time" AS "transaction_time",
  etl_timestamp_to_date("transactions"."transaction_time") AS "transaction_date",
  "transactions"."status" AS "status",
  etl_write_numeric("transactions"."amount") AS "amount",
  CASE WHEN etl_at_least_numeric("transactions"."amount", '100000') THEN 'High Value' WHEN etl_at_least_numeric("transactions"."amount", '50000') THEN 'Medium Value' ELSE 'Low Value' END AS "amount_category"
FROM "transactions"
WHERE etl_equal_dynamic("transactions"."status", 'SUCCESS');
