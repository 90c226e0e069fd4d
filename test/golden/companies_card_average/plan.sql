SELECT
  "group"."g0" AS "id",
  "group"."g1" AS "name",
  "group"."a0" AS "average"
FROM (
SELECT
  "card"."organization_id" AS "g0",
  "card"."name" AS "g1",
  etl_numeric_to_dynamic(etl_divide_numeric(etl_sum_dynamic("card"."uses"), etl_integer_to_numeric(count("card"."uses")))) AS "a0"
FROM "card"
GROUP BY 1, 2
) AS "group";
