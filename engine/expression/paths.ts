/** The paths at the leaves of an expression. */
import type { Type } from '../change.ts';
import type {
  ColumnLeaf,
  ColumnPath,
  Expression,
  ExpressionOf,
  JsonPathLeaf,
  ParsedExpression,
  PathLeaf,
} from './expression.ts';
import type { ExpressionProblem } from './problem.ts';
import { WORD } from './tokenize.ts';

/** An expression at any stage before its types are known. */
export type AnyExpression = ExpressionOf<PathLeaf | JsonPathLeaf | ColumnLeaf>;

const ONE_WORD = new RegExp(`^${WORD.source}$`, 'u');

/** The expressions directly inside of one, in the order written. */
export function childrenOf(expression: AnyExpression): readonly AnyExpression[] {
  switch (expression.kind) {
    case 'unary':
    case 'is null':
    case 'cast':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'in':
      return [expression.operand, ...expression.list];
    case 'between':
      return [expression.operand, expression.low, expression.high];
    case 'like':
      return [expression.operand, expression.pattern];
    case 'case': {
      const { operand, whens, otherwise } = expression;
      return [operand, ...whens.flatMap(({ when, then }) => [when, then]), otherwise].filter((each) => each !== null);
    }
    case 'call':
      return expression.args;
    default:
      return [];
  }
}

/** All columns that an expression reads, in the order written, as often as written. */
export function columnsOf(expression: Expression): readonly ColumnLeaf[] {
  const found: ColumnLeaf[] = [];
  const open: AnyExpression[] = [expression];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.kind === 'column') found.push(next);
    open.push(...childrenOf(next).toReversed());
  }
  return found;
}

/** Gives each path of an expression its meaning; all paths that `resolve` refuses are found at once. */
export function resolvePaths(
  parsed: ParsedExpression,
  resolve: (leaf: PathLeaf | JsonPathLeaf) => ColumnLeaf | ExpressionProblem,
): { readonly expression: Expression } | { readonly problems: readonly ExpressionProblem[] } {
  const problems: ExpressionProblem[] = [];
  const expression = mapLeaves(parsed, (leaf) => {
    const resolved = resolve(leaf);
    if ('kind' in resolved) return resolved;
    problems.push(resolved);
    return { kind: 'null', span: leaf.span };
  });
  return problems.length > 0 ? { problems } : { expression };
}

function mapLeaves(parsed: ParsedExpression, leaf: (leaf: PathLeaf | JsonPathLeaf) => Expression): Expression {
  const map = (each: ParsedExpression): Expression => mapLeaves(each, leaf);
  switch (parsed.kind) {
    case 'path':
    case 'jsonpath':
      return leaf(parsed);
    case 'unary':
    case 'is null':
    case 'cast':
      return { ...parsed, operand: map(parsed.operand) };
    case 'binary':
      return { ...parsed, left: map(parsed.left), right: map(parsed.right) };
    case 'in':
      return { ...parsed, operand: map(parsed.operand), list: parsed.list.map(map) };
    case 'between':
      return { ...parsed, operand: map(parsed.operand), low: map(parsed.low), high: map(parsed.high) };
    case 'like':
      return { ...parsed, operand: map(parsed.operand), pattern: map(parsed.pattern) };
    case 'case':
      return {
        ...parsed,
        operand: parsed.operand && map(parsed.operand),
        // biome-ignore lint/suspicious/noThenProperty: what SQL calls it, and never awaited
        whens: parsed.whens.map(({ when, then }) => ({ when: map(when), then: map(then) })),
        otherwise: parsed.otherwise && map(parsed.otherwise),
      };
    case 'call':
      return { ...parsed, args: parsed.args.map(map) };
    default:
      return parsed;
  }
}

/** A nested path is text; a column has the type that is declared for it, or (null) one that only the log knows. */
export function typeOfPath(path: ColumnPath, declared: ReadonlyMap<string, Type> = new Map()): Type | null {
  if (path.kind === 'fact') return path.fact === 'read_at' ? 'timestamptz' : 'text';
  if (path.kind === 'jsonpath' || path.steps.length > 0) return 'text';
  return declared.get(path.column) ?? null;
}

/**
 * A path as it is written behind its alias: equal texts, equal paths. A fact is written with `source.` before it.
 *
 * `jsonpath(column, '$..x')` stands for what a mapping writes as `jsonpath(alias.column, '$..x')`.
 */
export function pathText(path: ColumnPath): string {
  switch (path.kind) {
    case 'fact':
      return `source.${path.fact}`;
    case 'jsonpath':
      return `jsonpath(${nameText(path.column)}, '${path.query.replaceAll("'", "''")}')`;
    case 'nested': {
      // A column named "source" is quoted: without, source.file would be two things.
      const column = path.column === 'source' ? '"source"' : nameText(path.column);
      return (
        column + path.steps.map((step) => (typeof step === 'number' ? `[${step}]` : `.${nameText(step)}`)).join('')
      );
    }
  }
}

/** A name as it stands in a path: in double quotes where it is no single word. */
export function nameText(name: string): string {
  return ONE_WORD.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
