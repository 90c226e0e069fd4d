import { OracleError, type OracleType } from './datum.ts';
import type { Node } from './node.ts';

/** What is known of a node before any row is read: `literal` for a bare quoted text or NULL, null where the log tells no type. */
export type StaticType = OracleType | 'literal' | null;

export type TypeAt = (segments: readonly (string | number)[]) => OracleType | null;

const NUMBERS: readonly OracleType[] = ['integer', 'numeric', 'double'];
const TIMES: readonly OracleType[] = ['date', 'timestamp', 'timestamptz'];
const TEXTS: readonly OracleType[] = ['character', 'text'];

/** The type of an expression as PostgreSQL infers it. */
export function typeOf(node: Node, path: TypeAt): StaticType {
  const of = (each: Node): StaticType => typeOf(each, path);
  switch (node.kind) {
    case 'path':
      return path(node.segments);
    case 'value':
      return node.value === null ? 'literal' : node.value.type;
    case 'unary':
      return node.op === 'not' ? 'boolean' : of(node.operand);
    case 'binary':
      if (node.op === '||') return 'text';
      return '+-*/%'.includes(node.op) ? widest([of(node.left), of(node.right)], NUMBERS) : 'boolean';
    case 'is null':
    case 'in':
      return 'boolean';
    case 'case':
      // PostgreSQL takes the `else` for the first.
      return common([node.otherwise, ...node.whens.map(([, then]) => then)].map(of));
    case 'cast':
      return node.type;
    case 'call':
      return typeOfCall(node.name, node.args.map(of));
    case 'aggregate':
      return typeOfAggregate(node.name, node.argument && of(node.argument));
    case 'window':
      return of(node.aggregate);
  }
}

function typeOfAggregate(name: string, argument: StaticType): StaticType {
  if (name === 'count') return 'integer';
  if (name === 'sum' || name === 'avg') return argument === 'integer' ? 'numeric' : argument;
  return argument === 'literal' ? 'text' : argument;
}

function typeOfCall(name: string, args: readonly StaticType[]): StaticType {
  const [first = null] = args;
  switch (name) {
    case 'coalesce':
      return common(args);
    case 'nullif':
      return meeting(args);
    case 'abs':
      return first;
    case 'round':
      if (args.length > 1) return 'numeric';
      return first === 'integer' ? 'double' : first;
    case 'date':
      return 'date';
    case 'length':
    case 'year':
    case 'month':
    case 'day':
    case 'hour':
      return 'integer';
    default:
      return 'text';
  }
}

/**
 * The one type that the branches of a `case` or `coalesce` are brought to; null where the log tells it of none. Of text
 * and character(n), either of which could become the other, it is the first.
 */
export function common(types: readonly StaticType[]): OracleType | null {
  const first = types.find((type) => type === 'text' || type === 'character');
  const met = meeting(types);
  return met === 'text' && first ? (first as OracleType) : met;
}

/** The one type in which values are compared, which is also what `nullif` gives. */
export function meeting(types: readonly StaticType[]): OracleType | null {
  const typed = [...new Set(types.filter((type) => type !== 'literal'))];
  const [first = 'text', ...others] = typed;
  if (others.length === 0 || typed.includes(null)) return typed.includes(null) ? null : first;
  const family = [NUMBERS, TIMES, TEXTS].find((each) => typed.every((type) => type !== null && each.includes(type)));
  if (!family) throw new OracleError(`${typed.join(' and ')} have no common type`);
  return widest(typed, family);
}

function widest(types: readonly StaticType[], family: readonly OracleType[]): OracleType | null {
  return types.includes(null) ? null : (family.findLast((type) => types.includes(type)) ?? null);
}
