/**
 * Expressions as PostgreSQL 15 parses them, by precedence climbing.
 *
 * Source of the levels: "Operator Precedence" in PostgreSQL's manual, and the `%left` and `%nonassoc` lines of its
 * gram.y. One thing is narrower here: between `between` and its `and` no comparison stands without parentheses.
 */
import { invariant, type Span } from '../../diagnostic/diagnostic.ts';
import type { BinaryOperator, ParsedExpression } from '../expression.ts';
import { type AnyExpression, childrenOf } from '../paths.ts';
import { type ExpressionProblem, problem, SyntaxStop } from '../problem.ts';
import { type Cursor, openCursor, says } from './cursor.ts';
import { parseList, parseOperand } from './operand.ts';
import { type Token, tokenize } from './tokenize.ts';

const [OR, AND, NOT, IS, COMPARE, RANGE, OTHER, SUM, PRODUCT, SIGN] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/** Deeper is no expression that someone wrote, and every later stage may recurse. SQLite stops at 1,000. */
const DEEPEST = 250;

/** Calls of the parser in one another: two for each pair of parentheses at most. */
const NESTING = 2 * DEEPEST;

const BINARY: ReadonlyMap<string, { readonly op: BinaryOperator; readonly level: number }> = new Map([
  ['or', { op: 'or', level: OR }],
  ['and', { op: 'and', level: AND }],
  ['=', { op: '=', level: COMPARE }],
  ['<>', { op: '<>', level: COMPARE }],
  ['!=', { op: '<>', level: COMPARE }],
  ['<', { op: '<', level: COMPARE }],
  ['<=', { op: '<=', level: COMPARE }],
  ['>', { op: '>', level: COMPARE }],
  ['>=', { op: '>=', level: COMPARE }],
  ['||', { op: '||', level: OTHER }],
  ['+', { op: '+', level: SUM }],
  ['-', { op: '-', level: SUM }],
  ['*', { op: '*', level: PRODUCT }],
  ['/', { op: '/', level: PRODUCT }],
  ['%', { op: '%', level: PRODUCT }],
]);

/**
 * Parses one expression. `at` leads from an offset in `text` (its length included) to one in the file the text was taken
 * from; all spans are of that file. After a mistake of syntax nothing more is found; the other mistakes come all at once.
 */
export function parseExpression(
  text: string,
  at: (offset: number) => number,
): { readonly expression: ParsedExpression } | { readonly problems: readonly ExpressionProblem[] } {
  try {
    const cursor = openCursor(tokenize(text, at), at, (inner) => parseFrom(inner, OR));
    const expression = cursor.expression();
    if (cursor.peek().kind !== 'end') throw cursor.stop('an operator or the end');
    if (cursor.problems.length > 0) return { problems: cursor.problems };
    if (depthOf(expression) > DEEPEST) throw new SyntaxStop(tooDeep(expression.span));
    return { expression };
  } catch (error) {
    if (error instanceof SyntaxStop) return { problems: [error.problem] };
    throw error;
  }
}

/** What stands here, with all operators behind it that bind as tightly as `least` or tighter. */
function parseFrom(cursor: Cursor, least: number): ParsedExpression {
  const start = cursor.peek();
  if (cursor.deeper() > NESTING) throw new SyntaxStop(tooDeep(cursor.spanOf(start)));
  let left = parsePrefix(cursor);
  // The operator before, and its level where no other of that level may follow.
  let [before, closed] = [start, 0];
  for (let level = levelHere(cursor); level >= least; level = levelHere(cursor)) {
    const token = cursor.peek();
    if (level === closed) {
      const facts = { first: before.text, second: token.text };
      throw new SyntaxStop(problem('CHAINED_OPERATORS', facts, cursor.spanOf(token)));
    }
    left = parseBehind(cursor, start, left, level);
    before = token;
    closed = level === COMPARE || left.kind === 'like' || left.kind === 'between' ? level : 0;
  }
  cursor.shallower();
  return left;
}

/** How tightly the operator that starts here binds; 0 where none does. */
function levelHere(cursor: Cursor): number {
  const token = cursor.peek();
  if (says(token, 'is')) return IS;
  if (isRange(token) || (says(token, 'not') && isRange(cursor.peek(1)))) return RANGE;
  return binaryAt(token)?.level ?? 0;
}

function isRange(token: Token): boolean {
  return says(token, 'in') || says(token, 'between') || says(token, 'like');
}

function binaryAt(token: Token) {
  return token.kind === 'word' || token.kind === 'symbol' ? BINARY.get(token.text.toLowerCase()) : undefined;
}

function parsePrefix(cursor: Cursor): ParsedExpression {
  const start = cursor.peek();
  // Before a dot every word is an alias, also one that is named like a keyword.
  const isAlias = says(cursor.peek(1), '.');
  const op = isAlias ? undefined : (['not', '-', '+'] as const).find((each) => says(start, each));
  if (op === undefined) return parseOperand(cursor);
  cursor.next();
  const operand = parseFrom(cursor, op === 'not' ? NOT : SIGN);
  return { kind: 'unary', op, operand, span: cursor.spanFrom(start) };
}

/** The operator of this level that stands here, and what follows it. `start` is where `left` starts. */
function parseBehind(cursor: Cursor, start: Token, left: ParsedExpression, level: number): ParsedExpression {
  if (level === RANGE) return parseRange(cursor, start, left);
  const token = cursor.next();
  if (level === IS) {
    const negated = cursor.take('not');
    if (!cursor.take('null')) throw cursor.stop(negated ? '"null"' : '"null" or "not null"');
    return { kind: 'is null', operand: left, negated, span: cursor.spanFrom(start) };
  }
  const op = binaryAt(token)?.op;
  invariant(op !== undefined, `"${token.text}" has a level and is no operator`);
  const right = parseFrom(cursor, level + 1);
  return { kind: 'binary', op, left, right, span: cursor.spanFrom(start) };
}

function parseRange(cursor: Cursor, start: Token, operand: ParsedExpression): ParsedExpression {
  const negated = cursor.take('not');
  if (cursor.take('in')) {
    cursor.expect('(');
    const list = parseList(cursor);
    return { kind: 'in', operand, list, negated, span: cursor.spanFrom(start) };
  }
  if (cursor.take('like')) {
    const pattern = parseFrom(cursor, RANGE + 1);
    return { kind: 'like', operand, pattern, negated, span: cursor.spanFrom(start) };
  }
  cursor.expect('between');
  const low = parseFrom(cursor, RANGE + 1);
  cursor.expect('and');
  const high = parseFrom(cursor, RANGE + 1);
  return { kind: 'between', operand, low, high, negated, span: cursor.spanFrom(start) };
}

/** The levels of an expression: chains of one operator grow to the left without any parentheses. */
function depthOf(expression: ParsedExpression): number {
  let depth = 0;
  for (let level: readonly AnyExpression[] = [expression]; level.length > 0; level = level.flatMap(childrenOf)) depth++;
  return depth;
}

function tooDeep(span: Span): ExpressionProblem {
  return problem('EXPRESSION_TOO_DEEP', { limit: DEEPEST }, span);
}
