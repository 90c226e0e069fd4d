SELECT
  "group"."g0" AS "category",
  "group"."a0" AS "transactions",
  etl_write_numeric("group"."a1") AS "amount_inc_tax"
FROM (
SELECT
  "transactions"."category" AS "g0",
  count(*) AS "a0",
  etl_sum_numeric("transactions"."amount_inc_tax") AS "a1"
FROM "transactions"
GROUP BY 1
) AS "group";
