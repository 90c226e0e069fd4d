import type { Type, Value } from '../change.ts';
import type { Span } from '../diagnostic/diagnostic.ts';

/** One step of a path as written: a name, or `[0]`. */
export interface Segment {
  readonly name: string | number;
  readonly span: Span;
}

/** A path as written: `alias.column.field[0]`, not yet split into alias, column and steps. */
export interface PathLeaf {
  readonly kind: 'path';
  readonly segments: readonly Segment[];
  readonly span: Span;
}

/** `jsonpath(alias.column, '$..x')` as written. */
export interface JsonPathLeaf {
  readonly kind: 'jsonpath';
  readonly of: PathLeaf;
  readonly query: string;
  readonly span: Span;
}

/** What is read of one row: a column, a place inside its JSON, or a fact about where the row came from. */
export type ColumnPath =
  | { readonly kind: 'nested'; readonly column: string; readonly steps: readonly (string | number)[] }
  | { readonly kind: 'jsonpath'; readonly column: string; readonly query: string }
  | { readonly kind: 'fact'; readonly fact: 'file' | 'position' | 'read_at' };

/** A path whose alias is declared. */
export interface ColumnLeaf {
  readonly kind: 'column';
  readonly alias: string;
  readonly path: ColumnPath;
  readonly span: Span;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '||' | '=' | '<>' | '<' | '<=' | '>' | '>=' | 'and' | 'or';

/** An expression as parsed, over its leaves. Nothing is desugared and nothing is typed. */
export type ExpressionOf<Leaf> =
  | Leaf
  | { readonly kind: 'null'; readonly span: Span }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly span: Span }
  | { readonly kind: 'string'; readonly value: string; readonly span: Span }
  | { readonly kind: 'number'; readonly digits: string; readonly span: Span }
  | {
      readonly kind: 'unary';
      readonly op: '-' | '+' | 'not';
      readonly operand: ExpressionOf<Leaf>;
      readonly span: Span;
    }
  | {
      readonly kind: 'binary';
      readonly op: BinaryOperator;
      readonly left: ExpressionOf<Leaf>;
      readonly right: ExpressionOf<Leaf>;
      readonly span: Span;
    }
  | { readonly kind: 'is null'; readonly operand: ExpressionOf<Leaf>; readonly negated: boolean; readonly span: Span }
  | {
      readonly kind: 'in';
      readonly operand: ExpressionOf<Leaf>;
      readonly list: readonly ExpressionOf<Leaf>[];
      readonly negated: boolean;
      readonly span: Span;
    }
  | {
      readonly kind: 'between';
      readonly operand: ExpressionOf<Leaf>;
      readonly low: ExpressionOf<Leaf>;
      readonly high: ExpressionOf<Leaf>;
      readonly negated: boolean;
      readonly span: Span;
    }
  | {
      readonly kind: 'like';
      readonly operand: ExpressionOf<Leaf>;
      readonly pattern: ExpressionOf<Leaf>;
      readonly negated: boolean;
      readonly span: Span;
    }
  | {
      readonly kind: 'case';
      /** The value compared in `case x when ...`, null in `case when ...`. */
      readonly operand: ExpressionOf<Leaf> | null;
      readonly whens: readonly { readonly when: ExpressionOf<Leaf>; readonly then: ExpressionOf<Leaf> }[];
      readonly otherwise: ExpressionOf<Leaf> | null;
      readonly span: Span;
    }
  | { readonly kind: 'cast'; readonly operand: ExpressionOf<Leaf>; readonly type: Type; readonly span: Span }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly ExpressionOf<Leaf>[]; readonly span: Span }
  | AggregateOf<Leaf>;

export type AggregateName = 'count' | 'sum' | 'avg' | 'min' | 'max';

/** A function over many rows: those of a group, or with `over` those of a window, and then for each row anew. */
export interface AggregateOf<Leaf> {
  readonly kind: 'aggregate';
  readonly name: AggregateName;
  readonly distinct: boolean;
  /** Null in `count(*)`. */
  readonly arg: ExpressionOf<Leaf> | null;
  /** Which rows count; null: all. */
  readonly filter: ExpressionOf<Leaf> | null;
  readonly over: WindowOf<Leaf> | null;
  readonly span: Span;
}

export interface WindowOf<Leaf> {
  readonly partition: readonly ExpressionOf<Leaf>[];
  readonly order: readonly OrderOf<Leaf>[];
}

export interface OrderOf<Leaf> {
  readonly by: ExpressionOf<Leaf>;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** As written. */
export type ParsedExpression = ExpressionOf<PathLeaf | JsonPathLeaf>;

/** With every path's alias known. This is what a Mapping and a Plan hold. */
export type Expression = ExpressionOf<ColumnLeaf>;

export type Aggregate = AggregateOf<ColumnLeaf>;

/**
 * With every type known and every coercion said, in a few kinds only. This is what is said as SQL.
 *
 * `type` is null where nothing tells it: a column whose log has no types, or of which nothing was read yet. Operations
 * on such values decide by the storage class of the value. `call` names an operation of `operations.ts`.
 */
export type Typed =
  | { readonly kind: 'value'; readonly value: Value; readonly type: Type | null }
  | { readonly kind: 'column'; readonly alias: string; readonly path: ColumnPath; readonly type: Type | null }
  | { readonly kind: 'and' | 'or'; readonly args: readonly Typed[]; readonly type: 'boolean' }
  | { readonly kind: 'not'; readonly operand: Typed; readonly type: 'boolean' }
  | { readonly kind: 'is null'; readonly operand: Typed; readonly negated: boolean; readonly type: 'boolean' }
  | {
      readonly kind: 'case';
      readonly whens: readonly { readonly when: Typed; readonly then: Typed }[];
      readonly otherwise: Typed;
      readonly type: Type | null;
    }
  | { readonly kind: 'coalesce'; readonly args: readonly Typed[]; readonly type: Type | null }
  /** Whether a condition does not fail: false where it is false, and where it can't be computed. */
  | { readonly kind: 'passes'; readonly operand: Typed; readonly type: 'boolean' }
  | { readonly kind: 'call'; readonly operation: string; readonly args: readonly Typed[]; readonly type: Type | null };
