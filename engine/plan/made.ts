import type { Expression } from '../expression/expression.ts';
import { madePath } from '../expression/group/grouping.ts';
import { printExpression } from '../expression/print.ts';
import type { Plan, Scan } from './plan.ts';

/**
 * A relation that the engine makes itself, of rows that it computed: no table of a source stands behind it. Its first
 * columns are what its rows are known by; `key` says them as the mapping does.
 */
export function madeScan({ root }: Plan, alias: string, columns: readonly string[], key: readonly Expression[]): Scan {
  return {
    ...root,
    alias,
    tables: [],
    key: key.map(printExpression),
    version: null,
    tombstone: 0,
    columns: columns.map((name) => ({ path: madePath(name), type: null })),
    used: columns.length,
    keepsAll: false,
    filter: null,
  };
}

/** Each of its rows makes one row of the metric. */
export function isMade(scan: Scan): boolean {
  return scan.tables.length === 0;
}

/** The columns and checks of a plan, said over a relation that was made for them, in that order. */
export function overMade(plan: Plan, expressions: readonly Expression[]): Pick<Plan, 'project' | 'checks'> {
  const said = <T extends { readonly expression: Expression }>(all: readonly T[], from: number): readonly T[] =>
    all.map((each, n) => ({ ...each, expression: expressions[from + n] ?? each.expression }));
  return { project: said(plan.project, 0), checks: said(plan.checks, plan.project.length) };
}
