import { pathText } from '../expression/paths.ts';
import { printExpression } from '../expression/print.ts';
import type { Check } from '../mapping/mapping.ts';
import { equalityText } from './graph.ts';
import type { Join, Plan, Scan } from './plan.ts';

/** The plan in lines, a step a line in the order in which rows pass it. This is what the goldens hold. */
export function toText(plan: Plan): string {
  const width = Math.max(...plan.project.map((output) => output.name.length));
  return [
    plan.metric,
    ...scanLines(plan.root),
    ...plan.joins.flatMap(joinLines),
    ...(plan.filter ? [line('filter', printExpression(plan.filter.expression))] : []),
    ...(plan.groupBy ? [line('group', plan.groupBy.map(printExpression).join(', ') || 'all rows')] : []),
    ...plan.project.map(({ name, expression }) =>
      line('project', `${name.padEnd(width)}  ${printExpression(expression)}`),
    ),
    ...plan.checks.map(checkLine),
    ...(plan.sinkKey.length > 0 ? [line('key', plan.sinkKey.join(', '))] : []),
  ].join('\n');
}

function line(step: string, text: string): string {
  return `  ${step.padEnd(8)}${text}`;
}

function checkLine({ text, onFail }: Check): string {
  return line('check', `${text} or ${onFail}`);
}

function scanLines(scan: Scan): readonly string[] {
  const isAlias = ['*', scan.alias].includes(scan.tables.join(', '));
  const tables = isAlias ? '' : ` of ${scan.tables.join(', ')}`;
  const key = scan.key.length > 0 ? `key ${scan.key.join(', ')}` : 'no key';
  const version = scan.version ? [`version ${printExpression(scan.version)}`] : [];
  const kept = scan.columns.map((column) => pathText(column.path)).join(', ');
  return [
    line('scan', `${scan.alias}${tables} (${[key, ...version].join(', ')})`),
    line('', `keeps ${kept}${scan.keepsAll ? ', and every other column' : ''}`),
    ...scan.checks.map(checkLine),
    ...(scan.filter ? [line('filter', printExpression(scan.filter.expression))] : []),
  ];
}

function joinLines(join: Join): readonly string[] {
  return [
    ...scanLines(join.scan),
    line(join.kind === 'left' ? 'left' : 'join', join.on.map(equalityText).join(' and ')),
    ...join.expect.map(({ of, most }) => line('expect', `${of} at most ${most}`)),
  ];
}
