/**
 * Expressions of the language said to PostgreSQL: every whole number is a bigint, and a numeric that was computed has no
 * zeros at its end, as in the language, where those would count in the next division.
 */
import type { OracleType } from '../oracle/datum.ts';
import { decimalText } from '../oracle/decimal.ts';
import type { AggregateNode, Node, OrderItem, WindowNode } from '../oracle/node.ts';
import { type StaticType, type TypeAt, typeOf } from '../oracle/type.ts';

const TYPES: Readonly<Partial<Record<OracleType, string>>> = {
  integer: 'bigint',
  double: 'double precision',
  character: 'bpchar',
};

interface Say {
  (node: Node): string;
  readonly typeOf: (node: Node) => StaticType;
}

/** Makes the function that says an expression over columns of these types. */
export function saying(typeAt: TypeAt): (node: Node) => string {
  const typed = (node: Node): StaticType => typeOf(node, typeAt);
  const say: Say = Object.assign(
    (node: Node): string => {
      const isComputed = node.kind !== 'path' && node.kind !== 'value';
      return `${isComputed && typed(node) === 'numeric' ? 'trim_scale' : ''}(${sayOne(node, say)})`;
    },
    { typeOf: typed },
  );
  return say;
}

function sayOne(node: Node, say: Say): string {
  switch (node.kind) {
    case 'path':
      return sayPath(node.segments);
    case 'value':
      return sayValue(node);
    case 'unary':
      return `${node.op} ${say(node.operand)}`;
    case 'binary':
      return `${say(node.left)} ${node.op} ${say(node.right)}`;
    case 'is null':
      return `${say(node.operand)} IS NULL`;
    case 'in':
      return `${say(node.operand)} IN (${node.list.map(say).join(', ')})`;
    case 'case':
      return `CASE ${node.whens.map((pair) => `WHEN ${pair.map(say).join(' THEN ')}`).join(' ')} ELSE ${say(node.otherwise)} END`;
    case 'cast':
      return `CAST(${say(node.operand)} AS ${TYPES[node.type] ?? node.type})`;
    case 'call':
      return sayCall(node.name, node.args.map(say));
    case 'aggregate':
      return sayAggregate(node, say, '');
    case 'window':
      return sayAggregate(node.aggregate, say, sayOver(node, say));
  }
}

function sayPath([alias, column, ...steps]: readonly (string | number)[]): string {
  const into = steps.map((step, place) => {
    const arrow = place === steps.length - 1 ? '->>' : '->';
    return `${arrow} ${typeof step === 'number' ? step : literal(step)}`;
  });
  return [`${alias}.${column}`, ...into].join(' ');
}

function sayValue({ value }: Extract<Node, { kind: 'value' }>): string {
  switch (value?.type) {
    case undefined:
      return 'NULL';
    case 'integer':
      return `${value.value}::bigint`;
    case 'numeric':
      return `${decimalText(value.value)}::numeric`;
    case 'boolean':
      return String(value.value);
    default:
      return literal(String(value?.value));
  }
}

function sayCall(name: string, args: readonly string[]): string {
  const [first = '', ...others] = args;
  if (['year', 'month', 'day', 'hour'].includes(name)) return `extract(${name} FROM ${first})::bigint`;
  if (name === 'length') return `length(${first})::bigint`;
  // Places and lengths have four bytes in PostgreSQL.
  if (name === 'round' || name === 'substr')
    return `${name}(${[first, ...others.map((each) => `${each}::integer`)].join(', ')})`;
  return `${name}(${args.join(', ')})`;
}

/**
 * The mean of numerics is said as a quotient: PostgreSQL's own would count the zeros at the end of the sum, which the
 * language doesn't have.
 */
function sayAggregate(node: AggregateNode, say: Say, over: string): string {
  const { name, distinct, argument, filter } = node;
  const operand = argument === null ? '*' : (distinct ? 'DISTINCT ' : '') + say(argument);
  const called = (name: string): string =>
    `${name}(${operand})${filter ? ` FILTER (WHERE ${say(filter)})` : ''}${over}`;
  if (name !== 'avg' || say.typeOf(node) !== 'numeric') return called(name);
  return `trim_scale(${called('sum')}) / nullif(${called('count')}, 0)`;
}

function sayOver({ partition, order }: WindowNode, say: Say): string {
  const item = ({ node, descending, nullsFirst }: OrderItem): string =>
    `${say(node)} ${descending ? 'DESC' : 'ASC'} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`;
  const by = (word: string, items: readonly string[]): string =>
    items.length > 0 ? `${word} BY ${items.join(', ')}` : '';
  return ` OVER (${by('PARTITION', partition.map(say))} ${by('ORDER', order.map(item))})`;
}

function literal(written: string): string {
  return `'${written.replaceAll("'", "''")}'`;
}
