SELECT
  "group"."g0" AS "transaction_id",
  "group"."g1" AS "organization_id",
  "group"."g2" AS "name",
  "group"."a0" AS "uses"
FROM (
SELECT
  "transaction"."id" AS "g0",
  "organizations"."id" AS "g1",
  "organizations"."name" AS "g2",
  count("card_transactions"."id") AS "a0"
FROM "transaction"
  JOIN "bank_accounts" ON "transaction"."bank_account_id" = "bank_accounts"."id"
  JOIN "organizations" ON "bank_accounts"."organization_id" = "organizations"."id"
  LEFT JOIN "card_transactions" ON "transaction"."id" = "card_transactions"."transaction_id" AND etl_equal_dynamic("card_transactions"."status", 0)
WHERE etl_equal_dynamic("transaction"."subject_type", 'Card')
GROUP BY 1, 2, 3
) AS "group";
