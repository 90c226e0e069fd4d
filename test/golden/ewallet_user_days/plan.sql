SELECT
  "group"."g0" AS "user_id",
  "group"."g1" AS "transaction_date",
  etl_write_numeric("group"."a0") AS "total_amount"
FROM (
SELECT
  "transactions"."user_id" AS "g0",
  etl_timestamp_to_date("transactions"."transaction_time") AS "g1",
  etl_sum_numeric("transactions"."amount") AS "a0"
FROM "transactions"
WHERE etl_equal_dynamic("transactions"."status", 'SUCCESS')
GROUP BY 1, 2
) AS "group";
