SELECT
  "sale"."id" AS "id",
  etl_text_to_date(((((etl_substr("sale"."source.file", 14, 4) || '-') || etl_substr("sale"."source.file", 11, 2)) || '-') || etl_substr("sale"."source.file", 8, 2))) AS "transaction_date",
  "sale"."category" AS "category",
  "sale"."description" AS "name",
  etl_dynamic_to_integer("sale"."quantity") AS "quantity",
  etl_write_numeric(etl_dynamic_to_numeric("sale"."amount_excl_tax")) AS "amount_excl_tax",
  etl_write_numeric(etl_round_numeric(etl_multiply_numeric(etl_dynamic_to_numeric("sale"."amount_excl_tax"), '1.2'), 2)) AS "amount_inc_tax"
FROM "sale"
WHERE ((((((etl_failing('["not_equal_dynamic",["coalesce",0,{"string":""}],{"string":""}]', "sale"."category") IS NULL) AND (etl_failing('["not_equal_dynamic",["coalesce",0,{"string":""}],{"string":""}]', "sale"."description") IS NULL)) AND coalesce(("sale"."quantity" IS NOT NULL), 1)) AND (etl_failing('["greater_integer",["dynamic_to_integer",0],{"bigint":"0"}]', "sale"."quantity") IS NULL)) AND (etl_failing('["not",["is null",["dynamic_to_numeric",0]]]', "sale"."amount_excl_tax") IS NULL)) AND (etl_failing('["not",["is null",["dynamic_to_numeric",0]]]', "sale"."amount_inc_tax") IS NULL));
