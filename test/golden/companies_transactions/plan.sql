SELECT
  "group"."g0" AS "id",
  "group"."g1" AS "name",
  "group"."a0" AS "transactions"
FROM (
SELECT
  "organizations"."id" AS "g0",
  "organizations"."name" AS "g1",
  count(DISTINCT CASE WHEN etl_equal_dynamic("transaction"."status", 1) THEN "transaction"."id" ELSE NULL END) AS "a0"
FROM "organizations"
  LEFT JOIN "bank_accounts" ON "organizations"."id" = "bank_accounts"."organization_id"
  LEFT JOIN "transaction" ON "bank_accounts"."id" = "transaction"."bank_account_id"
GROUP BY 1, 2
) AS "group";
