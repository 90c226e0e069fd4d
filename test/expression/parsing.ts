import type { ColumnLeaf, Expression, ParsedExpression } from '../../engine/expression/expression.ts';
import { parseExpression } from '../../engine/expression/parse/parse.ts';
import { resolvePaths } from '../../engine/expression/paths.ts';
import type { ExpressionProblem } from '../../engine/expression/problem.ts';

type Parsed = { readonly expression: Expression } | { readonly problems: readonly ExpressionProblem[] };

/** Parses and resolves with every alias known. */
export function parse(text: string): Parsed {
  const parsed = parseExpression(text, (offset) => offset);
  return 'problems' in parsed ? parsed : resolvePaths(parsed.expression, columnOf);
}

/** Parses what the test knows to be right. */
export function parsed(text: string): ParsedExpression {
  const result = parseExpression(text, (offset) => offset);
  if ('problems' in result) throw new Error(`${text}: ${JSON.stringify(result.problems)}`);
  return result.expression;
}

/** The mistakes of a text: code, and the words they point at. */
export function mistakes(text: string): readonly string[] {
  const result = parseExpression(text, (offset) => offset);
  if (!('problems' in result)) return [];
  return result.problems.map(({ code, span }) => `${code} ${text.slice(span.start, span.end)}`.trim());
}

function columnOf(leaf: Extract<ParsedExpression, { kind: 'path' | 'jsonpath' }>): ColumnLeaf {
  const { segments } = leaf.kind === 'path' ? leaf : leaf.of;
  const [alias, column, ...steps] = segments.map(({ name }) => name);
  const path =
    leaf.kind === 'jsonpath'
      ? ({ kind: 'jsonpath', column: String(column), query: leaf.query } as const)
      : ({ kind: 'nested', column: String(column), steps } as const);
  return { kind: 'column', alias: String(alias), path, span: leaf.span };
}
