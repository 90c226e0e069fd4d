/** Making typed expressions that SQL can say. */
import type { Typed } from '../expression.ts';

/** Each alternative of `in` repeats its left side, and `in` may stand inside of `in`. */
export const MOST_PARTS = 100_000;

/** SQLite takes a chain of conditions for a nest, and nests at most 1,000 deep. */
const LONGEST_CHAIN = 100;

export function negatedIf(negated: boolean, operand: Typed): Typed {
  return negated ? { kind: 'not', operand, type: 'boolean' } : operand;
}

/** Conditions joined by one word, in groups where they are many. */
export function all(kind: 'and' | 'or', args: readonly Typed[]): Typed {
  const [first, ...others] = args;
  if (first && others.length === 0) return first;
  if (args.length <= LONGEST_CHAIN) return { kind, args, type: 'boolean' };
  const groups = Array.from({ length: Math.ceil(args.length / LONGEST_CHAIN) }, (_, n) =>
    all(kind, args.slice(n * LONGEST_CHAIN, (n + 1) * LONGEST_CHAIN)),
  );
  return all(kind, groups);
}

/** Whether it is too much, written out; parts that several share count as often as they stand there. */
export function hasMoreParts(typed: Typed): boolean {
  const open: Typed[] = [typed];
  let count = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (++count > MOST_PARTS) return true;
    open.push(...partsOf(next));
  }
  return false;
}

/** The expressions directly inside of one. */
export function partsOf(typed: Typed): readonly Typed[] {
  switch (typed.kind) {
    case 'value':
    case 'column':
      return [];
    case 'not':
    case 'is null':
    case 'passes':
      return [typed.operand];
    case 'case':
      return [...typed.whens.flatMap(({ when, then }) => [when, then]), typed.otherwise];
    default:
      return typed.args;
  }
}
