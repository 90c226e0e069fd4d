import type { Type } from '../../change.ts';
import type { Expression } from '../../expression/expression.ts';
import { aggregatesOf, resolvePaths } from '../../expression/paths.ts';
import { problem } from '../../expression/problem.ts';
import { inferCondition, inferTypes } from '../../expression/type/type.ts';
import type { Written } from '../draft.ts';
import type { Report } from '../report.ts';
import type { Scope } from './scope.ts';

/** An expression over one row whose paths exist and whose types fit; `place` is where it stands. Null after a finding. */
export function checkExpression(written: Written, scope: Scope, report: Report, place: string): Expression | null {
  const expression = ofOneRow(resolveExpression(written, scope, report), report, place);
  return expression && fitting(expression, inferTypes(expression, scope.typeOf), report);
}

/** An expression whose paths exist, with a cast to `type` where one is given. Null after a finding. */
export function resolveExpression(
  written: Written,
  scope: Scope,
  report: Report,
  type: Type | null = null,
): Expression | null {
  const plain = resolved(written, scope, report);
  return plain && type ? { kind: 'cast', operand: plain, type, span: plain.span } : plain;
}

/** The same for a `where` or a check, which is true or false. */
export function checkCondition(
  written: Written | null,
  scope: Scope,
  report: Report,
  place = '"where"',
): Expression | null {
  const expression = ofOneRow(written && resolved(written, scope, report), report, place);
  return expression && fitting(expression, inferCondition(expression, scope.typeOf), report);
}

function resolved({ parsed }: Written, scope: Scope, report: Report): Expression | null {
  const found = parsed && resolvePaths(parsed, scope.resolve);
  if (found && 'problems' in found) report.addProblems(found.problems);
  return found && 'expression' in found ? found.expression : null;
}

/** The same expression if it takes one row only; null after a finding. */
function ofOneRow(expression: Expression | null, report: Report, place: string): Expression | null {
  const found = expression ? aggregatesOf(expression) : [];
  report.addProblems(found.map(({ name, span }) => problem('AGGREGATE_NOT_HERE', { name, place }, span)));
  return found.length > 0 ? null : expression;
}

/** The expression, if its types fit; null after a finding. */
export function fitting(
  expression: Expression,
  inferred: ReturnType<typeof inferTypes>,
  report: Report,
): Expression | null {
  if ('typed' in inferred) return expression;
  report.addProblems(inferred.problems);
  return null;
}
