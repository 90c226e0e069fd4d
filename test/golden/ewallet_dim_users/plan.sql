SELECT
  etl_surrogate_key(etl_dynamic_to_text("users"."user_id")) AS "user_key",
  "users"."user_id" AS "user_id",
  "users"."name" AS "name",
  "users"."email" AS "email",
  "users"."city" AS "city",
  "users"."registered_at" AS "registered_at"
FROM "users";
