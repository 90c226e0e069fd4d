SELECT
  "stock"."shop" AS "shop",
  "stock"."product" AS "product",
  "stock"."name" AS "name",
  "stock"."pieces" AS "pieces",
  etl_write_numeric(etl_multiply_numeric(etl_integer_to_numeric("stock"."pieces"), "stock"."price")) AS "worth",
  "stock"."source.file" AS "list"
FROM "stock";
