import type { Literal, Row, Type, Value } from '../../engine/change.ts';
import type { ColumnPath, Expression } from '../../engine/expression/expression.ts';
import { OperationError } from '../../engine/expression/operation/operation.ts';
import { operations } from '../../engine/expression/operation/operations.ts';
import { storedValue } from '../../engine/expression/operation/value.ts';
import { inferTypes } from '../../engine/expression/type/type.ts';
import { evaluate } from './evaluate.ts';
import { type Answer, POSTGRES_TYPES } from './postgresSql.ts';

interface Column {
  readonly type: Type;
  /** One value for each row, as PostgreSQL prints them. */
  readonly values: readonly (string | null)[];
}

/** The table `t`: values at the edges of their types, in rows without any order. */
const COLUMNS: ReadonlyMap<string, Column> = new Map(
  Object.entries({
    i: { type: 'integer', values: ['7', '-7', '0', '9223372036854775807', null, '1'] },
    k: { type: 'integer', values: ['2', '3', '-3', '-9223372036854775808', '10', null] },
    n: { type: 'numeric', values: ['1.1', '-2.5', '0', '12345678901234.5678', null, '0.000000000000000000001'] },
    m: { type: 'numeric', values: ['3', '0.5', '1000000', '-0.001', '99999999999999999999', null] },
    d: { type: 'double', values: ['0.1', '-2.5', '0', '1e+300', null, '1e-300'] },
    e: { type: 'double', values: ['0.2', '3', '123456789012345680', '-1.5', '0.5', null] },
    b: { type: 'boolean', values: ['true', 'false', null, 'true', 'false', 'true'] },
    s: { type: 'text', values: ['abc', 'Ab%_\\c', '', '12', null, '😀éz'] },
    x: { type: 'text', values: ['b', ' 3.5 ', '2021-02-03', 'true', '\uffee', null] },
    c: { type: 'character', values: ['ab  ', 'abc ', 'AB  ', '12  ', null, '    '] },
    day: { type: 'date', values: ['2021-06-03', '1999-12-31', '2024-02-29', '0044-03-15 BC', null, '12345-01-01'] },
    at: {
      type: 'timestamp',
      values: [
        '2021-06-03 07:47:50.003493',
        '1999-12-31 23:59:59.999999',
        '2024-02-29 00:00:00',
        '0001-01-01 00:00:00',
        null,
        '2021-06-03 00:00:00',
      ],
    },
    tz: {
      type: 'timestamptz',
      values: [
        '2021-06-03 07:47:50.003493+00',
        '2000-01-01 00:00:00+00',
        '2024-02-29 12:00:00+00',
        '0044-03-15 00:00:00+00 BC',
        null,
        '2021-06-03 00:00:00+00',
      ],
    },
    u: {
      type: 'uuid',
      values: [
        'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
        '00000000-0000-0000-0000-000000000000',
        null,
        'ffffffff-ffff-ffff-ffff-ffffffffffff',
        null,
        null,
      ],
    },
    j: { type: 'json', values: ['{"a": 1}', '[1, 2]', '"x"', '1.50', null, 'null'] },
    y: { type: 'bytes', values: ['\\x00ff', '\\x', '\\x61', '\\x00', null, '\\xffff'] },
  } as const),
);

export const ROW_COUNT = 6;

/** For PostgreSQL: the columns' types, and the rows. */
export const postgresColumns: ReadonlyMap<string, string> = new Map(
  [...COLUMNS].map(([name, { type }]) => [name, type === 'character' ? 'character(4)' : POSTGRES_TYPES[type]]),
);

export const postgresRows = Array.from({ length: ROW_COUNT }, (_, n) =>
  [...COLUMNS.values()].map(({ values }) => values[n] ?? null),
);

/** The columns with their types, and the rows as the engine stores them. */
export const storedColumns: readonly (readonly [name: string, type: Type])[] = [...COLUMNS].map(([name, { type }]) => [
  name,
  type,
]);

export const storedRows: readonly Row[] = Array.from({ length: ROW_COUNT }, (_, n) =>
  [...COLUMNS.keys()].map((column) => readColumn({ kind: 'nested', column, steps: [] }, n)),
);

/** What the engine makes of an expression over a row of `t`, in the form of PostgreSQL's answers. */
export function answer(expression: Expression, row: number): Answer {
  const inferred = inferTypes(expression, typeOf);
  if ('problems' in inferred) return { error: inferred.problems.map(({ code }) => code).join() };
  const { type } = inferred.typed;
  if (type === null) throw new Error('the type of every column is known');
  try {
    const value = evaluate(inferred.typed, (_, path) => readColumn(path, row));
    return { type: POSTGRES_TYPES[type], text: textOf(value, type) };
  } catch (error) {
    if (error instanceof OperationError) return { error: error.code };
    throw error;
  }
}

function textOf(value: Value, type: Type): string | null {
  const text = type === 'text' ? value : operations.get(`${type}_to_text`)?.evaluate(value);
  return text === null ? null : String(text);
}

function typeOf(_alias: string, path: ColumnPath): Type {
  return columnOf(path).type;
}

/** As wal2json would write it. */
function readColumn(path: ColumnPath, row: number): Value {
  const { type, values } = columnOf(path);
  const text = values[row] ?? null;
  const isNumber = type === 'integer' || type === 'numeric' || type === 'double';
  const literal: Literal =
    text !== null && isNumber ? { json: text } : type === 'boolean' ? text && text === 'true' : text;
  return storedValue(literal, type);
}

function columnOf(path: ColumnPath): Column {
  const column = path.kind === 'nested' && COLUMNS.get(path.column);
  if (!column) throw new Error('no such column');
  return column;
}
