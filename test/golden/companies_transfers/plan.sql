SELECT
  "group"."g0" AS "id",
  "group"."g1" AS "name",
  "group"."a0" AS "transfers"
FROM (
SELECT
  "organizations"."id" AS "g0",
  "organizations"."name" AS "g1",
  count(DISTINCT CASE WHEN ("beneficiaries"."id" IS NOT NULL) THEN "transfers"."id" ELSE NULL END) AS "a0"
FROM "organizations"
  LEFT JOIN "bank_accounts" ON "organizations"."id" = "bank_accounts"."organization_id"
  LEFT JOIN "transaction" ON "bank_accounts"."id" = "transaction"."bank_account_id" AND etl_equal_dynamic("transaction"."status", 1)
  LEFT JOIN "transfers" ON "transaction"."id" = "transfers"."transaction_id" AND etl_equal_dynamic("transfers"."status", 3)
  LEFT JOIN "beneficiaries" ON "transfers"."beneficiary_id" = "beneficiaries"."id" AND etl_like(etl_dynamic_as_text("beneficiaries"."bic"), '4F%')
GROUP BY 1, 2
) AS "group";
