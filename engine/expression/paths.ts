/** The paths at the leaves of an expression. */
import type { Type } from '../change.ts';
import type {
  Aggregate,
  ColumnLeaf,
  ColumnPath,
  Expression,
  ExpressionOf,
  JsonPathLeaf,
  ParsedExpression,
  PathLeaf,
} from './expression.ts';
import { WORD } from './parse/tokenize.ts';
import type { ExpressionProblem } from './problem.ts';

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
    case 'aggregate': {
      const { arg, filter, over } = expression;
      const window = over ? [...over.partition, ...over.order.map(({ by }) => by)] : [];
      return [arg, filter, ...window].filter((each) => each !== null);
    }
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

/** The aggregates of an expression, in the order written; none inside of another. */
export function aggregatesOf(expression: Expression): readonly Aggregate[] {
  return expression.kind === 'aggregate'
    ? [expression]
    : (childrenOf(expression) as readonly Expression[]).flatMap(aggregatesOf);
}

/** Gives each path of an expression its meaning; all paths that `resolve` refuses are found at once. */
export function resolvePaths(
  parsed: ParsedExpression,
  resolve: (leaf: PathLeaf | JsonPathLeaf) => ColumnLeaf | ExpressionProblem,
): { readonly expression: Expression } | { readonly problems: readonly ExpressionProblem[] } {
  const problems: ExpressionProblem[] = [];
  const expression = rewrite<PathLeaf | JsonPathLeaf>(parsed, (each) => {
    if (each.kind !== 'path' && each.kind !== 'jsonpath') return null;
    const resolved = resolve(each);
    if ('kind' in resolved) return resolved;
    problems.push(resolved);
    return { kind: 'null', span: each.span };
  });
  return problems.length > 0 ? { problems } : { expression };
}

/**
 * An expression with parts of it replaced, the outermost first: `replace` gives null for what is to stay, and must give
 * something for each leaf that is no column.
 */
export function rewrite<Leaf extends PathLeaf | JsonPathLeaf | ColumnLeaf>(
  expression: ExpressionOf<Leaf>,
  replace: (each: ExpressionOf<Leaf>) => Expression | null,
): Expression {
  const map = (each: ExpressionOf<Leaf>): Expression => rewrite(each, replace);
  const found = replace(expression);
  if (found) return found;
  switch (expression.kind) {
    case 'unary':
    case 'is null':
    case 'cast':
      return { ...expression, operand: map(expression.operand) };
    case 'binary':
      return { ...expression, left: map(expression.left), right: map(expression.right) };
    case 'in':
      return { ...expression, operand: map(expression.operand), list: expression.list.map(map) };
    case 'between':
      return { ...expression, operand: map(expression.operand), low: map(expression.low), high: map(expression.high) };
    case 'like':
      return { ...expression, operand: map(expression.operand), pattern: map(expression.pattern) };
    case 'case':
      return {
        ...expression,
        operand: expression.operand && map(expression.operand),
        // biome-ignore lint/suspicious/noThenProperty: what SQL calls it, and never awaited
        whens: expression.whens.map(({ when, then }) => ({ when: map(when), then: map(then) })),
        otherwise: expression.otherwise && map(expression.otherwise),
      };
    case 'call':
      return { ...expression, args: expression.args.map(map) };
    case 'aggregate':
      return {
        ...expression,
        arg: expression.arg && map(expression.arg),
        filter: expression.filter && map(expression.filter),
        over: expression.over && {
          partition: expression.over.partition.map(map),
          order: expression.over.order.map((each) => ({ ...each, by: map(each.by) })),
        },
      };
    default:
      return expression as Expression;
  }
}

/** A nested path is text; a column has the type that is declared for it, or (null) one that only the log knows. */
export function typeOfPath(path: ColumnPath, declared: ReadonlyMap<string, Type> = new Map()): Type | null {
  if (path.kind === 'fact') return path.fact === 'read_at' ? 'timestamptz' : 'text';
  if (path.kind === 'jsonpath' || path.steps.length > 0) return 'text';
  return declared.get(path.column) ?? null;
}

/** The path that is a column itself. */
export function wholeColumn(column: string): ColumnPath {
  return { kind: 'nested', column, steps: [] };
}

/** The name of the column that a path's text says; null where it leads into one, or is a fact. */
export function columnIn(text: string): string | null {
  const name = text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
  return pathText(wholeColumn(name)) === text ? name : null;
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
