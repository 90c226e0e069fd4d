SELECT
  "group"."g0" AS "merchant_id",
  "group"."g1" AS "amount_category",
  "group"."a0" AS "transactions"
FROM (
SELECT
  "transactions"."merchant_id" AS "g0",
  CASE WHEN etl_at_least_numeric("transactions"."amount", '100000') THEN 'High Value' WHEN etl_at_least_numeric("transactions"."amount", '50000') THEN 'Medium Value' ELSE 'Low Value' END AS "g1",
  count(*) AS "a0"
FROM "transactions"
WHERE etl_equal_dynamic("transactions"."status", 'SUCCESS')
GROUP BY 1, 2
) AS "group";
