SELECT
  "transactions"."transaction_id" AS "transaction_id",
  "transactions"."user_id" AS "user_id",
  "transactions"."merchant_id" AS "merchant_id",
  etl_write_numeric("transactions"."amount") AS "amount",
  "transactions"."status" AS "status",
  "transactions"."transaction_time" AS "transaction_time",
  "transactions"."_version" AS "_version"
FROM "transactions";
