import type { Type, Value } from '../../change.ts';
import { comparisonNames } from '../../expression/operation/compare.ts';
import { readNumeric } from '../../expression/operation/numeric.ts';
import { refuse, shown } from '../../expression/operation/operation.ts';
import { operations } from '../../expression/operation/operations.ts';
import { pathText } from '../../expression/paths.ts';
import { scansOf } from '../../plan/compile.ts';
import type { Plan } from '../../plan/plan.ts';
import { relationColumn } from '../column-type.ts';
import { as, comparisonsOf, type Dialect, infix, isTime, overUntyped, type Remote, type Saying } from '../dialect.ts';
import { doubles } from './doubles.ts';
import { numbers } from './numbers.ts';
import { text } from './say.ts';
import { texts } from './texts.ts';
import { times } from './times.ts';
import { untyped } from './untyped.ts';

/** Dates against times of day. */
const timeComparison =
  (operator: string): Saying =>
  (args, types) =>
    infix(operator)(
      types.every((type) => type === 'date') ? args : args.map((arg, n) => instant(arg, types[n] ?? null)),
      types,
    );

function instant(sql: string, type: Type | null): string {
  return type === 'date' ? `toDateTime64(${sql}, 6, 'UTC')` : sql;
}

/** Each argument in another form first. */
const formed =
  (form: string) =>
  (operator: string): Saying =>
    as(`(${form.replace('$', '$1')} ${operator} ${form.replace('$', '$2')})`);

/** Lazily: ClickHouse computes all arguments of its own coalesce, and one of them might fail. */
const coalesce: Saying = (args) => {
  if (args.slice(1).every((arg) => !arg.includes('('))) return `coalesce(${args.join(', ')})`;
  const whens = args.slice(0, -1).map((arg) => `WHEN ${arg} IS NOT NULL THEN ${arg}`);
  return `CASE ${whens.join(' ')} ELSE ${args.at(-1)} END`;
};

const ends = (name: 'min' | 'max', argument: string): readonly (readonly [string, Saying])[] => [
  ...['integer', 'numeric', 'double', 'text', 'time'].map(
    (kind) => [`${name}_${kind}`, as(`${name}OrNull($1)`)] as const,
  ),
  [`${name}_character`, as(`${argument}OrNull($1, trim(TRAILING ' ' FROM $1))`)],
];

/** Numbers of unknown type are computed as decimals; whole ones of 64 bits are integers. */
const dynamics = overUntyped(dynamic, [
  ...['add', 'subtract', 'multiply', 'divide', 'modulo'].map(
    (name) => [`${name}_dynamic`, `etl_${name}_dynamic($1, $2)`] as const,
  ),
  ['negate_dynamic', 'toString(negate(etl_number($1)))'],
  ['abs_dynamic', 'toString(abs(etl_number($1)))'],
  ...Object.entries(comparisonNames).map(
    ([operator, name]) => [`${name}_dynamic`, `(etl_compare_dynamic($1, $2) ${operator} 0)`] as const,
  ),
  ['dynamic_as_integer', 'etl_numeric_to_integer(etl_number($1))'],
  ['dynamic_as_double', 'toFloat64(toString(etl_number($1)))'],
  ['dynamic_as_boolean', 'CAST(etl_number($1) != 0 AS Nullable(Bool))'],
  ['dynamic_as_text', 'etl_text($1)'],
  ...(['bytes', 'uuid', 'date', 'timestamp', 'timestamptz'] as const).map(
    (type) => [`dynamic_as_${type}`, `etl_text_to_${type}(etl_text($1))`] as const,
  ),
  ...(['bytes', 'uuid', 'json', 'date', 'timestamp', 'timestamptz'] as const).map(
    (type) => [`dynamic_to_${type}`, `etl_text_to_${type}(etl_text($1))`] as const,
  ),
  ['min_dynamic', 'argMinOrNull($1, etl_order_dynamic($1))'],
  ['max_dynamic', 'argMaxOrNull($1, etl_order_dynamic($1))'],
  ['sum_dynamic', 'sumOrNull(etl_number($1))'],
]);

