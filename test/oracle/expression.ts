/**
 * What an expression means for one row: PostgreSQL's rules said as plainly as they go, a node at a time.
 *
 * Values carry their types; only `case`, `coalesce` and `nullif` ask what is known beforehand, as PostgreSQL does when
 * it brings their branches to one type. NULL is unknown: `and` and `or` are the only ones that can do with it.
 */

import { calculate, isArithmetic, negated } from './arithmetic.ts';
import { cast, textOf } from './cast.ts';
import { isLess, isSame } from './compare.ts';
import { boolean, type Datum, OracleError, text } from './datum.ts';
import { call } from './function.ts';
import type { Node } from './node.ts';
import { type StaticType, type TypeAt, typeOf } from './type.ts';

/** Where an expression stands: what its paths are, and what they hold in the row at hand. */
export interface Scope {
  readonly typeAt: TypeAt;
  readonly valueAt: (segments: readonly (string | number)[]) => Datum;
  /** The values of expressions that are not computed from a row: of groups, aggregates and windows. */
  readonly given?: (node: Node) => Datum | undefined;
}

export function evaluate(node: Node, scope: Scope): Datum {
  const given = scope.given?.(node);
  return given === undefined ? compute(node, scope) : given;
}

function compute(node: Node, scope: Scope): Datum {
  const of = (each: Node): Datum => evaluate(each, scope);
  switch (node.kind) {
    case 'path':
      return scope.valueAt(node.segments);
    case 'value':
      return node.value;
    case 'unary':
      return node.op === 'not'
        ? not(truth(of(node.operand)))
        : node.op === '-'
          ? negated(of(node.operand))
          : of(node.operand);
    case 'binary':
      return evaluateBinary(node.op, node.left, node.right, of);
    case 'is null':
      return boolean(of(node.operand) === null);
    case 'in':
      return isIn(of(node.operand), node.list.map(of));
    case 'case':
      return evaluateCase(node, scope);
    case 'cast':
      return cast(of(node.operand), node.type);
    case 'call':
      return evaluateCall(node, scope);
    case 'aggregate':
    case 'window':
      throw new OracleError(`"${node.kind}" stands where there is one row`);
  }
}

/** Whether a filter lets a row through: NULL doesn't. */
export function holds(node: Node, scope: Scope): boolean {
  return truth(evaluate(node, scope)) === true;
}

/** Whether a row passes a check: what is false fails it, and what can't be computed. */
export function passes(node: Node, scope: Scope): boolean {
  try {
    return truth(evaluate(node, scope)) !== false;
  } catch (error) {
    if (error instanceof OracleError) return false;
    throw error;
  }
}

function evaluateBinary(op: string, left: Node, right: Node, of: (node: Node) => Datum): Datum {
  if (op === 'and' || op === 'or') return connect(op === 'or', truth(of(left)), () => truth(of(right)));
  const [a, b] = [of(left), of(right)];
  if (a === null || b === null) return null;
  if (op === '||') return text(textOf(a) + textOf(b));
  if (op === 'like') return boolean(isLike(a, b));
  return isArithmetic(op) ? calculate(op, a, b) : boolean(compare(op, a, b));
}

/** `decisive` decides alone, true for `or` and false for `and`; otherwise NULL stays NULL. */
function connect(decisive: boolean, left: boolean | null, right: () => boolean | null): Datum {
  if (left === decisive) return boolean(decisive);
  const other = right();
  if (other === decisive) return boolean(decisive);
  return left === null || other === null ? null : boolean(!decisive);
}

function compare(op: string, a: NonNullable<Datum>, b: NonNullable<Datum>): boolean {
  switch (op) {
    case '=':
      return isSame(a, b);
    case '<>':
      return !isSame(a, b);
    case '<':
      return isLess(a, b);
    case '<=':
      return !isLess(b, a);
    case '>':
      return isLess(b, a);
    case '>=':
      return !isLess(a, b);
    default:
      throw new OracleError(`"${op}" is no operator`);
  }
}

function isIn(operand: Datum, list: readonly Datum[]): Datum {
  if (operand === null) return null;
  if (list.some((item) => item !== null && isSame(operand, item))) return boolean(true);
  return list.includes(null) ? null : boolean(false);
}

function evaluateCase(node: Extract<Node, { kind: 'case' }>, scope: Scope): Datum {
  const chosen = node.whens.find(([when]) => holds(when, scope))?.[1] ?? node.otherwise;
  return bring(evaluate(chosen, scope), typeOf(node, scope.typeAt));
}

function evaluateCall(node: Extract<Node, { kind: 'call' }>, scope: Scope): Datum {
  if (node.name === 'coalesce') return firstPresent(node, scope);
  const args = node.args.map((each) => evaluate(each, scope));
  if (node.name !== 'nullif') return call(node.name, args);
  const [a = null, b = null] = args;
  return a !== null && b !== null && isSame(a, b) ? null : bring(a, typeOf(node, scope.typeAt));
}

function firstPresent(node: Extract<Node, { kind: 'call' }>, scope: Scope): Datum {
  for (const each of node.args) {
    const value = evaluate(each, scope);
    if (value !== null) return bring(value, typeOf(node, scope.typeAt));
  }
  return null;
}

/** Where no type is known beforehand, the value keeps its own. */
function bring(value: Datum, type: StaticType): Datum {
  if (type !== null && type !== 'literal') return cast(value, type);
  return value?.type === 'literal' ? text(value.value) : value;
}

/** `%` is any text, `_` any character, a backslash takes the next character as it is. */
function isLike(value: NonNullable<Datum>, pattern: NonNullable<Datum>): boolean {
  const written = value.type === 'character' ? value.value : textOf(value);
  const source = textOf(pattern).replace(/\\(.)|[%_]|[^\\%_]/gsu, (part: string, escaped?: string) => {
    if (part === '%') return '.*';
    return part === '_' ? '.' : (escaped ?? part).replace(/[\\^$.*+?()[\]{}|/-]/u, '\\$&');
  });
  return new RegExp(`^${source}$`, 'su').test(written);
}

function truth(value: Datum): boolean | null {
  if (value === null) return null;
  const asBoolean = value.type === 'literal' ? cast(value, 'boolean') : value;
  if (asBoolean?.type !== 'boolean') throw new OracleError(`${value.type} is no boolean`);
  return asBoolean.value;
}

function not(value: boolean | null): Datum {
  return value === null ? null : boolean(!value);
}
