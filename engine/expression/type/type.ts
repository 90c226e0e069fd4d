/**
 * The types of an expression as PostgreSQL 15 finds them ("Type Conversion" in its manual), and the expression said in
 * the few kinds of `Typed`.
 *
 * A type may be unknown (null) until data is read. It passes everywhere, and its operations decide by the value.
 */
import type { Type } from '../../change.ts';
import { invariant, type Span } from '../../diagnostic/diagnostic.ts';
import type { ColumnPath, Expression, Typed } from '../expression.ts';
import type { Comparison } from '../operation/compare.ts';
import { fitsInteger } from '../operation/integer.ts';
import { readNumeric } from '../operation/numeric.ts';
import { type ExpressionProblem, problem } from '../problem.ts';
import { commonType } from '../types.ts';
import { typeCall } from './calls.ts';
import { call, cast, coerce, constant, nameOf, type Operand, report, type Typing, UNKNOWN, unify } from './coerce.ts';
import { calculate, compare, concatenate, sign } from './operators.ts';
import { all, hasMoreParts, MOST_PARTS, negatedIf } from './typed.ts';

type Inferred = { readonly typed: Typed } | { readonly problems: readonly ExpressionProblem[] };

/** Types an expression by what is known of its columns; all that does not fit is found at once. */
export function inferTypes(expression: Expression, typeOf: (alias: string, path: ColumnPath) => Type | null): Inferred {
  const typing: Typing = { typeOf, problems: [] };
  return finished(typing, asText(typing, infer(typing, expression)).typed, expression.span);
}

/** Types an expression that must be true or false, as `where` takes it. */
export function inferCondition(
  expression: Expression,
  typeOf: (alias: string, path: ColumnPath) => Type | null,
): Inferred {
  const typing: Typing = { typeOf, problems: [] };
  const operand = infer(typing, expression);
  const { type } = operand.typed;
  if (!operand.open && type !== null && type !== 'boolean') {
    typing.problems.push(problem('NOT_A_CONDITION', { type }, expression.span));
  }
  return finished(typing, coerce(typing, operand, 'boolean'), expression.span);
}

function finished(typing: Typing, typed: Typed, span: Span): Inferred {
  if (typing.problems.length > 0) return { problems: typing.problems };
  if (!hasMoreParts(typed)) return { typed };
  return { problems: [problem('EXPRESSION_TOO_LARGE', { limit: MOST_PARTS }, span)] };
}

function infer(typing: Typing, expression: Expression): Operand {
  const { span } = expression;
  switch (expression.kind) {
    case 'null':
      return { typed: { kind: 'value', value: null, type: 'text' }, open: true, span };
    case 'string':
      return { typed: { kind: 'value', value: expression.value, type: 'text' }, open: true, span };
    default:
      return { typed: typeOf(typing, expression), open: false, span };
  }
}

function typeOf(typing: Typing, expression: Exclude<Expression, { kind: 'null' | 'string' }>): Typed {
  const { span } = expression;
  switch (expression.kind) {
    case 'column': {
      const { alias, path } = expression;
      return { kind: 'column', alias, path, type: typing.typeOf(alias, path) };
    }
    case 'boolean':
      return { kind: 'value', value: expression.value ? 1n : 0n, type: 'boolean' };
    case 'number':
      return numberOf(typing, expression.digits, span);
    case 'unary':
      return typeUnary(typing, expression);
    case 'binary':
      return typeBinary(typing, expression);
    case 'is null':
      return {
        kind: 'is null',
        operand: infer(typing, expression.operand).typed,
        negated: expression.negated,
        type: 'boolean',
      };
    case 'in':
      return negatedIf(expression.negated, typeIn(typing, expression));
    case 'between':
      return negatedIf(expression.negated, typeBetween(typing, expression));
    case 'like':
      return negatedIf(expression.negated, typeLike(typing, expression));
    case 'case':
      return typeCase(typing, expression);
    case 'cast':
      return typeCast(typing, expression);
    case 'call':
      return typeCall(
        typing,
        expression.name,
        expression.args.map((arg) => infer(typing, arg)),
      );
    case 'aggregate':
      invariant(false, 'an aggregate is taken out before the expression around it is typed');
  }
}

/** Whole and of 64 bits it is an integer, else numeric. */
function numberOf(typing: Typing, digits: string, span: Span): Typed {
  if (/^-?\d+$/.test(digits) && fitsInteger(BigInt(digits)))
    return { kind: 'value', value: BigInt(digits), type: 'integer' };
  const value = constant(typing, () => readNumeric(digits), { text: digits, type: 'numeric', span });
  return { kind: 'value', value, type: 'numeric' };
}

