/** Asks a database for expressions over the rows of `t`, in the words of its dialect. */
import type { Row, Type } from '../../engine/change.ts';
import type { Typed } from '../../engine/expression/expression.ts';
import { columnTypes } from '../../engine/sql/column-type.ts';
import type { Dialect } from '../../engine/sql/dialect.ts';
import { say } from '../../engine/sql/expression.ts';
import type { Names } from '../../engine/sql/names.ts';
import { storedColumns, storedRows, typeOf } from '../expression/rows.ts';
import { asText, type Contender } from './contender.ts';

/** A value as text, or why there is none. */
export type Answer = string | null | { readonly error: string };

/** Makes `t` with its rows and their numbers. `held` says whether the database holds a value. */
export async function teach(contender: Contender, held: (value: Row[number], type: Type) => boolean): Promise<void> {
  const { dialect } = contender;
  const columns = storedColumns.map(([name, type]) => `${dialect.quote(name)} ${declared(type, dialect)}`);
  const rows = storedRows.map((row, n) => {
    const values = storedColumns.map(([, type], place) => {
      const value = row[place] ?? null;
      return dialect.value(held(value, type) ? value : null, type);
    });
    return `(${[String(n), ...values].join(', ')})`;
  });
  await contender.run([
    ...dialect.functions.values(),
    `CREATE TABLE t (id ${dialect.name === 'clickhouse' ? 'Int64' : 'bigint'}, ${columns.join(', ')})${dialect.engine}`,
    `INSERT INTO t VALUES ${rows.join(', ')}`,
  ]);
}

function declared(type: Type, { name }: Dialect): string {
  return name === 'sqlite' ? '' : columnTypes[name][type];
}

/** The answers over all rows, in their order. */
export async function askAll(contender: Contender, typed: Typed): Promise<readonly Answer[]> {
  let select: string;
  try {
    select = selectOf(contender.dialect, typed);
  } catch (error) {
    return storedRows.map(() => ({ error: String(error) }));
  }
  try {
    const rows = await contender.rows(`${select} ORDER BY id${contender.dialect.settings}`);
    return rows.map(([value]) => value ?? null);
  } catch {
    const answers: Answer[] = [];
    for (const n of storedRows.keys()) answers.push(await askOne(contender, select, n));
    return answers;
  }
}

async function askOne(contender: Contender, select: string, row: number): Promise<Answer> {
  try {
    const rows = await contender.rows(`${select} WHERE id = ${row}${contender.dialect.settings}`);
    return rows[0]?.[0] ?? null;
  } catch (error) {
    return { error: String(error) };
  }
}

export function selectOf(dialect: Dialect, typed: Typed): string {
  const names: Names = {
    table: dialect.quote,
    alias: dialect.quote,
    column: (_, path) => dialect.quote(path.kind === 'nested' ? path.column : ''),
    type: typeOf,
  };
  return `SELECT ${asText(say(typed, names, dialect), typed.type, dialect)} FROM t`;
}
