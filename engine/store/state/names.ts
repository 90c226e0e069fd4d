import { invariant } from '../../diagnostic/diagnostic.ts';
import { pathText } from '../../expression/paths.ts';
import type { Plan } from '../../plan/plan.ts';
import { aliases, type Names } from '../../sql/names.ts';
import { columnOf, type Relation } from './stock.ts';

/** What the plan's names stand for in the state: columns go by number, for a source's names can be anything. */
export function namesInState(plan: Plan, relations: readonly Relation[]): Names {
  const byAlias = new Map(relations.map((relation) => [relation.scan.alias, relation]));
  const numbers = new Map(relations.map((relation) => [relation.scan.alias, numbersOf(relation)]));
  const relationOf = (alias: string): Relation => {
    const relation = byAlias.get(alias);
    invariant(relation, `the plan's alias "${alias}" has a relation`);
    return relation;
  };
  const numberOf: (...of: Parameters<Names['type']>) => number = (alias, path) => {
    const number = numbers.get(alias)?.get(pathText(path));
    invariant(number !== undefined, `"${alias}" keeps ${pathText(path)}`);
    return number;
  };
  return {
    table: (alias) => relationOf(alias).table,
    alias: aliases(plan),
    column: (alias, path) => columnOf(relationOf(alias), numberOf(alias, path)),
    type: (alias, path) => relationOf(alias).types[numberOf(alias, path)] ?? null,
  };
}

function numbersOf(relation: Relation): ReadonlyMap<string, number> {
  return new Map(relation.scan.columns.map((column, number) => [pathText(column.path), number]));
}
