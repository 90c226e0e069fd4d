import type { Type, Value } from '../change.ts';
import { comparisonNames } from '../expression/compare.ts';

/** How one database says what the plan means: a table of strings and small functions. */
export interface Dialect {
  readonly name: 'sqlite';
  readonly value: (value: Value) => string;
  /** Operations that the database says in its own words; all others are functions named `etl_<operation>`. */
  readonly native: ReadonlyMap<string, (args: readonly string[]) => string>;
  /** A computed value in the form that a target's column of this type holds. */
  readonly output: (sql: string, type: Type | null) => string;
}

/** An identifier, whatever characters it has. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A value as a literal of SQLite. NUL can't stand in a text literal, so such a text is said in bytes. */
function sqliteValue(value: Value): string {
  if (value === null) return 'NULL';
  if (typeof value === 'bigint') return value === -(2n ** 63n) ? '(-9223372036854775807 - 1)' : String(value);
  if (typeof value === 'number') return sqliteReal(value);
  if (typeof value !== 'string') return `x'${Buffer.from(value).toString('hex')}'`;
  if (value.includes('\0')) return `CAST(x'${Buffer.from(value).toString('hex')}' AS TEXT)`;
  return `'${value.replaceAll("'", "''")}'`;
}

function sqliteReal(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '9e999' : '-9e999';
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? `${value}.0` : String(value);
}

const infix = (operator: string) => (args: readonly string[]) => `(${args.join(` ${operator} `)})`;

function comparisonsOf(kind: string): (readonly [string, (args: readonly string[]) => string])[] {
  return Object.entries(comparisonNames).map(([operator, name]) => [`${name}_${kind}`, infix(operator)]);
}

/** Only what SQLite means exactly as PostgreSQL does on the stored forms; see `test/expression/`. */
export const sqlite: Dialect = {
  name: 'sqlite',
  value: sqliteValue,
  native: new Map([['concat', infix('||')], ...comparisonsOf('integer'), ...comparisonsOf('text')]),
  output: (sql, type) => (type === 'numeric' ? `etl_write_numeric(${sql})` : sql),
};
