/** Reads what takes many rows: aggregates, and windows over them. */
import type { AggregateNode, Node, OrderItem, WindowNode } from './node.ts';
import type { Reader } from './reader.ts';

type Parse = (reader: Reader) => Node;

const NAMES = ['count', 'sum', 'avg', 'min', 'max'];

export function isAggregate(name: string): boolean {
  return NAMES.includes(name);
}

/** What stands behind the name of an aggregate; `parse` reads one expression. */
export function parseAggregate(reader: Reader, name: string, parse: Parse): AggregateNode | WindowNode {
  reader.expect('(');
  const distinct = reader.take('distinct') !== null;
  const argument = reader.take('*') ? null : parse(reader);
  reader.expect(')');
  const aggregate: AggregateNode = { kind: 'aggregate', name, distinct, argument, filter: parseFilter(reader, parse) };
  return reader.take('over') ? parseWindow(reader, aggregate, parse) : aggregate;
}

function parseFilter(reader: Reader, parse: Parse): Node | null {
  if (!reader.take('filter')) return null;
  reader.expect('(');
  reader.expect('where');
  const filter = parse(reader);
  reader.expect(')');
  return filter;
}

function parseWindow(reader: Reader, aggregate: AggregateNode, parse: Parse): WindowNode {
  reader.expect('(');
  const partition = parseList(reader, 'partition', () => parse(reader));
  const order = parseList(reader, 'order', () => parseOrder(reader, parse));
  reader.expect(')');
  return { kind: 'window', aggregate, partition, order };
}

/** A list behind `partition by` or `order by`; empty where the word is not there. */
function parseList<T>(reader: Reader, word: string, item: () => T): T[] {
  if (!reader.take(word)) return [];
  reader.expect('by');
  const items = [item()];
  while (reader.take(',')) items.push(item());
  return items;
}

/** Unless it is said, NULL stands behind all values: at the end of a rising order, at the start of a falling one. */
function parseOrder(reader: Reader, parse: Parse): OrderItem {
  const node = parse(reader);
  const descending = reader.take('asc', 'desc') === 'desc';
  if (!reader.take('nulls')) return { node, descending, nullsFirst: descending };
  const nullsFirst = reader.take('first') !== null;
  if (!nullsFirst) reader.expect('last');
  return { node, descending, nullsFirst };
}
