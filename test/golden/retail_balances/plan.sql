SELECT
  "window"."v0" AS "name",
  "window"."v1" AS "transaction_date",
  etl_write_numeric("window"."v2") AS "balance",
  etl_write_numeric("window"."w0") AS "running_balance"
FROM (
SELECT
  "v0" AS "v0",
  "v1" AS "v1",
  "v2" AS "v2",
  etl_sum_numeric("i0") OVER (PARTITION BY "p0_0" ORDER BY etl_order_dynamic("o0_0") NULLS LAST) AS "w0"
FROM (
SELECT
  "group"."g0" AS "v0",
  "group"."g1" AS "v1",
  "group"."a0" AS "v2",
  "group"."a0" AS "i0",
  "group"."g0" AS "p0_0",
  "group"."g1" AS "o0_0"
FROM (
SELECT
  "transactions"."name" AS "g0",
  "transactions"."transaction_date" AS "g1",
  etl_sum_numeric(CASE WHEN etl_equal_dynamic("transactions"."category", 'SELL') THEN "transactions"."amount_inc_tax" WHEN etl_equal_dynamic("transactions"."category", 'BUY') THEN etl_negate_numeric("transactions"."amount_inc_tax") ELSE NULL END) AS "a0"
FROM "transactions"
GROUP BY 1, 2
) AS "group"
) AS "row"
) AS "window";
