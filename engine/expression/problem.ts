import type { Span } from '../diagnostic/diagnostic.ts';
import type { Code, Facts } from '../diagnostic/messages.ts';

/** A finding about an expression. Who knows the mapping's file makes a Diagnostic of it: `diagnose(code, facts, ...)`. */
export interface ExpressionProblem<C extends Code = Code> {
  readonly code: C;
  readonly facts: Facts<C>;
  readonly span: Span;
  readonly hint?: string;
}

export function problem<C extends Code>(code: C, facts: Facts<C>, span: Span, hint?: string): ExpressionProblem<C> {
  return { code, facts, span, ...(hint !== undefined && { hint }) };
}

/** Thrown inside the parser where what follows can no longer be understood; never leaves it. */
export class SyntaxStop extends Error {
  readonly problem: ExpressionProblem;

  constructor(problem: ExpressionProblem) {
    super(problem.code);
    this.problem = problem;
  }
}
