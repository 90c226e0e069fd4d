/** What a metric is grouped by, and its columns: over a row, or over groups and aggregates, and over windows of either. */
import type { Type } from '../../change.ts';
import { hints } from '../../diagnostic/messages.ts';
import type { Aggregate, ColumnLeaf, ColumnPath, Expression } from '../../expression/expression.ts';
import { aggregationOf } from '../../expression/group/aggregation.ts';
import { aggregateName, GROUP, groupingOf, type Input, keyName } from '../../expression/group/grouping.ts';
import { isWindow, valueName, windowingOf, windowName } from '../../expression/group/windowing.ts';
import { aggregatesOf, childrenOf, columnsOf, pathText } from '../../expression/paths.ts';
import { printColumn } from '../../expression/print.ts';
import { type ExpressionProblem, problem } from '../../expression/problem.ts';
import { inferCondition, inferTypes } from '../../expression/type/type.ts';
import type { ColumnDraft, Draft } from '../draft.ts';
import type { Report } from '../report.ts';
import { checkExpression, fitting, resolveExpression } from './expression.ts';
import type { Scope } from './scope.ts';

/** What stands around a column. */
export interface Grouped {
  readonly scope: Scope;
  /** Null where the metric is no aggregate. */
  readonly groupBy: readonly Expression[] | null;
}

/** Null where there is none; an expression with a mistake is left out. */
export function checkGroupBy(drafts: Draft['groupBy'], scope: Scope, report: Report): readonly Expression[] | null {
  if (drafts === null) return null;
  return drafts.flatMap((draft) => (draft && checkExpression(draft, scope, report, '"group_by"')) ?? []);
}

/** A column of the metric; null after a finding. */
export function checkOutput({ expression, type }: ColumnDraft, within: Grouped, report: Report): Expression | null {
  const resolved = resolveExpression(expression, within.scope, report, type);
  return resolved && fittingOutput(resolved, within, report);
}

/** The expression, if it can be computed of what a row of the metric is made of; null after a finding. */
export function fittingOutput(
  expression: Expression,
  { scope, groupBy }: Grouped,
  report: Report,
  infer = inferTypes,
): Expression | null {
  const row: Level = { expression, typeOf: scope.typeOf };
  const group = groupBy ? overGroups(row, groupBy, report) : row;
  const last = group && overWindows(group, report);
  return last && fitting(expression, infer(last.expression, last.typeOf), report);
}

/** An expression, and the types of the columns that it stands over. */
interface Level {
  readonly expression: Expression;
  readonly typeOf: TypeOf;
}

type TypeOf = (alias: string, path: ColumnPath) => Type | null;

function overGroups({ expression, typeOf }: Level, keys: readonly Expression[], report: Report): Level | null {
  reportNested(expression, (each) => !isWindow(each), report);
  const grouping = groupingOf(keys, [expression]);
  const [output] = grouping.outputs;
  const single = columnsOf(output ?? expression).filter(({ alias }) => alias !== GROUP);
  const problems = single.map((leaf) => columnNotGrouped(leaf));
  report.addProblems(problems);
  const types = new Map<string, Type | null>();
  for (const [n, key] of grouping.keys.entries()) types.set(keyName(n), typeIn(key, typeOf, report));
  for (const [n, input] of grouping.inputs.entries()) types.set(aggregateName(n), typeOfInput(input, typeOf, report));
  return output && problems.length === 0 ? { expression: output, typeOf: among(types) } : null;
}

function overWindows({ expression, typeOf }: Level, report: Report): Level | null {
  reportNested(expression, isWindow, report);
  const { values, windows, outputs } = windowingOf([expression]);
  const [output] = outputs;
  const lone = output ? aggregatesOf(output) : [];
  const place = 'a column without "group_by"';
  report.addProblems(
    lone.map(({ name, span }) => problem('AGGREGATE_NOT_HERE', { name, place }, span, hints.grouping)),
  );
  const types = new Map<string, Type | null>();
  for (const [n, value] of values.entries()) types.set(valueName(n), typeOf(value.alias, value.path));
  for (const [n, { input, partition, order }] of windows.entries()) {
    types.set(windowName(n), typeOfInput(input, typeOf, report));
    for (const each of [...partition, ...order.map(({ by }) => by)]) typeIn(each, typeOf, report);
  }
  return output && lone.length === 0 ? { expression: output, typeOf: among(types) } : null;
}

function columnNotGrouped(leaf: ColumnLeaf): ExpressionProblem {
  const path = printColumn(leaf);
  return problem('COLUMN_NOT_GROUPED', { path }, leaf.span, hints.grouped(path));
}

function among(types: ReadonlyMap<string, Type | null>): TypeOf {
  return (_, path) => types.get(pathText(path)) ?? null;
}

/** Reports aggregates inside of an aggregate of one sort. */
function reportNested(expression: Expression, sort: (each: Aggregate) => boolean, report: Report): void {
  const outer = aggregatesOf(expression).filter(sort);
  const inner = outer.flatMap((each) => (childrenOf(each) as readonly Expression[]).flatMap(aggregatesOf));
  report.addProblems(inner.map(({ name, span }) => problem('NESTED_AGGREGATE', { name }, span)));
}

function typeOfInput(input: Input, typeOf: TypeOf, report: Report): Type | null {
  if (aggregatesOf(input.value).length > 0) return null;
  if (input.filter) typeIn(input.filter, typeOf, report, inferCondition);
  const found = aggregationOf(input, typeIn(input.value, typeOf, report));
  if (!('code' in found)) return found.type;
  report.addProblems([found]);
  return null;
}

/** Null where the type is not known, or after a finding. */
function typeIn(expression: Expression, typeOf: TypeOf, report: Report, infer = inferTypes): Type | null {
  if (aggregatesOf(expression).length > 0) return null;
  const inferred = infer(expression, typeOf);
  if ('typed' in inferred) return inferred.typed.type;
  report.addProblems(inferred.problems);
  return null;
}
