import { invariant } from '../diagnostic/diagnostic.ts';
import type { Typed } from '../expression/expression.ts';
import { OperationError } from '../expression/operation/operation.ts';
import { operations } from '../expression/operation/operations.ts';

/**
 * Computes what has only constants in it. What fails becomes a call of `fail`, which fails when a row asks for it.
 *
 * A database that computes constants before it has looked at any row would refuse a division by zero in a branch that no
 * row takes.
 */
export function withoutConstants(typed: Typed): Typed {
  switch (typed.kind) {
    case 'column':
      return typed;
    case 'value':
      return Number.isNaN(typed.value) ? { ...typed, value: null } : typed;
    case 'not':
    case 'is null':
    case 'passes':
      return { ...typed, operand: withoutConstants(typed.operand) };
    case 'case':
      return {
        ...typed,
        // biome-ignore lint/suspicious/noThenProperty: what SQL calls it, and never awaited
        whens: typed.whens.map(({ when, then }) => ({ when: withoutConstants(when), then: withoutConstants(then) })),
        otherwise: withoutConstants(typed.otherwise),
      };
    case 'call':
      return computed({ ...typed, args: typed.args.map(withoutConstants) });
    default:
      return { ...typed, args: typed.args.map(withoutConstants) };
  }
}

function computed(call: Extract<Typed, { kind: 'call' }>): Typed {
  const values = call.args.flatMap((arg) => (arg.kind === 'value' ? [arg.value] : []));
  if (values.length < call.args.length) return call;
  const operation = operations.get(call.operation);
  invariant(operation, `there is an operation ${call.operation}`);
  try {
    return withoutConstants({ kind: 'value', value: operation.evaluate(...values), type: call.type });
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    const why: Typed = { kind: 'value', value: error.code, type: 'text' };
    return {
      kind: 'call',
      operation: 'fail',
      args: [why, { kind: 'value', value: null, type: call.type }],
      type: call.type,
    };
  }
}