function typeUnary(typing: Typing, { op, operand, span }: Extract<Expression, { kind: 'unary' }>): Typed {
  if (op === 'not') return { kind: 'not', operand: condition(typing, 'not', operand), type: 'boolean' };
  // With its sign the least integer is one; without, it would be numeric.
  if (op === '-' && operand.kind === 'number') return numberOf(typing, `-${operand.digits}`, span);
  return sign(typing, op, infer(typing, operand));
}

function typeBinary(typing: Typing, expression: Extract<Expression, { kind: 'binary' }>): Typed {
  const { op, span } = expression;
  if (op === 'and' || op === 'or') {
    return all(op, [condition(typing, op, expression.left), condition(typing, op, expression.right)]);
  }
  const left = infer(typing, expression.left);
  const right = infer(typing, expression.right);
  switch (op) {
    case '||':
      return concatenate(typing, left, right, span);
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return calculate(typing, op, left, right, span);
    default:
      return compare(typing, op satisfies Comparison, left, right, span);
  }
}

/** Literals in the list take the type of the whole list, as in PostgreSQL; then each is compared on its own. */
function typeIn(typing: Typing, expression: Extract<Expression, { kind: 'in' }>): Typed {
  const operand = infer(typing, expression.operand);
  const list = expression.list.map((each) => infer(typing, each));
  const told = [operand, ...list].filter((each) => !each.open).map((each) => each.typed.type);
  const common = told.includes(null) || told.length === 0 ? null : commonType(told.filter((type) => type !== null));
  const compared = list.map((each) => {
    if (!each.open || typeof common !== 'string' || operand.open) return each;
    return { ...each, typed: coerce(typing, each, common), open: false };
  });
  return all(
    'or',
    compared.map((each) => compare(typing, '=', operand, each, each.span)),
  );
}

function typeBetween(typing: Typing, expression: Extract<Expression, { kind: 'between' }>): Typed {
  const operand = infer(typing, expression.operand);
  const low = compare(typing, '>=', operand, infer(typing, expression.low), expression.span);
  const high = compare(typing, '<=', operand, infer(typing, expression.high), expression.span);
  return all('and', [low, high]);
}

function typeLike(typing: Typing, expression: Extract<Expression, { kind: 'like' }>): Typed {
  const args = [expression.operand, expression.pattern].map((each, n) => {
    const operand = infer(typing, each);
    const { type } = operand.typed;
    // Of a character(n) the blanks at the end stand against the pattern; a pattern is a text, and has lost them.
    if (type === 'character' && n === 0) return operand.typed;
    if (operand.open || type === null || type === 'text' || type === 'character')
      return coerce(typing, operand, 'text');
    return report(typing, 'WRONG_OPERAND', { operator: 'like', expected: 'text', actual: nameOf(operand) }, each.span);
  });
  return call('like', args, 'boolean');
}

function typeCase(typing: Typing, expression: Extract<Expression, { kind: 'case' }>): Typed {
  const compared = expression.operand && asText(typing, infer(typing, expression.operand));
  const conditions = expression.whens.map(({ when }) =>
    compared ? compare(typing, '=', compared, infer(typing, when), when.span) : condition(typing, 'when', when),
  );
  const results = expression.whens.map(({ then }) => infer(typing, then));
  const otherwise = infer(typing, expression.otherwise ?? { kind: 'null', span: expression.span });
  // What stands behind else counts first, as in PostgreSQL.
  const { args, type } = unify(typing, [otherwise, ...results], 'case');
  // biome-ignore lint/suspicious/noThenProperty: what SQL calls it, and never awaited
  const whens = conditions.map((when, n) => ({ when, then: args[n + 1] ?? UNKNOWN }));
  return { kind: 'case', whens, otherwise: args[0] ?? UNKNOWN, type };
}

function typeCast(typing: Typing, { operand, type, span }: Extract<Expression, { kind: 'cast' }>): Typed {
  const from = infer(typing, operand);
  return cast(typing, from, type) ?? report(typing, 'NO_CAST', { from: nameOf(from), to: type }, span);
}

/** A literal that takes its type from nobody. */
function asText(typing: Typing, operand: Operand): Operand {
  return operand.open ? { ...operand, typed: coerce(typing, operand, 'text'), open: false } : operand;
}

function condition(typing: Typing, operator: string, expression: Expression): Typed {
  const operand = infer(typing, expression);
  const { type } = operand.typed;
  if (operand.open || type === null || type === 'boolean') return coerce(typing, operand, 'boolean');
  return report(typing, 'WRONG_OPERAND', { operator, expected: 'true or false', actual: type }, expression.span);
}
