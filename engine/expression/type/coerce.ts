/** Bringing the operands of an operation to the types it takes. */
import type { Type, Value } from '../../change.ts';
import type { Span } from '../../diagnostic/diagnostic.ts';
import type { Code, Facts } from '../../diagnostic/messages.ts';
import type { ColumnPath, Typed } from '../expression.ts';
import { OperationError } from '../operation/operation.ts';
import { operations } from '../operation/operations.ts';
import { type ExpressionProblem, problem } from '../problem.ts';
import { commonType } from '../types.ts';

/** Part of an expression with its type. */
export interface Operand {
  readonly typed: Typed;
  /** A text literal or NULL: its type is whatever its neighbours ask for, and text if nobody asks. */
  readonly open: boolean;
  readonly span: Span;
}

/** What typing needs to know, and what it finds. */
export interface Typing {
  readonly typeOf: (alias: string, path: ColumnPath) => Type | null;
  readonly problems: ExpressionProblem[];
}

/** Stands where a type can't be told: null passes everywhere, so that one mistake is one finding. */
export const UNKNOWN: Typed = { kind: 'value', value: null, type: null };

export function report<C extends Code>(typing: Typing, code: C, facts: Facts<C>, span: Span, hint?: string): Typed {
  typing.problems.push(problem(code, facts, span, hint));
  return UNKNOWN;
}

export function call(operation: string, args: readonly Typed[], type: Type | null): Typed {
  return { kind: 'call', operation, args, type };
}

/** A type's name for a message; null is a type that nobody told. */
export function nameOf(operand: Operand): string {
  return operand.typed.type ?? 'a value of unknown type';
}

/**
 * An operand as a value of `type`, where PostgreSQL takes it for one without a cast: a literal is read at once, integer
 * becomes numeric, date becomes timestamp. A value of unknown type is held against the type when its row is computed.
 */
export function coerce(typing: Typing, operand: Operand, type: Type | null): Typed {
  const { typed, open } = operand;
  if (type === null) return untyped(typing, operand);
  if (open) return literal(typing, operand, type);
  if (typed.type === null) return typed === UNKNOWN ? typed : call(`dynamic_as_${type}`, [typed], type);
  if (typed.type === type || type === 'character') return typed;
  return convert(typing, operand, type);
}

/** What `cast(x as type)` does, or null where no cast leads there. */
export function cast(typing: Typing, operand: Operand, type: Type): Typed | null {
  const { typed, open } = operand;
  if (open) return literal(typing, operand, type);
  if (typed.type === type) return typed;
  if (typed.type === null) return call(`dynamic_to_${type}`, [typed], type);
  // By way of text, but with its blanks: they count in bytes and in JSON.
  const from = typed.type === 'character' && type !== 'text' ? 'text' : typed.type;
  return operations.has(`${from}_to_${type}`) ? convert(typing, operand, type, from) : null;
}

/** Operands as values of the one type that PostgreSQL finds for them; `of` is what takes them. */
export function unify(
  typing: Typing,
  operands: readonly Operand[],
  of: string,
): { args: readonly Typed[]; type: Type | null } {
  const told = operands.filter((operand) => !operand.open).map((operand) => operand.typed.type);
  const common = told.includes(null) ? null : commonType(told.filter((type) => type !== null));
  if (common !== null && typeof common !== 'string') {
    const [first, second] = common;
    const span = operands.find((operand) => operand.typed.type === second && !operand.open)?.span;
    report(typing, 'NO_COMMON_TYPE', { of, first, second }, span ?? { start: 0, end: 0 });
    return { args: operands.map(() => UNKNOWN), type: null };
  }
  return { args: operands.map((operand) => coerce(typing, operand, common)), type: common };
}

/** As it is stored where no type is known. */
function untyped(typing: Typing, operand: Operand): Typed {
  const { type } = operand.typed;
  if (type === 'numeric') return convert(typing, operand, null);
  return type === 'character' ? convert(typing, operand, 'text') : operand.typed;
}

function literal(typing: Typing, operand: Operand, type: Type): Typed {
  const { typed } = operand;
  const isText = type === 'text' || type === 'character';
  if (typed.kind === 'value' && (typed.value === null || isText)) return { ...typed, type };
  return convert(typing, operand, type);
}

/** By the operation of that name; null is the storage where no type is known. A constant is converted here and now. */
function convert(typing: Typing, { typed, span }: Operand, type: Type | null, from = typed.type): Typed {
  const operation = `${from}_to_${type ?? 'dynamic'}`;
  if (typed.kind !== 'value') return call(operation, [typed], type);
  const value = constant(typing, () => operations.get(operation)?.evaluate(typed.value) ?? null, {
    text: String(typed.value),
    type: type ?? 'number',
    span,
  });
  return { kind: 'value', value, type };
}

/** A value that is computed while typing; what can't be is a finding about the literal. */
export function constant(
  typing: Typing,
  compute: () => Value,
  { text, type, span }: { readonly text: string; readonly type: string; readonly span: Span },
): Value {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    report(typing, 'BAD_LITERAL', { text, type }, span);
    return null;
  }
}
