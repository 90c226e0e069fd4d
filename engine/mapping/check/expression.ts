import type { Type } from '../../change.ts';
import type { Expression } from '../../expression/expression.ts';
import { resolvePaths } from '../../expression/paths.ts';
import { inferCondition, inferTypes } from '../../expression/type.ts';
import type { Written } from '../draft.ts';
import type { Report } from '../report.ts';
import type { Scope } from './scope.ts';

/** An expression whose paths exist and whose types fit, with a cast to `type` where one is given. Null after a finding. */
export function checkExpression(
  written: Written,
  scope: Scope,
  report: Report,
  type: Type | null = null,
): Expression | null {
  const plain = resolved(written, scope, report);
  if (!plain) return null;
  const expression: Expression = type ? { kind: 'cast', operand: plain, type, span: plain.span } : plain;
  return fitting(expression, inferTypes(expression, scope.typeOf), report);
}

/** The same for a `where`, which is true or false. */
export function checkCondition(written: Written | null, scope: Scope, report: Report): Expression | null {
  const expression = written && resolved(written, scope, report);
  return expression && fitting(expression, inferCondition(expression, scope.typeOf), report);
}

function resolved({ parsed }: Written, scope: Scope, report: Report): Expression | null {
  const found = parsed && resolvePaths(parsed, scope.resolve);
  if (found && 'problems' in found) report.addProblems(found.problems);
  return found && 'expression' in found ? found.expression : null;
}

function fitting(expression: Expression, inferred: ReturnType<typeof inferTypes>, report: Report): Expression | null {
  if ('typed' in inferred) return expression;
  report.addProblems(inferred.problems);
  return null;
}
