import type { Expression } from '../expression/expression.ts';
import { printExpression } from '../expression/print.ts';
import { whereOf } from '../plan/filter.ts';
import type { Derivation } from '../store/derive/derivation.ts';
import { failingOf, holds, type Rids, valuesIn } from './fixed.ts';
import { readRow, relationAt } from './row.ts';
import type { Refused } from './stops.ts';

/** Why the plan does not read a row of the n-th relation; null where it does. */
export function refusalOf(derived: Derivation, n: number, rid: bigint): Refused | null {
  const { scan } = relationAt(derived, n);
  const rids = derived.relations.slice(0, n + 1).map((_, place) => (place === n ? rid : null));
  const refused = (kind: Refused['kind'], expression: Expression, reason: string | null): Refused => ({
    kind,
    alias: scan.alias,
    row: readRow(derived, n, rid),
    condition: printExpression(expression),
    values: valuesIn(derived, expression, rids),
    reason,
  });
  for (const { expression, onFail } of scan.checks) {
    const failing = onFail === 'reject' ? failingOf(derived, expression, rids) : null;
    if (failing !== null) return refused('check', expression, failing === '' ? null : failing);
  }
  const untrue = untruePart(derived, whereOf(scan), rids);
  return untrue && refused('table where', untrue, null);
}

/** The first part of a condition, between its `and`s, that is not true of the rows; null where all are, or there is none. */
export function untruePart(derived: Derivation, condition: Expression | null, rids: Rids): Expression | null {
  if (!condition || holds(derived, condition, rids)) return null;
  return partsOf(condition).find((part) => !holds(derived, part, rids)) ?? condition;
}

function partsOf(condition: Expression): readonly Expression[] {
  if (condition.kind !== 'binary' || condition.op !== 'and') return [condition];
  return [...partsOf(condition.left), ...partsOf(condition.right)];
}