const native: Dialect['native'] = new Map<string, Saying>([
  ...dynamics,
  [
    'round_dynamic',
    ([value = '', place = '0'], [type = null]) =>
      `toString(etl_round_numeric(etl_number(${dynamic(value, type)}), ${place}))`,
  ],
  [
    'date_minus_dynamic',
    ([date = '', other = ''], [, type = null]) => `etl_date_minus_dynamic(${date}, ${dynamic(other, type)})`,
  ],
  ['numeric_to_dynamic', as('toString($1)')],
  ['coalesce', coalesce],
  ['add_numeric', infix('+')],
  ['subtract_numeric', infix('-')],
  ['negate_numeric', as('negate($1)')],
  ['negate_double', as('negate($1)')],
  ['abs_numeric', as('abs($1)')],
  ['abs_double', as('abs($1)')],
  ['round_double', as('roundBankers($1)')],
  ['round_numeric', ([value, places = '0']) => `etl_round_numeric(${value}, ${places})`],
  ['average_double', infix('/')],
  ['sum_numeric', as('sumOrNull($1)')],
  [
    'sum_double',
    as('sumMapIf([etl_exact_part(assumeNotNull($1)), 200], [etl_exact_units(assumeNotNull($1)), 1], $1 IS NOT NULL)'),
  ],
  ...ends('min', 'argMin'),
  ...ends('max', 'argMax'),

  ['concat', as('concat($1, $2)')],
  ['concat_bytes', as('concat($1, $2)')],
  ['lower', as('lower($1)')],
  ['upper', as('upper($1)')],
  ['trim', as('trimBoth($1)')],
  ['length', as('toInt64(lengthUTF8($1))')],
  ['length_bytes', as('toInt64(length($1))')],
  ['replace', as('replaceAll($1, $2, $3)')],
  ['substr', ([value, from, length = 'toInt64(2000000000)']) => `etl_substr(${value}, ${from}, ${length})`],
  ['surrogate_key', (args) => `lower(hex(MD5(concat(${args.map((arg) => `etl_part_of_key(${arg})`).join(', ')}))))`],

  ['year', as('toInt64(toYear($1))')],
  ['month', as('toInt64(toMonth($1))')],
  ['day', as('toInt64(toDayOfMonth($1))')],
  ['hour', as('toInt64(toHour($1))')],

  ...['integer', 'numeric', 'double', 'text', 'bytes'].flatMap((kind) => comparisonsOf(kind)),
  ...comparisonsOf('character', formed("trim(TRAILING ' ' FROM $)")),
  ...comparisonsOf('uuid', formed('toString($)')),
  ...comparisonsOf('time', timeComparison),

  ['integer_to_numeric', as('toDecimal256($1, 38)')],
  ['integer_to_double', as('toFloat64($1)')],
  ['integer_to_boolean', as('CAST($1 != 0 AS Nullable(Bool))')],
  ['integer_to_text', as('toString($1)')],
  ['numeric_to_text', as('toString($1)')],
  ['numeric_to_double', as('toFloat64(toString($1))')],
  ['double_to_integer', as("accurateCast(roundBankers($1), 'Nullable(Int64)')")],
  ['boolean_to_integer', as('toInt64($1)')],
  ['boolean_to_text', as('toString(CAST($1 AS Nullable(Bool)))')],
  ['date_to_timestamp', as("toDateTime64($1, 6, 'UTC')")],
  ['date_to_timestamptz', as("toDateTime64($1, 6, 'UTC')")],
  ['date_to_text', as('toString($1)')],
  ['timestamp_to_date', as('toDate32($1)')],
  ['timestamp_to_timestamptz', as('$1')],
  ['timestamptz_to_date', as('toDate32($1)')],
  ['timestamptz_to_timestamp', as('$1')],
  ['character_to_text', as("trim(TRAILING ' ' FROM $1)")],
  ['uuid_to_text', as('toString($1)')],
  ['json_to_text', as('$1')],
  ['bytes_to_text', as(`concat(${text('\\x')}, lower(hex($1)))`)],
  ['key_character', as("trim(TRAILING ' ' FROM $1)")],
  ['key_instant', as('$1')],
]);

/** As many digits as a decimal has before the point and behind it. */
const NUMERIC = /^-?\d{1,38}(?:\.\d{1,38})?$/;

