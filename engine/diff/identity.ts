import { printExpression } from '../expression/print.ts';
import type { Plan } from '../plan/plan.ts';

/**
 * The columns by which a row of one metric is found again in another one: those that identify rows in both, by the key of the
 * sink, the groups or the root's key. Null where there are none: rows then are the same, or come and go.
 */
export function identityOf(before: Plan, after: Plan): readonly string[] | null {
  const others = identities(after).map((names) => names.toSorted().join('\0'));
  return identities(before).find((names) => others.includes(names.toSorted().join('\0'))) ?? null;
}

/** Columns that identify a row of the metric, the surest first. */
function identities(plan: Plan): readonly (readonly string[])[] {
  const { sinkKey, groupBy, root } = plan;
  const made = groupBy ?? root.key.map((column) => keyColumn(plan, column));
  const named = made.map((expression) => {
    const said = printExpression(expression);
    return plan.project.find((output) => printExpression(output.expression) === said)?.name;
  });
  const isWhole = groupBy !== null || root.key.length > 0;
  const names = named.filter((name) => name !== undefined);
  return [...(sinkKey.length > 0 ? [sinkKey] : []), ...(isWhole && names.length === made.length ? [names] : [])];
}

function keyColumn({ root }: Plan, column: string) {
  return { kind: 'column', alias: root.alias, path: { kind: 'nested', column, steps: [] }, span: root.span } as const;
}
