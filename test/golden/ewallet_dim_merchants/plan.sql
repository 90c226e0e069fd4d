SELECT
  etl_surrogate_key(etl_dynamic_to_text("merchants"."merchant_id")) AS "merchant_key",
  "merchants"."merchant_id" AS "merchant_id",
  "merchants"."name" AS "name",
  "merchants"."category" AS "category",
  "merchants"."city" AS "city"
FROM "merchants";
