/** A row of a table, and what paths lead to in it. */
import { type Datum, type OracleType, text } from './datum.ts';
import type { Scope } from './expression.ts';
import { parseOne } from './json.ts';
import type { Segments } from './mapping.ts';
import { walk } from './walk.ts';

export type OracleImage = ReadonlyMap<string, Datum>;

/** Over one row of a table. Its alias may be left out. */
export function rowScope(alias: string, types: ReadonlyMap<string, OracleType>, row: OracleImage): Scope {
  const whole = (path: Segments): Segments => (path.length > 1 && path[0] === alias ? path : [alias, ...path]);
  return {
    typeAt: (path) => {
      const [, column, ...steps] = whole(path);
      return steps.length > 0 ? 'text' : (types.get(String(column)) ?? null);
    },
    valueAt: (path) => valueIn(row, whole(path)),
  };
}

/** The value at a path, whose first segment is the alias of the row: a column, or a place in its JSON as text. */
export function valueIn(row: OracleImage | null, [, column, ...steps]: Segments): Datum {
  const value = row?.get(String(column)) ?? null;
  if (value === null || steps.length === 0) return value;
  const json = typeof value.value === 'string' ? parseOne(value.value) : null;
  const found = json && walk(json, steps);
  return found === null ? null : text(found);
}
