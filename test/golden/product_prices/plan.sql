SELECT
  "product"."id" AS "id",
  "product"."name" AS "name",
  "product"."price" AS "price",
  "product"."details.colour" AS "colour",
  "product"."at" AS "changed_at"
FROM "product";
