import type { Expression } from '../expression/expression.ts';
import { PASSES } from '../expression/type/calls.ts';
import type { Check, RelationDeclaration } from '../mapping/mapping.ts';
import type { Filter, Scan } from './plan.ts';

/**
 * Which rows of a relation the plan reads: those that no check rejects, and of these the ones that its `where` keeps. That
 * is looked at for rows that pass only, and may rely on it. Null where all are read.
 */
export function filterOfRelation({ where, checks }: RelationDeclaration): Filter | null {
  const held = checks.flatMap(({ expression, onFail }) => (onFail === 'reject' ? [passes(expression)] : []));
  const [first, ...others] = held;
  if (!first) return where && filterOf(where);
  const all = others.reduce((left, right) => ({ kind: 'binary', op: 'and', left, right, span: left.span }), first);
  return filterOf(where ? kept(all, where) : all);
}

/** The `where` of a relation, without its checks; null where it has none. */
export function whereOf({ filter, checks }: Scan): Expression | null {
  const isChecked = checks.some(({ onFail }) => onFail === 'reject');
  if (!filter || !isChecked) return filter?.expression ?? null;
  return filter.expression.kind === 'case' ? (filter.expression.whens[0]?.then ?? null) : null;
}

/** As in SQL, a check fails where it is false, and not where it is NULL. One that can't be computed fails too. */
function passes(check: Expression): Expression {
  return { kind: 'call', name: PASSES, args: [check], span: check.span };
}

function kept(when: Expression, where: Expression): Expression {
  const { span } = where;
  // biome-ignore lint/suspicious/noThenProperty: what SQL calls it, and never awaited
  return { kind: 'case', operand: null, whens: [{ when, then: where }], otherwise: null, span };
}

/** The conditions that a row of the metric has to pass, or is left out. */
export function rejections(checks: readonly Check[]): readonly Filter[] {
  return checks.flatMap(({ expression, onFail }) => (onFail === 'reject' ? [filterOf(passes(expression))] : []));
}

export function filterOf(expression: Expression): Filter {
  return { expression, span: expression.span };
}
