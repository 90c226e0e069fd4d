import type { Type, Value } from '../../change.ts';
import { comparisonNames } from '../../expression/operation/compare.ts';
import { printDouble } from '../../expression/operation/double.ts';
import { operations } from '../../expression/operation/operations.ts';
import { relationColumn } from '../column-type.ts';
import {
  as,
  comparisonsOf,
  type Dialect,
  infix,
  isTime,
  overUntyped,
  quote,
  type Remote,
  type Saying,
} from '../dialect.ts';
import { postgresFunctions } from './functions.ts';

const castTo = (type: Type): Saying => as(`CAST($1 AS ${relationColumn(type, 'postgres')})`);

/** By the type of the first argument. */
const byType =
  (sayings: Partial<Record<Type, Saying>>, otherwise: Saying): Saying =>
  (args, types) =>
    (sayings[types[0] ?? 'text'] ?? otherwise)(args, types);

const casts: readonly (readonly [string, Saying])[] = (
  [
    ['text', ['integer', 'numeric', 'boolean', 'uuid', 'json', 'bytes', 'date', 'timestamp']],
    ['integer', ['numeric', 'double', 'text']],
    ['numeric', ['integer', 'double']],
    ['double', ['integer', 'numeric', 'text']],
    ['date', ['timestamp']],
    ['timestamp', ['date']],
    ['boolean', ['text']],
    ['character', ['text']],
    ['uuid', ['text']],
    ['json', ['text']],
  ] as const
).flatMap(([from, all]) => all.map((to) => [`${from}_to_${to}`, castTo(to)] as const));

/** An instant in UTC, whatever the session's time zone is. */
const inUtc = (sql: string): string => `(${sql} AT TIME ZONE 'UTC')`;

const part = (name: string): Saying => {
  const say = (sql: string): string => `CAST(extract(${name} FROM ${sql}) AS bigint)`;
  return byType({ timestamptz: ([time = '']) => say(inUtc(time)) }, ([time = '']) => say(time));
};

/** PostgreSQL reads a timestamp as one of the session's zone where it stands against a timestamptz. */
const timeComparison =
  (operator: string): Saying =>
  (args, types) => {
    const said = args.map((arg, n) => (types[n] === 'timestamptz' ? inUtc(arg) : arg));
    return infix(operator)(types.every((type) => type === 'timestamptz') ? args : said, types);
  };

/** Equal texts are equal in every collation that a database can have by itself. */
const textComparison = (operator: string): Saying =>
  operator === '=' || operator === '<>' ? infix(operator) : as(`($1 ${operator} $2 COLLATE "C")`);

const ends = (name: 'min' | 'max'): readonly (readonly [string, Saying])[] => [
  ...['integer', 'numeric', 'double', 'time'].map((kind) => [`${name}_${kind}`, as(`${name}($1)`)] as const),
  ...['text', 'character'].map((kind) => [`${name}_${kind}`, as(`${name}($1 COLLATE "C")`)] as const),
];

const arithmetic = ['integer', 'numeric', 'double'].flatMap((kind): (readonly [string, Saying])[] => [
  [`add_${kind}`, calculated(kind, '+')],
  [`subtract_${kind}`, calculated(kind, '-')],
  [`multiply_${kind}`, calculated(kind, '*')],
  [`divide_${kind}`, calculated(kind, '/')],
  [`modulo_${kind}`, infix('%')],
  [`negate_${kind}`, as('(- $1)')],
  [`abs_${kind}`, as('abs($1)')],
]);

/** Of two infinite doubles may come what is no number; the state holds that as NULL. */
function calculated(kind: string, operator: string): Saying {
  return kind === 'double' ? as(`nullif($1 ${operator} $2, 'NaN')`) : infix(operator);
}

