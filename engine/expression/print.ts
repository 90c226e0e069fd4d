import type { Aggregate, ColumnLeaf, Expression } from './expression.ts';
import { nameText, pathText } from './paths.ts';

/** An expression in the words of the language; parsed again it is the same. */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'column':
      return printColumn(expression);
    case 'null':
      return 'null';
    case 'boolean':
      return String(expression.value);
    case 'string':
      return quoted(expression.value);
    case 'number':
      return expression.digits;
    case 'cast':
      return `cast(${printExpression(expression.operand)} as ${expression.type})`;
    case 'call':
      return `${expression.name}(${expression.args.map(printExpression).join(', ')})`;
    case 'case':
      return printCase(expression);
    case 'aggregate':
      return printAggregate(expression);
    default:
      return printOperator(expression);
  }
}

/** A column behind its alias, as in a mapping; a column of the metric, which has no alias, alone. */
export function printColumn({ alias, path }: Pick<ColumnLeaf, 'alias' | 'path'>): string {
  if (path.kind === 'fact' || alias === '') return pathText(path);
  if (path.kind === 'jsonpath') return `jsonpath(${nameText(alias)}.${nameText(path.column)}, ${quoted(path.query)})`;
  return `${nameText(alias)}.${pathText(path)}`;
}

type Operator = Extract<Expression, { kind: 'unary' | 'binary' | 'is null' | 'in' | 'between' | 'like' }>;

function printOperator(expression: Operator): string {
  const not = 'negated' in expression && expression.negated ? 'not ' : '';
  switch (expression.kind) {
    case 'unary':
      return `${expression.op}${expression.op === 'not' ? ' ' : ''}${inner(expression.operand)}`;
    case 'binary':
      return `${inner(expression.left)} ${expression.op} ${inner(expression.right)}`;
    case 'is null':
      return `${inner(expression.operand)} is ${not}null`;
    case 'in':
      return `${inner(expression.operand)} ${not}in (${expression.list.map(printExpression).join(', ')})`;
    case 'between':
      return `${inner(expression.operand)} ${not}between ${inner(expression.low)} and ${inner(expression.high)}`;
    case 'like':
      return `${inner(expression.operand)} ${not}like ${inner(expression.pattern)}`;
  }
}

function printCase({ operand, whens, otherwise }: Extract<Expression, { kind: 'case' }>): string {
  const parts = whens.map(({ when, then }) => `when ${printExpression(when)} then ${printExpression(then)}`);
  const head = operand ? [`case ${inner(operand)}`] : ['case'];
  const tail = otherwise ? [`else ${printExpression(otherwise)}`, 'end'] : ['end'];
  return [...head, ...parts, ...tail].join(' ');
}

function printAggregate({ name, distinct, arg, filter, over }: Aggregate): string {
  const call = `${name}(${distinct ? 'distinct ' : ''}${arg ? printExpression(arg) : '*'})`;
  const where = filter ? [`filter (where ${printExpression(filter)})`] : [];
  return [call, ...where, ...(over ? [`over (${printWindow(over)})`] : [])].join(' ');
}

function printWindow({ partition, order }: NonNullable<Aggregate['over']>): string {
  const orders = order.map(({ by, descending, nullsFirst }) => {
    const nulls = nullsFirst === descending ? '' : ` nulls ${nullsFirst ? 'first' : 'last'}`;
    return `${printExpression(by)}${descending ? ' desc' : ''}${nulls}`;
  });
  return [
    ...(partition.length > 0 ? [`partition by ${partition.map(printExpression).join(', ')}`] : []),
    ...(orders.length > 0 ? [`order by ${orders.join(', ')}`] : []),
  ].join(' ');
}

/** Within another operator an operator stands in parentheses, so that precedence need not be known to read it. */
function inner(expression: Expression): string {
  const printed = printExpression(expression);
  return ['unary', 'binary', 'is null', 'in', 'between', 'like'].includes(expression.kind) ? `(${printed})` : printed;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
