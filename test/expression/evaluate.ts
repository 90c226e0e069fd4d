import type { Value } from '../../engine/change.ts';
import { decode, encode } from '../../engine/expression/code.ts';
import type { ColumnPath, Typed } from '../../engine/expression/expression.ts';

export type ReadColumn = (alias: string, path: ColumnPath) => Value;

/** What a typed expression computes, without a database. */
export function evaluate(typed: Typed, read: ReadColumn): Value {
  const { text, columns } = encode(typed);
  return decode(text)(columns.map(({ alias, path }) => read(alias, path)));
}
