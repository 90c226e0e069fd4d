import { count, plural } from '../diagnostic/quantity.ts';
import type { Absence, Stops } from '../why/absence.ts';
import type { Explanation, Output, Present } from '../why/why.ts';
import { line } from './line.ts';
import { cellsText, placeText, rowText, showCell } from './row-text.ts';
import { logLines, nearLines, stopText } from './stop-text.ts';
import { treeLines } from './tree-text.ts';

/** Why a row is in a metric, or is not: where it comes from, or what stops it. */
export function whyText({ metric, asked, rows, row, absence, log }: Explanation): string {
  const wanted = asked.map(({ column, text }) => `${column}=${text}`).join(' ');
  const head = [metric, ...(wanted === '' ? [] : [wanted]), rows === 0 ? 'no row' : plural(rows, 'row')].join('   ');
  const lines = row ? presentLines(row, rows) : absence ? absenceLines(absence) : [];
  return [head, ...lines, ...(log ? logLines(log) : [])].join('\n');
}

function presentLines({ columns, from, counted, isHeld }: Present, rows: number): readonly string[] {
  const trees = from.flatMap((tree, n) => block(n === 0 ? 'from' : '', treeLines(tree)));
  return [
    ...(rows > 1 ? [line('first', `of ${count(rows)} rows`)] : []),
    ...(counted === null ? [] : [line('group', groupText(counted, from.length))]),
    ...trees,
    ...block('column', columnLines(columns)),
    ...(isHeld ? [line('held', 'not written: its key stands in the target already, in a row of another')] : []),
  ];
}

function groupText(counted: number, shown: number): string {
  const first = shown < counted ? `, the first ${shown === 1 ? 'of them' : count(shown)}:` : '';
  return `${plural(counted, 'row')} counted${first}`;
}

/** A value that is longer pushes what stands behind it. */
const WIDEST = 40;

/** Each column with its value and what it came from. */
function columnLines(columns: readonly Output[]): readonly string[] {
  const cells = columns.map(({ column, value, type }) => [column, showCell(value, type)] as const);
  const widths = [0, 1].map((n) => Math.min(WIDEST, Math.max(0, ...cells.map((cell) => cell[n]?.length ?? 0))));
  return columns.map(({ expression, of }, n) => {
    const [name = '', value = ''] = cells[n] ?? [];
    const parts = [name.padEnd(widths[0] ?? 0), value.padEnd(widths[1] ?? 0), expression];
    return [...parts, ...(of.length > 0 ? [`of ${cellsText(of)}`] : [])].join('   ');
  });
}

function absenceLines(absence: Absence): readonly string[] {
  switch (absence.kind) {
    case 'stops':
      return stopLines(absence);
    case 'differs':
      return [
        ...block('from', treeLines(absence.from)),
        ...absence.columns.map(({ column, asked, is }) =>
          line('there', `with ${column}=${showCell(is.value, is.type)}, and not ${asked}`),
        ),
      ];
    case 'no row': {
      const asked = absence.asked.map(({ column, text }) => `${column}=${text}`).join(' ');
      return [line('stop', `no row of ${absence.alias} has ${asked}`), ...nearLines(absence.near)];
    }
    case 'not led to':
      return [
        line('from', `${rowText(absence.row)}   ${placeText(absence.row.at)}`),
        line('stop', `no row of ${absence.parent} asks for it: none has ${cellsText(absence.wanted)}`),
      ];
    case 'kept out':
      return [line('stop', `the row fails the check ${absence.condition}: ${cellsText(absence.row)}`)];
    case 'apart':
      return [line('stop', 'each of these values is there, and in no joined row are they together')];
    case 'no root':
      return [line('stop', `there is no row of ${absence.alias}`)];
    case 'no value':
      return [line('stop', 'no row of the metric has these values')];
  }
}

function stopLines({ from, stop, roots, rows }: Stops): readonly string[] {
  return [
    ...(roots > 1 ? [line('first', `of ${plural(roots, 'row')} of ${from.alias} that would lead there`)] : []),
    ...block('from', treeLines(from)),
    line('stop', stopText(stop)),
    ...(rows > 1 ? [line('', `${count(rows)} joined rows of it stop there`)] : []),
    ...(stop.kind === 'no partner' ? nearLines(stop.near) : []),
  ];
}

/** Lines below one another, the first behind the step. */
function block(step: string, lines: readonly string[]): readonly string[] {
  return lines.map((text, n) => line(n === 0 ? step : '', text));
}
