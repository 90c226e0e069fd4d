import { suggestion } from '../../diagnostic/suggest.ts';
import { madePath } from '../../expression/group/grouping.ts';
import { pathText, rewrite } from '../../expression/paths.ts';
import { printExpression } from '../../expression/print.ts';
import { problem } from '../../expression/problem.ts';
import { inferCondition } from '../../expression/type/type.ts';
import type { Draft } from '../draft.ts';
import type { Check } from '../mapping.ts';
import type { Report } from '../report.ts';
import type { CheckedColumns } from './columns.ts';
import { checkCondition } from './expression.ts';
import { fittingOutput, type Grouped } from './output.ts';
import type { Scope } from './scope.ts';

/** What each row of the metric must be. Its columns stand for what they are made of; one with a mistake is left out. */
export function checkChecks(
  drafts: Draft['checks'],
  { columns, names }: CheckedColumns,
  within: Grouped,
  report: Report,
): readonly Check[] {
  if (names === null) return [];
  const byName = new Map(columns.map(({ name, expression }) => [pathText(madePath(name)), expression]));
  const scope = outputScope(names);
  return drafts.flatMap((draft) => {
    const over = draft && checkCondition(draft.expression, scope, report, 'a check');
    if (!draft || !over) return [];
    const made = rewrite(over, (each) => (each.kind === 'column' ? (byName.get(pathText(each.path)) ?? null) : null));
    const expression = columns.length === names.length ? fittingOutput(made, within, report, inferCondition) : null;
    const { onFail, expression: written } = draft;
    return expression ? [{ expression, text: printExpression(over), onFail, span: written.span }] : [];
  });
}

/** Over a row of the metric: `column`. */
function outputScope(names: readonly string[]): Scope {
  return {
    resolve: (leaf) => {
      if (leaf.kind === 'jsonpath') return problem('JSONPATH_ARGUMENTS', undefined, leaf.span);
      const name = leaf.segments.map((segment) => segment.name).join('.');
      if (leaf.segments.length > 1 || !names.includes(name))
        return problem('UNKNOWN_COLUMN', { name }, leaf.span, suggestion(name, names));
      return { kind: 'column', alias: '', path: madePath(name), span: leaf.span };
    },
    typeOf: () => null,
  };
}
