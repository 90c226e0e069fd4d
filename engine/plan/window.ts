import type { Expression } from '../expression/expression.ts';
import { isWindow, valueName, WINDOW, type Windowing, windowingOf, windowName } from '../expression/group/windowing.ts';
import { aggregatesOf } from '../expression/paths.ts';
import { madeScan, overMade } from './made.ts';
import type { Output, Plan } from './plan.ts';

/** A plan with windows in two plans without. */
export interface WindowedPlan {
  readonly windowing: Windowing;
  /** Computes of each row its values, then what it brings to each window: the input, the partition, the order. */
  readonly rows: Plan;
  /** Computes the metric of the rows and their windows. To it they are a relation: its columns are the values, then the windows. */
  readonly outer: Plan;
}

export function hasWindows(plan: Plan): boolean {
  return plan.project.some(({ expression }) => aggregatesOf(expression).some(isWindow));
}

export function windowedPlan(plan: Plan): WindowedPlan {
  const windowing = windowingOf([...plan.project, ...plan.checks].map(({ expression }) => expression));
  const { values, windows, outputs } = windowing;
  const output = (name: string, expression: Expression): Output => ({ name, expression, span: expression.span });
  const parts = windows.flatMap(({ input, partition, order }, n) => [
    output(inputName(n), input.value),
    ...partition.map((each, place) => output(partitionName(n, place), each)),
    ...order.map(({ by }, place) => output(orderName(n, place), by)),
  ]);
  const names = [...values.map((_, n) => valueName(n)), ...windows.map((_, n) => windowName(n))];
  const own = [...values.map((each, n) => output(valueName(n), each)), ...parts];
  return {
    windowing,
    rows: { ...plan, project: own, checks: [], sinkKey: [] },
    outer: {
      ...plan,
      root: madeScan(plan, WINDOW, names, values),
      joins: [],
      filter: null,
      ...overMade(plan, outputs),
    },
  };
}

export const inputName = (window: number): string => `i${window}`;
export const partitionName = (window: number, place: number): string => `p${window}_${place}`;
export const orderName = (window: number, place: number): string => `o${window}_${place}`;
