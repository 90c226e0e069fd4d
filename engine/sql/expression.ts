import { diagnose, EtlError } from '../diagnostic/diagnostic.ts';
import { encode } from '../expression/code.ts';
import type { ColumnPath, Expression, Typed } from '../expression/expression.ts';
import { OperationError } from '../expression/operation/operation.ts';
import { inferCondition, inferTypes } from '../expression/type/type.ts';
import { partsOf } from '../expression/type/typed.ts';
import type { Plan } from '../plan/plan.ts';
import { withoutConstants } from './constant.ts';
import { type Dialect, sayOperation } from './dialect.ts';
import type { Names } from './names.ts';

/**
 * Types an expression of the plan by what is known of its columns.
 *
 * Throws an EtlError that points into the mapping where the columns' types, which only the log may know, don't fit it.
 */
export function typed(plan: Plan, expression: Expression, names: Names): Typed {
  return orThrow(plan, inferTypes(expression, names.type));
}

/** The same for a filter, which must be true or false. */
export function typedCondition(plan: Plan, condition: Expression, names: Names): Typed {
  return orThrow(plan, inferCondition(condition, names.type));
}

function orThrow(plan: Plan, inferred: ReturnType<typeof inferTypes>): Typed {
  if ('typed' in inferred) return inferred.typed;
  throw new EtlError(
    inferred.problems.map((problem) =>
      diagnose(problem.code, problem.facts, { mapping: { ...plan.origin, span: problem.span }, hint: problem.hint }),
    ),
  );
}

/** Says an expression of the plan. Throws an EtlError that points at it where the database does not hold one of its values. */
export function sayAt(plan: Plan, { span }: Expression, typed: Typed, names: Names, dialect: Dialect): string {
  try {
    return say(typed, names, dialect);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    throw new EtlError([diagnose(error.code, error.facts, { mapping: { ...plan.origin, span } })]);
  }
}

/** A typed expression as SQL text. */
export function say(expression: Typed, names: Names, dialect: Dialect): string {
  return sayTyped(dialect.computesEarly ? withoutConstants(expression) : expression, names, dialect);
}

function sayTyped(expression: Typed, names: Names, dialect: Dialect): string {
  const inner = (each: Typed): string => sayTyped(each, names, dialect);
  switch (expression.kind) {
    case 'value':
      return dialect.value(expression.value, expression.type);
    case 'column':
      return sayColumn(expression.alias, expression.path, names);
    case 'and':
    case 'or':
      return `(${expression.args.map(inner).join(` ${expression.kind.toUpperCase()} `)})`;
    case 'not':
      return `(NOT ${inner(expression.operand)})`;
    case 'is null':
      return `(${inner(expression.operand)} IS ${expression.negated ? 'NOT ' : ''}NULL)`;
    case 'case':
      return sayCase(expression, inner, among(expression, inner, dialect));
    case 'coalesce':
      return expression.args.length === 1
        ? expression.args.map(inner).join()
        : sayCoalesce(expression.args.map(among(expression, inner, dialect)), dialect);
    case 'passes':
      // Elsewhere what can't be computed can't be caught, and fails.
      return !dialect.catches || isTotal(expression.operand, dialect)
        ? sayCoalesce([inner(expression.operand), dialect.value(1n, 'boolean')], dialect)
        : `(${sayFailing(expression.operand, names, dialect)} IS NULL)`;
    case 'call': {
      const types = expression.args.map(({ type }) => type);
      return sayOperation(expression.operation, expression.args.map(inner), types, dialect);
    }
  }
}

/** How a row fails a condition, as `failing` of the expressions tells it. */
export function sayFailing(condition: Typed, names: Names, dialect: Dialect): string {
  return sayEncoded('etl_failing', condition, names, dialect);
}

/** An expression that is NULL where it can't be computed. */
export function sayAttempt(expression: Typed, names: Names, dialect: Dialect): string {
  if (isTotal(expression, dialect)) return say(expression, names, dialect);
  return sayEncoded('etl_attempt', expression, names, dialect);
}

function sayEncoded(call: string, expression: Typed, names: Names, dialect: Dialect): string {
  const { text, columns } = encode(expression);
  const args = [dialect.value(text, 'text'), ...columns.map((column) => say(column, names, dialect))];
  return `${call}(${args.join(', ')})`;
}

/** Whether an expression can be computed whatever its columns hold. */
function isTotal(expression: Typed, dialect: Dialect): boolean {
  const isSure = expression.kind !== 'call' || dialect.native.has(expression.operation);
  return isSure && partsOf(expression).every((part) => isTotal(part, dialect));
}

/** What a value is chosen from: of one unknown type where the choice has none. */
function among({ type }: Typed, inner: (each: Typed) => string, dialect: Dialect): (each: Typed) => string {
  return (each) => (type === null ? dialect.untyped(inner(each), each.type) : inner(each));
}

/** Without its alias where `names` gives none: in an index a column stands alone. */
function sayColumn(alias: string, path: ColumnPath, names: Names): string {
  const name = names.alias(alias);
  return name === '' ? names.column(alias, path) : `${name}.${names.column(alias, path)}`;
}

function sayCoalesce(args: readonly string[], dialect: Dialect): string {
  return sayOperation('coalesce', args, [], dialect);
}

function sayCase(
  expression: Extract<Typed, { kind: 'case' }>,
  inner: (each: Typed) => string,
  result: (each: Typed) => string,
): string {
  const whens = expression.whens.map(({ when, then }) => `WHEN ${inner(when)} THEN ${result(then)}`);
  return `CASE ${whens.join(' ')} ELSE ${result(expression.otherwise)} END`;
}
