import type { ColumnLeaf } from '../expression/expression.ts';
import { columnsOf } from '../expression/paths.ts';
import type { Mapping } from './mapping.ts';

/** The columns of tables that a mapping uses, each as often as it does; those of keys are not among them. */
export function usedColumns(mapping: Mapping): readonly ColumnLeaf[] {
  const expressions = [
    ...mapping.relations.flatMap((relation) => [relation.version ?? [], relation.where ?? []].flat()),
    ...mapping.relations.flatMap((relation) => relation.checks.map((check) => check.expression)),
    ...(mapping.where ? [mapping.where] : []),
    ...(mapping.groupBy ?? []),
    ...mapping.columns.map((column) => column.expression),
  ];
  const joined = mapping.joins.flatMap((join) => join.on.flatMap((equality) => [equality.left, equality.right]));
  return [...joined, ...expressions.flatMap(columnsOf)];
}
