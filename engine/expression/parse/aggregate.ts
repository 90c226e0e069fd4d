/** Functions over many rows, as PostgreSQL writes them: `sum(x) filter (where ...) over (partition by ... order by ...)`. */

import type {
  AggregateName,
  AggregateOf,
  JsonPathLeaf,
  OrderOf,
  ParsedExpression,
  PathLeaf,
  WindowOf,
} from '../expression.ts';
import { problem } from '../problem.ts';
import { type Cursor, says } from './cursor.ts';
import type { Token } from './tokenize.ts';

type Leaf = PathLeaf | JsonPathLeaf;

/** Parses an aggregate from its opening parenthesis on; `start` is its name. */
export function parseAggregate(cursor: Cursor, start: Token, name: AggregateName): ParsedExpression {
  cursor.expect('(');
  const distinct = !says(cursor.peek(1), '.') && cursor.take('distinct');
  const arg = name === 'count' && !distinct && cursor.take('*') ? null : cursor.expression();
  if (!cursor.take(')')) throw cursor.stop('an operator or ")"');
  const filter = parseFilter(cursor);
  const over = parseWindow(cursor);
  const aggregate: AggregateOf<Leaf> = {
    kind: 'aggregate',
    name,
    distinct,
    arg,
    filter,
    over,
    span: cursor.spanFrom(start),
  };
  if (distinct && (name !== 'count' || over !== null)) {
    cursor.problems.push(problem('DISTINCT_NOT_HERE', { name, window: over !== null }, aggregate.span));
  }
  return aggregate;
}

function parseFilter(cursor: Cursor): ParsedExpression | null {
  if (!cursor.take('filter')) return null;
  cursor.expect('(');
  cursor.expect('where');
  const filter = cursor.expression();
  if (!cursor.take(')')) throw cursor.stop('an operator or ")"');
  return filter;
}

function parseWindow(cursor: Cursor): WindowOf<Leaf> | null {
  if (!cursor.take('over')) return null;
  cursor.expect('(');
  const partition = parseBy(cursor, 'partition', () => cursor.expression());
  const order = parseBy(cursor, 'order', () => parseOrder(cursor));
  if (!cursor.take(')')) throw cursor.stop(order.length > 0 ? '"," or ")"' : '"order by" or ")"');
  return { partition, order };
}

/** `partition by` or `order by`, and what stands behind it; nothing where the word is not there. */
function parseBy<T>(cursor: Cursor, word: string, parse: () => T): readonly T[] {
  const list: T[] = [];
  if (!cursor.take(word)) return list;
  cursor.expect('by');
  do list.push(parse());
  while (cursor.take(','));
  return list;
}

/** Without a word for it NULL comes last, or with `desc` first. */
function parseOrder(cursor: Cursor): OrderOf<Leaf> {
  const by = cursor.expression();
  const descending = cursor.take('desc');
  if (!descending) cursor.take('asc');
  if (!cursor.take('nulls')) return { by, descending, nullsFirst: descending };
  const nullsFirst = cursor.take('first');
  if (!nullsFirst) cursor.expect('last');
  return { by, descending, nullsFirst };
}
