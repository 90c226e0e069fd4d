/** Asks a database for expressions over the rows of a table, in the words of its dialect. */
import type { Row, Type, Value } from '../../engine/change.ts';
import type { ColumnPath, Typed } from '../../engine/expression/expression.ts';
import { fromNumeric } from '../../engine/expression/operation/dynamic.ts';
import { relationColumn } from '../../engine/sql/column-type.ts';
import type { Dialect } from '../../engine/sql/dialect.ts';
import { say } from '../../engine/sql/expression.ts';
import type { Names } from '../../engine/sql/names.ts';
import { storedColumns, storedRows } from '../expression/rows.ts';
import { asText, type Contender, plain } from './contender.ts';

/** A value as text, or why there is none. */
export type Answer = string | null | { readonly error: string };

/** What is read under the alias `t`. */
export interface Table {
  readonly name: string;
  readonly columns: readonly (readonly [name: string, type: Type | null])[];
  readonly rows: readonly Row[];
}

export const typedTable: Table = { name: 'typed', columns: storedColumns, rows: storedRows };

/** Types that JSON has too, and that a log without types leaves unknown. */
const LOOSE: ReadonlySet<Type> = new Set(['integer', 'numeric', 'boolean', 'text']);

/** The same values where nothing tells the types of numbers, texts and booleans. */
export const untypedTable: Table = {
  name: 'untyped',
  columns: storedColumns.map(([name, type]) => [name, LOOSE.has(type) ? null : type]),
  rows: storedRows.map((row) =>
    row.map((value, n) => (storedColumns[n]?.[1] === 'numeric' && value !== null ? fromNumeric(String(value)) : value)),
  ),
};

export function typeIn({ columns }: Table): (alias: string, path: ColumnPath) => Type | null {
  const types = new Map(columns);
  return (_, path) => types.get(path.kind === 'nested' ? path.column : '') ?? null;
}

/** Makes a table with its rows and their numbers. `held` says whether the database to compare with holds a value. */
export async function teach(
  { run, dialect }: Contender,
  { name, columns, rows }: Table,
  held: (value: Value, type: Type | null) => boolean,
): Promise<void> {
  const declared = columns.map(([column, type]) => `${dialect.quote(column)} ${declaredType(type, dialect)}`);
  const said = rows.map((row, n) => {
    const values = columns.map(([, type], place) => {
      const value = row[place] ?? null;
      return dialect.value(held(value, type) ? value : null, type);
    });
    return `(${[String(n), ...values].join(', ')})`;
  });
  const id = dialect.name === 'clickhouse' ? 'Int64' : 'bigint';
  await run([
    `CREATE TABLE ${name} (id ${id}, ${declared.join(', ')})${dialect.engine}`,
    `INSERT INTO ${name} VALUES ${said.join(', ')}`,
  ]);
}

function declaredType(type: Type | null, { name }: Dialect): string {
  return name === 'sqlite' ? '' : relationColumn(type, name);
}

/** The answers over all rows of a table, in their order. */
export async function askAll(contender: Contender, table: Table, typed: Typed): Promise<readonly Answer[]> {
  const { dialect } = contender;
  try {
    const select = selectOf(dialect, table, typed);
    const read = async (rest: string) => {
      const rows = await contender.rows(`${select} ${rest}${dialect.settings}`);
      return rows.map(([value]) => plain(value ?? null, typed.type, dialect));
    };
    return await read('ORDER BY id').catch(() => oneByOne(table, read));
  } catch (error) {
    return table.rows.map(() => ({ error: String(error) }));
  }
}

/** Some row fails. */
async function oneByOne({ rows }: Table, read: (rest: string) => Promise<(string | null)[]>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const n of rows.keys()) {
    const answer = await read(`WHERE id = ${n}`).catch((error: unknown) => [{ error: String(error) }]);
    answers.push(answer[0] ?? null);
  }
  return answers;
}

export function selectOf(dialect: Dialect, table: Table, typed: Typed): string {
  const names: Names = {
    table: dialect.quote,
    alias: dialect.quote,
    column: (_, path) => dialect.quote(path.kind === 'nested' ? path.column : ''),
    type: typeIn(table),
  };
  return `SELECT ${asText(say(typed, names, dialect), typed.type, dialect)} FROM ${table.name} AS t`;
}
