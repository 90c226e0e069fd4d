/** What an aggregate makes of the values that its rows bring, by their type. */
import type { Type } from '../../change.ts';
import { type ExpressionProblem, problem } from '../problem.ts';
import { familyOf } from '../types.ts';
import type { Input } from './grouping.ts';

/** How sums are kept: each exactly, so that no order of the rows shows. */
export type SumKind = 'numeric' | 'double' | 'dynamic';

/** How values are put in order. */
export type OrderKind = 'integer' | 'numeric' | 'double' | 'text' | 'character' | 'time' | 'dynamic';

/** An aggregate by the type of its input. No aggregate minds a NULL but the one that counts rows, which has no input. */
export type Aggregation =
  | { readonly fold: 'rows' | 'count' | 'distinct'; readonly type: 'integer' }
  | { readonly fold: 'sum' | 'avg'; readonly of: Type | null; readonly kind: SumKind; readonly type: Type | null }
  | { readonly fold: 'min' | 'max'; readonly kind: OrderKind; readonly type: Type | null };

/**
 * As PostgreSQL has it: https://www.postgresql.org/docs/15/functions-aggregate.html. One thing differs: the sum of
 * integers is numeric, as PostgreSQL has it for bigint, for here all integers are one type.
 */
export function aggregationOf(
  { name, distinct, counts, span }: Input,
  type: Type | null,
): Aggregation | ExpressionProblem {
  const wrong = (expected: string) =>
    problem('WRONG_OPERAND', { operator: name, expected, actual: type ?? 'a value of unknown type' }, span);
  switch (name) {
    case 'count':
      if (distinct && type === 'json') return wrong('what can be told apart');
      return { fold: distinct ? 'distinct' : counts, type: 'integer' };
    case 'sum':
    case 'avg': {
      if (type !== null && familyOf(type) !== 'number') return wrong('numbers');
      const kind = type === null ? 'dynamic' : type === 'double' ? 'double' : 'numeric';
      return { fold: name, of: type, kind, type: kind === 'dynamic' ? null : kind };
    }
    default: {
      const kind = orderOf(type);
      return kind ? { fold: name, kind, type } : wrong('numbers, texts, dates or times');
    }
  }
}

function orderOf(type: Type | null): OrderKind | null {
  switch (type) {
    case null:
      return 'dynamic';
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return 'time';
    case 'boolean':
    case 'uuid':
    case 'json':
    case 'bytes':
      return null;
    default:
      return type;
  }
}
