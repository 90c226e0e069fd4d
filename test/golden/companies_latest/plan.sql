SELECT
  "company"."organization_id" AS "organization_id",
  "company"."name" AS "name",
  "organizations"."name" AS "organization",
  coalesce("company"."updated_at", "company"."created_at") AS "changed_at",
  "insolvency"."insolvency_ts" AS "insolvency_ts"
FROM "company"
  LEFT JOIN "organizations" ON "company"."organization_id" = "organizations"."id"
  LEFT JOIN "insolvency" ON "company"."organization_id" = "insolvency"."organization_id";
