/**
 * Cuts columns with windows in two: what is computed of each row (its own values, and what it brings to each window), and
 * what is computed of these and of the windows' values.
 */
import type { Span } from '../../diagnostic/diagnostic.ts';
import type { Aggregate, ColumnLeaf, Expression } from '../expression.ts';
import { rewrite } from '../paths.ts';
import { printExpression } from '../print.ts';
import { type Input, inputOf, madePath } from './grouping.ts';

/** The alias of rows with their windows, which stand as a relation before the columns of the metric. */
export const WINDOW = 'window';

export interface Windowing {
  /** Columns that are used outside of windows. */
  readonly values: readonly ColumnLeaf[];
  /** A window that is written twice is one. */
  readonly windows: readonly Window[];
  /** Over the relation of rows with windows, whose columns are named by `valueName` and `windowName`. */
  readonly outputs: readonly Expression[];
}

export interface Window {
  readonly input: Input;
  readonly partition: readonly Expression[];
  readonly order: readonly Order[];
}

export interface Order {
  readonly by: Expression;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

export const valueName = (n: number): string => `v${n}`;
export const windowName = (n: number): string => `w${n}`;

/** Cuts expressions, in which no window stands inside of another. Equal ones are told by how they print. */
export function windowingOf(expressions: readonly Expression[]): Windowing {
  const names = new Map<string, string>();
  const values: ColumnLeaf[] = [];
  const windows: Window[] = [];
  const nameOf = (each: Expression): string | undefined => {
    const text = printExpression(each);
    if (each.kind === 'column' && !names.has(text)) names.set(text, valueName(values.push(each) - 1));
    if (isWindow(each) && !names.has(text)) names.set(text, windowName(windows.push(windowOf(each)) - 1));
    return names.get(text);
  };
  const outputs = expressions.map((expression) =>
    rewrite(expression, (each) => {
      const name = nameOf(each);
      return name === undefined ? null : windowColumn(name, each.span);
    }),
  );
  return { values, windows, outputs };
}

export function isWindow(expression: Expression): expression is Aggregate & { over: NonNullable<Aggregate['over']> } {
  return expression.kind === 'aggregate' && expression.over !== null;
}

function windowOf(aggregate: Aggregate & { over: NonNullable<Aggregate['over']> }): Window {
  return { input: inputOf(aggregate), partition: aggregate.over.partition, order: aggregate.over.order };
}

function windowColumn(name: string, span: Span): ColumnLeaf {
  return { kind: 'column', alias: WINDOW, path: madePath(name), span };
}
