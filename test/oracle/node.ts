import type { Datum, OracleType } from './datum.ts';

/** An expression of the language. A path's first segment is its alias. */
export type Node =
  | { readonly kind: 'path'; readonly segments: readonly (string | number)[] }
  | { readonly kind: 'value'; readonly value: Datum }
  | { readonly kind: 'unary'; readonly op: string; readonly operand: Node }
  | { readonly kind: 'binary'; readonly op: string; readonly left: Node; readonly right: Node }
  | { readonly kind: 'is null'; readonly operand: Node }
  | { readonly kind: 'in'; readonly operand: Node; readonly list: readonly Node[] }
  | { readonly kind: 'case'; readonly whens: readonly (readonly [when: Node, then: Node])[]; readonly otherwise: Node }
  | { readonly kind: 'cast'; readonly operand: Node; readonly type: OracleType }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Node[] }
  | AggregateNode
  | WindowNode;

/** One value of many rows. */
export interface AggregateNode {
  readonly kind: 'aggregate';
  readonly name: string;
  readonly distinct: boolean;
  /** Null for `count(*)`. */
  readonly argument: Node | null;
  readonly filter: Node | null;
}

/** One value of a row and those that stand with it or before it. */
export interface WindowNode {
  readonly kind: 'window';
  readonly aggregate: AggregateNode;
  readonly partition: readonly Node[];
  readonly order: readonly OrderItem[];
}

export interface OrderItem {
  readonly node: Node;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** Whether two expressions say the same, however they are written. */
export function isAlike(one: Node, other: Node): boolean {
  return textOf(one) === textOf(other);
}

function textOf(node: Node): string {
  return JSON.stringify(node, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}
