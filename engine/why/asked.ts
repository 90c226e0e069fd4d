import type { Type, Value } from '../change.ts';
import { fail } from '../diagnostic/diagnostic.ts';
import { suggestion } from '../diagnostic/suggest.ts';
import type { ColumnLeaf } from '../expression/expression.ts';
import { pathText } from '../expression/paths.ts';
import { printColumn } from '../expression/print.ts';
import { sqlite } from '../sql/dialect.ts';
import type { Derivation } from '../store/derive/derivation.ts';
import { columnOf } from '../store/state/stock.ts';
import { outputsMeant, valuesMeant } from './meant.ts';
import { columnAt, placeOf, relationAt } from './row.ts';

/** What a row is asked for by: a column and its value. */
export interface Asked {
  readonly name: string;
  readonly text: string;
  /** Its place among the metric's columns; null where it is none of them. */
  readonly output: number | null;
  /** The column of a relation that it is; null where it is computed. */
  readonly kept: Kept | null;
}

/** A column that a relation keeps, and the values that it is asked for. */
export interface Kept {
  /** The place of the relation's scan in the plan, and that of the column in the scan; null for the number of the row. */
  readonly scan: number;
  readonly column: number | null;
  readonly values: readonly Value[];
}

/** A root, by its number. */
export function rootItself(rid: bigint): Asked {
  return { name: '', text: '', output: null, kept: { scan: 0, column: null, values: [rid] } };
}

/**
 * Reads `column=value`: of the metric, or of its root, or of any table as `table.column`.
 *
 * Throws an EtlError where it is not written so, or there is no such column.
 */
export function readAsked(derived: Derivation, words: readonly string[]): readonly Asked[] {
  return words.map((word) => {
    const ends = [...word.matchAll(/=/g)].map(({ index }) => index);
    const [first] = ends;
    if (first === undefined) fail('NO_CONDITION', { text: word });
    const found = ends.map((end) => find(derived, word.slice(0, end), word.slice(end + 1)));
    return found.find((each) => each !== null) ?? unknown(derived, word.slice(0, first));
  });
}

function find(derived: Derivation, name: string, text: string): Asked | null {
  const { plan, relations } = derived;
  const output = plan.project.findIndex((each) => each.name === name);
  const expression = plan.project[output]?.expression;
  if (expression) {
    const kept = expression.kind === 'column' ? keptAt(derived, expression, text) : null;
    return { name, text, output, kept };
  }
  const leaves = relations.flatMap(({ scan: { alias, columns } }) => columns.map(({ path }) => ({ alias, path })));
  const isOfRoot = ({ alias, path }: (typeof leaves)[number]) => alias === plan.root.alias && pathText(path) === name;
  const leaf = leaves.find(isOfRoot) ?? leaves.find((each) => printColumn(each) === name);
  return leaf ? { name, text, output: null, kept: keptAt(derived, leaf, text) } : null;
}

function keptAt(derived: Derivation, { alias, path }: Pick<ColumnLeaf, 'alias' | 'path'>, text: string): Kept {
  const scan = placeOf(derived, alias);
  const column = columnAt(derived, scan, path);
  return { scan, column, values: valuesMeant(text, relationAt(derived, scan).types[column] ?? null) };
}

function unknown({ plan }: Derivation, name: string): never {
  const known = [...plan.project.map((output) => output.name), ...plan.root.columns.map(({ path }) => pathText(path))];
  return fail('COLUMN_NOT_KEPT', { name, root: plan.root.alias }, { hint: suggestion(name, [...new Set(known)]) });
}

/** That a row of a relation, which stands alone in its query, has one of the values. */
export function sayKept(derived: Derivation, { scan, column, values }: Kept): string {
  if (column === null) return sayOneOf('rid', null, values);
  const relation = relationAt(derived, scan);
  return sayOneOf(columnOf(relation, column), relation.types[column] ?? null, values);
}

/** That an output column, which stands alone in its query, has the value. */
export function sayOutput(column: string, text: string, type: Type | null): string {
  return sayOneOf(column, type, outputsMeant(text, type));
}

/** Both sides are compared as a join would compare them. */
function sayOneOf(column: string, type: Type | null, values: readonly Value[]): string {
  const form = (sql: string) => sqlite.key(sql, type, type);
  const ways = values.map((value) =>
    value === null ? `${column} IS NULL` : `${form(column)} = ${form(sqlite.value(value, type))}`,
  );
  return ways.length === 0 ? 'FALSE' : `(${ways.join(' OR ')})`;
}
