/**
 * Cuts the columns of a grouped metric in two: what is computed of each row (what rows are grouped by, and what they
 * bring to an aggregate), and what is computed of each group.
 */
import type { Span } from '../../diagnostic/diagnostic.ts';
import type { Aggregate, AggregateName, ColumnLeaf, ColumnPath, Expression } from '../expression.ts';
import { rewrite } from '../paths.ts';
import { printExpression } from '../print.ts';

/** The alias of the groups, which stand as a relation before the columns of the metric. */
export const GROUP = 'group';

export interface Grouping {
  readonly keys: readonly Expression[];
  /** One for each aggregate; an aggregate that is written twice is one. */
  readonly inputs: readonly Input[];
  /** Over the relation of groups, whose columns are named by `keyName` and `aggregateName`. */
  readonly outputs: readonly Expression[];
}

/** What each row brings to an aggregate. */
export interface Input {
  readonly name: AggregateName;
  readonly distinct: boolean;
  /** Whether every row counts, or those whose value is not NULL. */
  readonly counts: 'rows' | 'count';
  readonly value: Expression;
  readonly filter: Expression | null;
  readonly span: Span;
}

export const keyName = (n: number): string => `g${n}`;
export const aggregateName = (n: number): string => `a${n}`;

/** A column of a relation that the engine makes. */
export function madePath(name: string): ColumnPath {
  return { kind: 'nested', column: name, steps: [] };
}

/** Cuts expressions, in which no aggregate stands inside of another. Equal expressions are told by how they print. */
export function groupingOf(keys: readonly Expression[], expressions: readonly Expression[]): Grouping {
  const names = new Map(keys.map((key, n) => [printExpression(key), keyName(n)]));
  const inputs: Input[] = [];
  const nameOf = (each: Expression): string | undefined => {
    const text = printExpression(each);
    if (each.kind === 'aggregate' && each.over === null && !names.has(text))
      names.set(text, aggregateName(inputs.push(inputOf(each)) - 1));
    return names.get(text);
  };
  const outputs = expressions.map((expression) =>
    rewrite(expression, (each) => {
      const name = nameOf(each);
      return name === undefined ? null : groupColumn(name, each.span);
    }),
  );
  // One row over everything has at least how many rows these are: a relation without columns is none.
  if (names.size === 0) inputs.push(inputOf(ALL_ROWS));
  return { keys, inputs, outputs };
}

const ALL_ROWS: Aggregate = {
  kind: 'aggregate',
  name: 'count',
  distinct: false,
  arg: null,
  filter: null,
  over: null,
  span: { start: 0, end: 0 },
};

function groupColumn(name: string, span: Span): ColumnLeaf {
  return { kind: 'column', alias: GROUP, path: madePath(name), span };
}

/** Of a row that the filter leaves out nothing is computed. */
export function inputOf({ name, distinct, arg, filter, span }: Aggregate): Input {
  const value: Expression = arg ?? { kind: 'number', digits: '1', span };
  const counts = arg === null && filter === null ? 'rows' : 'count';
  return { name, distinct, counts, value: filter ? where(filter, value, span) : value, filter, span };
}

function where(when: Expression, value: Expression, span: Span): Expression {
  // biome-ignore lint/suspicious/noThenProperty: what SQL calls it, and never awaited
  return { kind: 'case', operand: null, whens: [{ when, then: value }], otherwise: null, span };
}
