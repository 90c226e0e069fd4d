SELECT
  "group"."g0" AS "transaction_date",
  "group"."a0" AS "transactions"
FROM (
SELECT
  "transactions"."transaction_date" AS "g0",
  count(*) AS "a0"
FROM "transactions"
GROUP BY 1
) AS "group";
