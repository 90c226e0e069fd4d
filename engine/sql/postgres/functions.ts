import { relationColumn } from '../column-type.ts';

/** The functions that PostgreSQL is to have before it is asked what the dialect says, each by its name. */
export const postgresFunctions: ReadonlyMap<string, string> = new Map(
  Object.entries({
    etl_fail: `CREATE OR REPLACE FUNCTION etl_fail(why text, nothing anyelement) RETURNS anyelement VOLATILE LANGUAGE plpgsql AS
  'BEGIN RAISE EXCEPTION ''%'', why; END';`,

    // Places are integers of four bytes; nothing has more of them than that.
    etl_place: `CREATE OR REPLACE FUNCTION etl_place(bigint) RETURNS integer IMMUTABLE STRICT LANGUAGE sql AS
  'SELECT CAST(least(greatest($1, -1000000000), 1000000000) AS integer)';`,

    etl_part_of_key: `CREATE OR REPLACE FUNCTION etl_part_of_key(text) RETURNS text IMMUTABLE LANGUAGE sql AS
  'SELECT coalesce(octet_length($1) || '':'' || $1, ''n'')';`,

    // The value that a double has, digit for digit: sums of these are exact, in any order.
    etl_exact: `CREATE OR REPLACE FUNCTION etl_exact(value double precision) RETURNS numeric IMMUTABLE STRICT LANGUAGE plpgsql AS $etl$
DECLARE
  bits bigint := CAST(CAST('x' || encode(float8send(value), 'hex') AS bit(64)) AS bigint);
  power integer := greatest((bits >> 52) & 2047, 1) - 1075;
  mantissa numeric := (bits & 4503599627370495) + CASE WHEN (bits >> 52) & 2047 > 0 THEN 4503599627370496 ELSE 0 END;
BEGIN
  IF (bits >> 52) & 2047 = 2047 THEN RETURN CAST(value AS numeric); END IF;
  mantissa := CASE WHEN power < 0 THEN mantissa * 5::numeric ^ (- power) * CAST('1e' || power AS numeric)
    ELSE mantissa * 2::numeric ^ power END;
  RETURN trim_scale(CASE WHEN bits < 0 THEN - mantissa ELSE mantissa END);
END $etl$;`,

    // A double is the decimal number of its digits, but for more digits than it keeps: then it is no decimal number.
    etl_key_of_double: `CREATE OR REPLACE FUNCTION etl_key_of_double(value double precision) RETURNS numeric IMMUTABLE STRICT LANGUAGE sql AS $etl$
  SELECT CASE
    WHEN value = trunc(value) AND abs(value) < 9223372036854775807 THEN CAST(CAST(value AS bigint) AS numeric)
    WHEN CAST(CAST(value AS numeric) AS double precision) = value THEN CAST(value AS numeric)
  END
$etl$;`,

    // Values of unknown type are JSON. A text of more digits than a double has is a number among numbers.
    etl_number: `CREATE OR REPLACE FUNCTION etl_number(value jsonb) RETURNS numeric IMMUTABLE STRICT LANGUAGE plpgsql AS $etl$
BEGIN
  IF jsonb_typeof(value) = 'number' OR value #>> '{}' ~ '^-?(0|[1-9]\\d*)(\\.\\d*[1-9])?$' AND length(value #>> '{}') > 15 THEN
    RETURN CAST(value #>> '{}' AS numeric);
  END IF;
  RAISE EXCEPTION '% is no number', value;
END $etl$;`,
    etl_text: `CREATE OR REPLACE FUNCTION etl_text(value jsonb) RETURNS text IMMUTABLE STRICT LANGUAGE plpgsql AS $etl$
BEGIN
  IF jsonb_typeof(value) = 'string' THEN RETURN value #>> '{}'; END IF;
  RAISE EXCEPTION '% is no text', value;
END $etl$;`,
    etl_of_number: `CREATE OR REPLACE FUNCTION etl_of_number(numeric) RETURNS jsonb IMMUTABLE STRICT LANGUAGE sql AS
  'SELECT to_jsonb(trim_scale($1))';`,
    etl_is_integer: `CREATE OR REPLACE FUNCTION etl_is_integer(numeric) RETURNS boolean IMMUTABLE STRICT LANGUAGE sql AS
  'SELECT $1 = trunc($1) AND $1 BETWEEN -9223372036854775808 AND 9223372036854775807';`,
    etl_add_dynamic: calculation('add', '+'),
    etl_subtract_dynamic: calculation('subtract', '-'),
    etl_multiply_dynamic: calculation('multiply', '*'),
    etl_modulo_dynamic: calculation('modulo', '%'),
    etl_divide_dynamic: `CREATE OR REPLACE FUNCTION etl_divide_dynamic(a jsonb, b jsonb) RETURNS jsonb IMMUTABLE STRICT LANGUAGE sql AS $etl$
  SELECT etl_of_number(CASE WHEN etl_is_integer(etl_number(a)) AND etl_is_integer(etl_number(b))
    THEN div(etl_number(a), etl_number(b)) ELSE trim_scale(etl_number(a)) / trim_scale(etl_number(b)) END)
$etl$;`,
    etl_compare_dynamic: `CREATE OR REPLACE FUNCTION etl_compare_dynamic(a jsonb, b jsonb) RETURNS integer IMMUTABLE STRICT LANGUAGE sql AS $etl$
  SELECT CASE WHEN jsonb_typeof(a) = 'string' AND jsonb_typeof(b) = 'string'
    THEN CASE WHEN a #>> '{}' = b #>> '{}' THEN 0 WHEN a #>> '{}' < b #>> '{}' COLLATE "C" THEN -1 ELSE 1 END
    ELSE CAST(sign(etl_number(a) - etl_number(b)) AS integer) END
$etl$;`,
    etl_min_dynamic: end('min', '<='),
    etl_max_dynamic: end('max', '>='),
    // A text for each number, in the order of the numbers: shifted far above zero and written with all its places.
    etl_order_dynamic: `CREATE OR REPLACE FUNCTION etl_order_dynamic(value jsonb) RETURNS bytea IMMUTABLE STRICT LANGUAGE sql AS $etl$
  SELECT CASE WHEN jsonb_typeof(value) = 'string' AND NOT (value #>> '{}' ~ '^-?(0|[1-9]\\d*)(\\.\\d*[1-9])?$' AND length(value #>> '{}') > 15)
    THEN convert_to('~' || (value #>> '{}'), 'UTF8')
    ELSE convert_to(lpad(CAST(1e100 + etl_number(value) AS text), 101 + CASE WHEN scale(etl_number(value)) > 0 THEN 1 + scale(etl_number(value)) ELSE 0 END, '0'), 'UTF8') END
$etl$;`,
    etl_date_minus_dynamic: `CREATE OR REPLACE FUNCTION etl_date_minus_dynamic(a date, b jsonb) RETURNS jsonb IMMUTABLE STRICT LANGUAGE sql AS $etl$
  SELECT CASE WHEN jsonb_typeof(b) = 'number' THEN to_jsonb(etl_date_to_text(a - CAST(etl_number(b) AS integer)))
    ELSE to_jsonb(a - CAST(etl_text(b) AS date)) END
$etl$;`,
    ...Object.fromEntries(
      (['text', 'integer', 'numeric', 'double', 'boolean'] as const).map((type) => [
        `etl_dynamic_to_${type}`,
        fromUnknown(type),
      ]),
    ),

    etl_date_to_text: written('date'),
    etl_timestamp_to_text: written('timestamp'),
    etl_timestamptz_to_text: written('timestamptz'),
    etl_text_to_timestamptz: `CREATE OR REPLACE FUNCTION etl_text_to_timestamptz(text) RETURNS timestamptz STABLE STRICT LANGUAGE sql
  SET timezone = 'UTC' SET datestyle = 'ISO' AS 'SELECT CAST($1 AS timestamptz)';`,
  }),
);

