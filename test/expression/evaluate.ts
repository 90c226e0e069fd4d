import type { Value } from '../../engine/change.ts';
import type { ColumnPath, Typed } from '../../engine/expression/expression.ts';
import { operations } from '../../engine/expression/operations.ts';

export type ReadColumn = (alias: string, path: ColumnPath) => Value;

/** What SQL makes of a typed expression, without a database: three truth values, and nothing computed in vain. */
export function evaluate(typed: Typed, read: ReadColumn): Value {
  const inner = (each: Typed): Value => evaluate(each, read);
  switch (typed.kind) {
    case 'value':
      return typed.value;
    case 'column':
      return read(typed.alias, typed.path);
    case 'and':
      return connect(typed.args, 0n, inner);
    case 'or':
      return connect(typed.args, 1n, inner);
    case 'not': {
      const operand = inner(typed.operand);
      return operand === null ? null : operand === 0n ? 1n : 0n;
    }
    case 'is null':
      return (inner(typed.operand) === null) !== typed.negated ? 1n : 0n;
    case 'case': {
      const chosen = typed.whens.find(({ when }) => inner(when) === 1n);
      return inner(chosen ? chosen.then : typed.otherwise);
    }
    case 'coalesce': {
      for (const arg of typed.args) {
        const value = inner(arg);
        if (value !== null) return value;
      }
      return null;
    }
    case 'call': {
      const operation = operations.get(typed.operation);
      if (operation === undefined) throw new Error(`there is no operation ${typed.operation}`);
      return operation.evaluate(...typed.args.map(inner));
    }
  }
}

/** `decides` ends it at once; else NULL if any is NULL. */
function connect(args: readonly Typed[], decides: bigint, inner: (each: Typed) => Value): Value {
  let hasNull = false;
  for (const arg of args) {
    const value = inner(arg);
    if (value === decides) return value;
    hasNull ||= value === null;
  }
  return hasNull ? null : 1n - decides;
}