/** Numbers of unknown type are computed as decimals; whole ones of 64 bits are integers. */
const dynamics = overUntyped(dynamic, [
  ...['add', 'subtract', 'multiply', 'divide', 'modulo'].map(
    (name) => [`${name}_dynamic`, `etl_${name}_dynamic($1, $2)`] as const,
  ),
  ['negate_dynamic', 'etl_of_number(- etl_number($1))'],
  ['abs_dynamic', 'etl_of_number(abs(etl_number($1)))'],
  ...Object.entries(comparisonNames).map(
    ([operator, name]) => [`${name}_dynamic`, `(etl_compare_dynamic($1, $2) ${operator} 0)`] as const,
  ),
  ['dynamic_as_integer', 'CAST(etl_number($1) AS bigint)'],
  ['dynamic_as_double', 'CAST(etl_number($1) AS double precision)'],
  ['dynamic_as_boolean', '(etl_number($1) <> 0)'],
  ['dynamic_as_text', 'etl_text($1)'],
  ['dynamic_as_timestamptz', 'etl_text_to_timestamptz(etl_text($1))'],
  ...(['bytes', 'uuid', 'date', 'timestamp'] as const).map(
    (type) => [`dynamic_as_${type}`, `CAST(etl_text($1) AS ${relationColumn(type, 'postgres')})`] as const,
  ),
  ['dynamic_to_timestamptz', 'etl_text_to_timestamptz(etl_text($1))'],
  ...(['bytes', 'uuid', 'json', 'date', 'timestamp'] as const).map(
    (type) => [`dynamic_to_${type}`, `CAST(etl_text($1) AS ${relationColumn(type, 'postgres')})`] as const,
  ),
  ['min_dynamic', 'etl_min_dynamic($1)'],
  ['max_dynamic', 'etl_max_dynamic($1)'],
  ['sum_dynamic', 'sum(etl_number($1))'],
]);

const native: Dialect['native'] = new Map<string, Saying>([
  ...dynamics,
  [
    'round_dynamic',
    ([number = '', place], types) =>
      `etl_of_number(round(etl_number(${dynamic(number, types[0] ?? null)})${place ? `, etl_place(${place})` : ''}))`,
  ],
  [
    'date_minus_dynamic',
    ([date = '', other = ''], types) => `etl_date_minus_dynamic(${date}, ${dynamic(other, types[1] ?? null)})`,
  ],
  ['numeric_to_dynamic', as('etl_of_number($1)')],
  ['coalesce', as('coalesce($*)')],
  ...arithmetic,
  // A quotient has as many digits as its operands ask for, and here numbers end in no zeros.
  ['divide_numeric', as('(trim_scale($1) / trim_scale($2))')],
  ['round_numeric', (args) => (args.length === 1 ? as('round($1)') : as('round($1, etl_place($2))'))(args, [])],
  ['round_double', as('round($1)')],
  ['average_double', infix('/')],
  ['sum_numeric', as('sum($1)')],
  ['sum_double', as('sum(etl_exact($1))')],
  ['exact_to_double', as("CAST(nullif($1, 'NaN') AS double precision)")],
  ...ends('min'),
  ...ends('max'),

  ['concat', infix('||')],
  ['concat_bytes', infix('||')],
  ['like', infix('LIKE')],
  ['lower', as('lower($1 COLLATE "C")')],
  ['upper', as('upper($1 COLLATE "C")')],
  ['trim', as('btrim($1)')],
  ['length', as('CAST(length($1) AS bigint)')],
  ['length_bytes', as('CAST(length($1) AS bigint)')],
  ['replace', as('replace($1, $2, $3)')],
  ['substr', (args) => `substr(${[args[0], ...args.slice(1).map((place) => `etl_place(${place})`)].join(', ')})`],
  ['surrogate_key', (args) => `md5(${args.map((arg) => `etl_part_of_key(${arg})`).join(' || ')})`],

  ['add_date', as('($1 + CAST($2 AS integer))')],
  ['subtract_date', as('($1 - CAST($2 AS integer))')],
  ['days_between', as('CAST($1 - $2 AS bigint)')],
  ...['year', 'month', 'day', 'hour'].map((name) => [name, part(name)] as const),

  ...['integer', 'numeric', 'double', 'uuid', 'bytes'].flatMap((kind) => comparisonsOf(kind)),
  ...['text', 'character'].flatMap((kind) => comparisonsOf(kind, textComparison)),
  ...comparisonsOf('time', timeComparison),

  ...casts,
  ['text_to_double', as("nullif(CAST($1 AS double precision), 'NaN')")],
  ['integer_to_boolean', as('($1 <> 0)')],
  ['boolean_to_integer', as('CAST(CAST($1 AS integer) AS bigint)')],
  ['numeric_to_text', as('CAST(trim_scale($1) AS text)')],
  ['date_to_timestamptz', as("(CAST($1 AS timestamp) AT TIME ZONE 'UTC')")],
  ['timestamp_to_timestamptz', as("($1 AT TIME ZONE 'UTC')")],
  ['timestamptz_to_timestamp', as("($1 AT TIME ZONE 'UTC')")],
  ['timestamptz_to_date', as("CAST($1 AT TIME ZONE 'UTC' AS date)")],
  ['bytes_to_text', as("(E'\\\\x' || encode($1, 'hex'))")],
  ['key_character', as('$1')],
  ['key_instant', as('$1')],
]);

