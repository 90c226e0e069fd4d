import type { Type, Value } from '../change.ts';
import { comparisonNames } from '../expression/operation/compare.ts';
import { familyOf } from '../expression/types.ts';
import type { Plan } from '../plan/plan.ts';

/** An operation said over its arguments; `types` are what is known of them. */
export type Saying = (args: readonly string[], types: readonly (Type | null)[]) => string;

/** A value said in another form. */
export type Form = (sql: string, type: Type | null) => string;

/** How one database says what the plan means: a table of strings and small functions. */
export interface Dialect {
  readonly name: 'sqlite' | 'postgres' | 'clickhouse';
  /** A name as an identifier, whatever characters it has. */
  readonly quote: (name: string) => string;
  /** Names that no alias of a table may have. */
  readonly reserved: (plan: Plan) => readonly string[];
  /** A literal. */
  readonly value: (value: Value, type: Type | null) => string;
  /** Operations that the database says in its own words; all others are functions named `etl_<operation>`. */
  readonly native: ReadonlyMap<string, Saying>;
  /** Whether constants are computed before a row asks for them. */
  readonly computesEarly: boolean;
  /** Whether a query can go on where an expression can't be computed, and tell it. */
  readonly catches: boolean;
  /** What the functions among these are made by, by name. SQLite has them registered. */
  readonly functions: ReadonlyMap<string, string>;
  /** A column as a join compares it with one of type `other`: equal exactly when PostgreSQL calls the values equal. */
  readonly key: (sql: string, type: Type | null, other: Type | null) => string;
  /** What tells groups and partitions apart: one value for all that are one for PostgreSQL. */
  readonly group: Form;
  /** What the database puts in PostgreSQL's order. */
  readonly order: Form;
  /** A value among values of unknown type. */
  readonly untyped: Form;
  /** A count, as an integer of the language. */
  readonly count: (sql: string) => string;
  /** A computed value in the form that a target's column of this type holds. */
  readonly output: Form;
  /** What stands behind a table's columns, and behind the whole SELECT. */
  readonly engine: string;
  readonly settings: string;
}

/** The dialect of a database that is told what to have; SQLite has the state's own tables. */
export type Remote = Dialect & { readonly name: 'postgres' | 'clickhouse' };

/** An operation over values that are said already. */
export function sayOperation(
  operation: string,
  args: readonly string[],
  types: readonly (Type | null)[],
  dialect: Pick<Dialect, 'native'>,
): string {
  return dialect.native.get(operation)?.(args, types) ?? `etl_${operation}(${args.join(', ')})`;
}

/** An identifier, whatever characters it has. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** NUL can't stand in a text literal, so such a text is said in bytes. */
function sqliteValue(value: Value): string {
  if (value === null) return 'NULL';
  if (typeof value === 'bigint') return value === -(2n ** 63n) ? '(-9223372036854775807 - 1)' : String(value);
  if (typeof value === 'number') return sqliteReal(value);
  if (typeof value !== 'string') return `x'${Buffer.from(value).toString('hex')}'`;
  if (value.includes('\0')) return `CAST(x'${Buffer.from(value).toString('hex')}' AS TEXT)`;
  return `'${value.replaceAll("'", "''")}'`;
}

function sqliteReal(value: number): string {
  // SQLite makes NULL of what is no number, wherever it comes up.
  if (Number.isNaN(value)) return 'NULL';
  if (!Number.isFinite(value)) return value > 0 ? '9e999' : '-9e999';
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? `${value}.0` : String(value);
}

export const infix =
  (operator: string): Saying =>
  (args) =>
    `(${args.join(` ${operator} `)})`;

/** By a template in which `$1`, `$2`, ... stand for the arguments, and `$*` for all of them. */
export const as =
  (template: string): Saying =>
  (args) =>
    template.replaceAll(/\$([\d*])/g, (_, n) => (n === '*' ? args.join(', ') : (args[Number(n) - 1] ?? '')));

/** The six comparisons of a kind of values. */
export function comparisonsOf(kind: string, say = infix): (readonly [string, Saying])[] {
  return Object.entries(comparisonNames).map(([operator, name]) => [`${name}_${kind}`, say(operator)]);
}

/** Operations on values of unknown type, over arguments that are such values whatever is known of them. */
export function overUntyped(
  untyped: Form,
  sayings: readonly (readonly [string, string])[],
): (readonly [string, Saying])[] {
  return sayings.map(([name, template]) => [
    name,
    (args, types) =>
      as(template)(
        args.map((arg, n) => untyped(arg, types[n] ?? null)),
        types,
      ),
  ]);
}

const native: Dialect['native'] = new Map([
  ['coalesce', as('coalesce($*)')],
  ['concat', infix('||')],
  ...comparisonsOf('integer'),
  ...comparisonsOf('text'),
]);

function call(operation: string, sql: string): string {
  return sayOperation(operation, [sql], [null], { native });
}

/** Most types are stored so that the value is its own key. */
function sqliteKey(sql: string, type: Type | null, other: Type | null): string {
  if (type === 'character') return call('key_character', sql);
  if (isTime(type) && isTime(other) && (type === 'timestamptz' || other !== type)) return call('key_instant', sql);
  return type === 'numeric' && other !== 'numeric' ? call('key_number', sql) : sql;
}

/** An instant may be written with several offsets. */
function sqliteGroup(sql: string, type: Type | null): string {
  return type === 'timestamptz' ? call('text_to_timestamptz', sql) : sql;
}

function sqliteOrder(sql: string, type: Type | null): string {
  const operation = orderOperation(type);
  return operation === null ? sql : call(operation, sql);
}

/** What brings values into a form that SQLite puts in PostgreSQL's order; null where they are stored in it. */
export function orderOperation(type: Type | null): string | null {
  if (type === null) return 'order_dynamic';
  if (type === 'numeric') return 'order_numeric';
  if (type === 'character') return 'key_character';
  return isTime(type) ? 'key_instant' : null;
}

export function isTime(type: Type | null): boolean {
  return type !== null && familyOf(type) === 'time';
}

/** Only what SQLite means exactly as PostgreSQL does on the stored forms; see `test/expression/`. */
export const sqlite: Dialect = {
  name: 'sqlite',
  quote,
  reserved: () => [],
  value: sqliteValue,
  native,
  key: sqliteKey,
  group: sqliteGroup,
  order: sqliteOrder,
  computesEarly: false,
  catches: true,
  untyped: (sql) => sql,
  count: (sql) => sql,
  functions: new Map(),
  output: (sql, type) => (type === 'numeric' ? call('write_numeric', sql) : sql),
  engine: '',
  settings: '',
};
