/** Windows: what a row is told of those with it in its partition, up to the last one that stands where it stands. */
import { isLess } from './compare.ts';
import type { Datum } from './datum.ts';
import { evaluate, type Scope } from './expression.ts';
import { fold } from './fold.ts';
import { keyOfAll } from './group.ts';
import type { OrderItem, WindowNode } from './node.ts';

/** The same rows (or groups), in which windows have values. */
export function withWindows(rows: readonly Scope[]): Scope[] {
  const known = new Map<WindowNode, ReadonlyMap<Scope, Datum>>();
  return rows.map((row) => ({
    ...row,
    given: (node) => {
      if (node.kind !== 'window') return row.given?.(node);
      const values = known.get(node) ?? valuesOf(node, rows);
      known.set(node, values);
      return values.get(row);
    },
  }));
}

function valuesOf({ aggregate, partition, order }: WindowNode, rows: readonly Scope[]): ReadonlyMap<Scope, Datum> {
  const places = rows.map((row) => ({
    row,
    partition: keyOfAll(partition.map((node) => evaluate(node, row))),
    order: order.map(({ node }) => evaluate(node, row)),
  }));
  return new Map(
    places.map((own) => {
      const frame = places.filter((each) => each.partition === own.partition && !isAfter(order, each.order, own.order));
      const rows = frame.map(({ row }) => row);
      return [own.row, fold(aggregate, rows)];
    }),
  );
}

function isAfter(order: readonly OrderItem[], one: readonly Datum[], other: readonly Datum[]): boolean {
  for (const [n, item] of order.entries()) {
    const [a, b] = [one[n] ?? null, other[n] ?? null];
    if (isBehind(item, a, b)) return true;
    if (isBehind(item, b, a)) return false;
  }
  return false;
}

function isBehind({ descending, nullsFirst }: OrderItem, a: Datum, b: Datum): boolean {
  if (a === null || b === null) return nullsFirst ? a !== null && b === null : a === null && b !== null;
  return descending ? isLess(a, b) : isLess(b, a);
}