/** A literal of its type; bare, PostgreSQL would take `1` for an integer of four bytes and a text for any type. */
function value(value: Value, type: Type | null): string {
  const name = relationColumn(type, 'postgres');
  if (value === null) return `CAST(NULL AS ${name})`;
  if (type === 'boolean') return value === 0n ? 'FALSE' : 'TRUE';
  if (value instanceof Uint8Array) return `decode('${Buffer.from(value).toString('hex')}', 'hex')`;
  if (type === null) return `jsonb ${text(typeof value === 'string' ? JSON.stringify(value) : String(value))}`;
  return `${name} ${text(written(value, type))}`;
}

function written(value: bigint | number | string, type: Type): string {
  if (typeof value === 'number') return printDouble(value);
  // Without an offset it would be one of the session's zone.
  return String(type === 'timestamptz' ? operations.get('text_to_timestamptz')?.evaluate(value) : value);
}

/** With a backslash in it, what a plain literal means depends on a setting. */
function text(value: string): string {
  const quoted = `'${value.replaceAll("'", "''")}'`;
  return quoted.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

/** Numbers meet by decimal value, and texts of all kinds by their characters. */
function key(sql: string, type: Type | null, other: Type | null): string {
  if (type === null || other === null) return type === other ? sql : dynamic(sql, type);
  if (type === other) return type === 'json' ? `CAST(${sql} AS text)` : sql;
  if (type === 'double') return `etl_key_of_double(${sql})`;
  if (isTime(type) && isTime(other)) return type === 'timestamptz' ? inUtc(sql) : sql;
  if (type === 'integer' || type === 'numeric' || type === 'text') return sql;
  return native.get(`${type}_to_text`)?.([sql], [type]) ?? `etl_${type}_to_text(${sql})`;
}

/** As it stands where no type is known. */
function dynamic(sql: string, type: Type | null): string {
  if (type === null) return sql;
  if (type === 'boolean') return `to_jsonb(CAST(${sql} AS integer))`;
  if (type === 'double') return `etl_of_number(CAST(CAST(${sql} AS text) AS numeric))`;
  if (type === 'integer' || type === 'numeric') return `etl_of_number(${sql})`;
  if (type === 'text') return `to_jsonb(${sql})`;
  return `to_jsonb(${native.get(`${type}_to_text`)?.([sql], [type]) ?? `etl_${type}_to_text(${sql})`})`;
}

/** What PostgreSQL 15 means, in its own words, whatever its collation, time zone and style of dates. */
export const postgres: Remote = {
  name: 'postgres',
  quote,
  reserved: () => [],
  value,
  native,
  computesEarly: true,
  catches: false,
  untyped: dynamic,
  count: (sql) => sql,
  functions: postgresFunctions,
  key,
  group: (sql, type) => (type === 'json' ? `CAST(${sql} AS text)` : sql),
  order: (sql, type) => {
    if (type === null) return `etl_order_dynamic(${sql})`;
    return type === 'text' || type === 'character' ? `${sql} COLLATE "C"` : sql;
  },
  output: (sql) => sql,
  engine: '',
  settings: '',
};
