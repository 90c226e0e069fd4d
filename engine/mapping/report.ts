import { type Diagnostic, diagnose, type Span } from '../diagnostic/diagnostic.ts';
import type { Code, Facts } from '../diagnostic/messages.ts';
import type { ExpressionProblem } from '../expression/problem.ts';

/** Collects the findings of one mapping: every stage adds all of its own, and goes on with what can still be true. */
export interface Report {
  readonly file: string;
  readonly text: string;
  add<C extends Code>(code: C, facts: Facts<C>, span: Span, hint?: string): void;
  addProblems(problems: readonly ExpressionProblem[]): void;
  /** Whether an error was found; a warning is none. */
  failed(): boolean;
  /** Ordered by position, each once: what stands under an anchor is read as often as an alias refers to it. */
  findings(): Diagnostic[];
}

export function openReport(file: string, text: string): Report {
  const found = new Map<string, Diagnostic & { readonly span: Span }>();
  function add<C extends Code>(code: C, facts: Facts<C>, span: Span, hint?: string): void {
    const finding = diagnose(code, facts, { mapping: { file, text, span }, hint });
    const identity = `${span.start} ${span.end} ${code} ${finding.message}`;
    if (!found.has(identity)) found.set(identity, { ...finding, span });
  }
  return {
    file,
    text,
    add,
    addProblems: (problems) => {
      for (const { code, facts, span, hint } of problems) add(code, facts, span, hint);
    },
    failed: () => [...found.values()].some((finding) => finding.severity === 'error'),
    findings: () =>
      [...found.values()]
        .sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)
        .map(({ span: _, ...finding }) => finding),
  };
}