/** A literal of its type, as wide as a column of it. Throws an OperationError where ClickHouse does not hold the value. */
function value(value: Value, type: Type | null): string {
  if (value === null) return `CAST(NULL AS ${relationColumn(type, 'clickhouse')})`;
  if (value instanceof Uint8Array) return `unhex('${Buffer.from(value).toString('hex')}')`;
  if (type === null) return untypedValue(value);
  switch (type) {
    case 'integer':
      return `toInt64(${text(String(value))})`;
    case 'boolean':
      return value === 0n ? 'false' : 'true';
    case 'double':
      return double(Number(value));
    case 'numeric':
      return `toDecimal256('${held(value, type, NUMERIC)}', 38)`;
    case 'uuid':
      return `toUUID('${held(value, type, /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/)}')`;
    case 'date':
      return `toDate32('${time(value, type)}')`;
    case 'timestamp':
    case 'timestamptz':
      return `toDateTime64('${time(value, type).replace(/\+00$/, '')}', 6, 'UTC')`;
    default:
      return text(String(value));
  }
}

function untypedValue(value: bigint | number | string): string {
  if (typeof value === 'string') return `toJSONString(${text(value)})`;
  return text(held(readNumeric(String(value)), 'numeric', NUMERIC));
}

function double(value: number): string {
  if (!Number.isFinite(value)) return `toFloat64('${value > 0 ? 'inf' : '-inf'}')`;
  return `toFloat64(${Object.is(value, -0) ? '-0.' : String(value)})`;
}

function time(value: Value, type: Type): string {
  const printed = operations.get(`text_to_${type}`)?.evaluate(value) ?? null;
  return held(printed, type, /^(?:19|2[0-2])\d\d-[^B]*$/);
}

function held(value: Value, type: Type, pattern: RegExp): string {
  const written = String(value);
  return pattern.test(written)
    ? written
    : refuse('CONSTANT_NOT_HELD', { value: shown(value), type, database: 'ClickHouse' });
}

/** Numbers meet by decimal value, and texts of all kinds by their characters. */
function key(sql: string, type: Type | null, other: Type | null): string {
  if (type === null || other === null)
    return type === 'double' ? `toString(etl_key_of_double(${sql}))` : dynamic(sql, type);
  if (type === other) return order(sql, type);
  if (type === 'double') return `etl_key_of_double(${sql})`;
  if (type === 'integer') return `toDecimal256(${sql}, 38)`;
  if (isTime(type) && isTime(other)) return instant(sql, type);
  return type === 'numeric' || type === 'text' ? sql : asText(sql, type);
}

function asText(sql: string, type: Type): string {
  return native.get(`${type}_to_text`)?.([sql], [type]) ?? `etl_${type}_to_text(${sql})`;
}

/** As it stands where no type is known. */
function dynamic(sql: string, type: Type | null): string {
  if (type === null) return sql;
  if (type === 'boolean') return `toString(toInt64(${sql}))`;
  if (type === 'double') return `toString(etl_text_to_numeric(etl_double_to_text(${sql})))`;
  if (type === 'integer' || type === 'numeric') return `toString(${sql})`;
  return `toJSONString(${type === 'text' ? sql : asText(sql, type)})`;
}

/** -0 is 0, but has other bits. */
function group(sql: string, type: Type | null): string {
  return type === 'double' ? `(${sql} + 0)` : sql;
}

function order(sql: string, type: Type | null): string {
  if (type === null) return `etl_order_dynamic(${sql})`;
  return type === 'uuid' || type === 'character' ? asText(sql, type) : group(sql, type);
}

/** `a.b` is looked for in a column a before it is in a table a, and a column of the metric is one too. */
function reserved(plan: Plan): readonly string[] {
  const columns = scansOf(plan).flatMap((scan) => scan.columns.map(({ path }) => pathText(path)));
  return [...columns, ...plan.project.map(({ name }) => name)];
}

/** What PostgreSQL 15 means, in the words of ClickHouse and by functions that it has to be given. */
export const clickhouse: Remote = {
  name: 'clickhouse',
  quote: (name) => `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`,
  reserved,
  value,
  native,
  computesEarly: true,
  catches: false,
  functions: new Map(Object.entries({ ...numbers, ...doubles, ...times, ...texts, ...untyped })),
  key,
  group,
  order,
  untyped: dynamic,
  count: (sql) => `toInt64(${sql})`,
  output: (sql) => sql,
  engine: ' ENGINE = MergeTree ORDER BY tuple()',
  settings: '\nSETTINGS join_use_nulls = 1, precise_float_parsing = 1',
};
