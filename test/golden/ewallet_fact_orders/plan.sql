SELECT
  "orders"."_id.""$oid""" AS "order_id",
  etl_surrogate_key("orders"."user.id") AS "user_key",
  "orders"."user.device.os" AS "device",
  "orders"."items[0].sku" AS "first_sku",
  etl_text_to_integer("orders"."items[0].quantity") AS "first_quantity",
  etl_write_numeric(etl_text_to_numeric("orders"."total.""$numberDecimal""")) AS "total",
  etl_text_to_timestamptz("orders"."paid_at.""$date""") AS "paid_at"
FROM "orders";
