import type { Type } from '../change.ts';

/** How a database declares a column for values of each type, so that no value changes on the way. */
export type ColumnTypes = Readonly<Record<Type | 'unknown', string>>;

/**
 * By database. What is not known to be of any type is held as JSON: there 1 and '1' are two values, and 1 and 1.0 are one.
 *
 * ClickHouse's decimals have 76 digits; half of them stand behind the point. Its own JSON would rewrite numbers, so there
 * JSON is text. A value that a type does not hold (a time before 1900, more digits) is refused and never cut.
 */
export const columnTypes: Readonly<Record<'postgres' | 'clickhouse', ColumnTypes>> = {
  postgres: {
    integer: 'bigint',
    numeric: 'numeric',
    double: 'double precision',
    boolean: 'boolean',
    text: 'text',
    character: 'bpchar',
    date: 'date',
    timestamp: 'timestamp',
    timestamptz: 'timestamptz',
    uuid: 'uuid',
    json: 'json',
    bytes: 'bytea',
    unknown: 'jsonb',
  },
  clickhouse: {
    integer: 'Nullable(Int64)',
    numeric: 'Nullable(Decimal(76, 38))',
    double: 'Nullable(Float64)',
    boolean: 'Nullable(Bool)',
    text: 'Nullable(String)',
    character: 'Nullable(String)',
    date: 'Nullable(Date32)',
    timestamp: "Nullable(DateTime64(6, 'UTC'))",
    timestamptz: "Nullable(DateTime64(6, 'UTC'))",
    uuid: 'Nullable(UUID)',
    json: 'Nullable(String)',
    bytes: 'Nullable(String)',
    unknown: 'Nullable(String)',
  },
};
