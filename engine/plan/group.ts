import { invariant } from '../diagnostic/diagnostic.ts';
import { aggregateName, GROUP, type Grouping, groupingOf, keyName } from '../expression/group/grouping.ts';
import { madeScan, overMade } from './made.ts';
import type { Output, Plan } from './plan.ts';

/** A grouped plan in two plans that are not. */
export interface GroupedPlan {
  readonly grouping: Grouping;
  /** Computes of each row the keys, then what it brings to each aggregate. */
  readonly rows: Plan;
  /** Computes the metric of the groups. To it they are a relation: its columns are the keys, then the aggregates. */
  readonly outer: Plan;
}

export function groupedPlan(plan: Plan): GroupedPlan {
  invariant(plan.groupBy, 'the plan is grouped');
  const expressions = [...plan.project, ...plan.checks].map(({ expression }) => expression);
  const grouping = groupingOf(plan.groupBy, expressions);
  const rows: readonly Output[] = [
    ...grouping.keys.map((expression, n) => ({ name: keyName(n), expression, span: expression.span })),
    ...grouping.inputs.map(({ value, span }, n) => ({ name: aggregateName(n), expression: value, span })),
  ];
  return {
    grouping,
    rows: { ...plan, groupBy: null, project: rows, checks: [], sinkKey: [] },
    outer: {
      ...plan,
      root: madeScan(
        plan,
        GROUP,
        rows.map(({ name }) => name),
        grouping.keys,
      ),
      joins: [],
      filter: null,
      groupBy: null,
      ...overMade(plan, grouping.outputs),
    },
  };
}
