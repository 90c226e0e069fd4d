SELECT
  "window"."v0" AS "day",
  "window"."v1" AS "currency_code",
  "window"."v2" AS "events",
  "window"."v3" AS "transactions",
  "window"."v4" AS "failed",
  "window"."v5" AS "volume",
  etl_round_dynamic("window"."v6", 2) AS "average",
  "window"."v7" AS "largest",
  etl_round_dynamic(etl_divide_dynamic(etl_multiply_dynamic(100, "window"."v5"), "window"."w0"), 2) AS "percent",
  "window"."w1" AS "volume_so_far"
FROM (
SELECT
  "v0" AS "v0",
  "v1" AS "v1",
  "v2" AS "v2",
  "v3" AS "v3",
  "v4" AS "v4",
  "v5" AS "v5",
  "v6" AS "v6",
  "v7" AS "v7",
  etl_numeric_to_dynamic(etl_sum_dynamic("i0") OVER ()) AS "w0",
  etl_numeric_to_dynamic(etl_sum_dynamic("i1") OVER (PARTITION BY "p1_0" ORDER BY etl_key_instant("o1_0") NULLS LAST)) AS "w1"
FROM (
SELECT
  "group"."g0" AS "v0",
  "group"."g1" AS "v1",
  "group"."a0" AS "v2",
  "group"."a1" AS "v3",
  "group"."a2" AS "v4",
  "group"."a3" AS "v5",
  "group"."a4" AS "v6",
  "group"."a5" AS "v7",
  "group"."a3" AS "i0",
  "group"."a3" AS "i1",
  "group"."g1" AS "p1_0",
  "group"."g0" AS "o1_0"
FROM (
SELECT
  etl_dynamic_to_date("event"."created_at") AS "g0",
  "transaction"."currency_code" AS "g1",
  count(*) AS "a0",
  count(DISTINCT "transaction"."transaction_id") AS "a1",
  count(CASE WHEN etl_equal_dynamic("event"."transaction_lifecycle_event", 'AUTHORIZATION_FAILED') THEN 1 ELSE NULL END) AS "a2",
  etl_numeric_to_dynamic(etl_sum_dynamic("transaction"."amount")) AS "a3",
  etl_numeric_to_dynamic(etl_divide_numeric(etl_sum_dynamic("transaction"."amount"), etl_integer_to_numeric(count("transaction"."amount")))) AS "a4",
  etl_max_dynamic("transaction"."amount") AS "a5"
FROM "event"
  JOIN "transaction" ON "event"."transaction_id" = "transaction"."transaction_id"
GROUP BY 1, 2
) AS "group"
) AS "row"
) AS "window";