/** Beside NULL nothing is looked at: what is strict in SQL is put in the place of its call, and looks at both. */
function calculation(name: string, operator: string): string {
  return `CREATE OR REPLACE FUNCTION etl_${name}_dynamic(jsonb, jsonb) RETURNS jsonb IMMUTABLE STRICT LANGUAGE plpgsql AS
  'BEGIN RETURN etl_of_number(etl_number($1) ${operator} etl_number($2)); END';`;
}

/** The value that comes first, by the order of values of unknown type. */
function end(name: string, before: string): string {
  return `CREATE OR REPLACE FUNCTION etl_${name}_of_dynamic(a jsonb, b jsonb) RETURNS jsonb IMMUTABLE STRICT LANGUAGE sql AS
  'SELECT CASE WHEN etl_compare_dynamic(a, b) ${before} 0 THEN a ELSE b END';
CREATE OR REPLACE AGGREGATE etl_${name}_dynamic(jsonb) (SFUNC = etl_${name}_of_dynamic, STYPE = jsonb);`;
}

/** What a cast makes of a number, and of a text. */
function fromUnknown(type: 'text' | 'integer' | 'numeric' | 'double' | 'boolean'): string {
  const name = relationColumn(type, 'postgres');
  const number = type === 'boolean' ? 'etl_number(value) <> 0' : `CAST(trim_scale(etl_number(value)) AS ${name})`;
  return `CREATE OR REPLACE FUNCTION etl_dynamic_to_${type}(value jsonb) RETURNS ${name} IMMUTABLE STRICT LANGUAGE sql AS $etl$
  SELECT CASE WHEN jsonb_typeof(value) = 'number' THEN ${number} ELSE CAST(etl_text(value) AS ${name}) END
$etl$;`;
}

function written(type: string): string {
  return `CREATE OR REPLACE FUNCTION etl_${type}_to_text(${type}) RETURNS text IMMUTABLE STRICT LANGUAGE sql
  SET timezone = 'UTC' SET datestyle = 'ISO' AS 'SELECT CAST($1 AS text)';`;
}
