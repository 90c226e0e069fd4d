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

    etl_date_to_text: written('date'),
    etl_timestamp_to_text: written('timestamp'),
    etl_timestamptz_to_text: written('timestamptz'),
    etl_text_to_timestamptz: `CREATE OR REPLACE FUNCTION etl_text_to_timestamptz(text) RETURNS timestamptz STABLE STRICT LANGUAGE sql
  SET timezone = 'UTC' SET datestyle = 'ISO' AS 'SELECT CAST($1 AS timestamptz)';`,
  }),
);

function written(type: string): string {
  return `CREATE OR REPLACE FUNCTION etl_${type}_to_text(${type}) RETURNS text IMMUTABLE STRICT LANGUAGE sql
  SET timezone = 'UTC' SET datestyle = 'ISO' AS 'SELECT CAST($1 AS text)';`;
}
