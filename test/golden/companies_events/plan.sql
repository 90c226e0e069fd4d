SELECT
  "event"."idempotency_key" AS "idempotency_key",
  "event"."event" AS "event",
  "event"."id" AS "id",
  "event"."organization_id" AS "organization_id",
  "event"."name" AS "name",
  "event"."created_at" AS "created_at",
  "event"."updated_at" AS "updated_at",
  "event"."changes" AS "changes",
  "event"."changes.name.from" AS "renamed_from",
  "event"."source.read_at" AS "ingested_at"
FROM "event";
