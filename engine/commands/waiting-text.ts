import { count, plural } from '../diagnostic/quantity.ts';
import type { WaitingGroup, WaitingRows } from '../why/waiting.ts';
import { line } from './line.ts';
import { cellsText, placeText, rowText } from './row-text.ts';

/** Which rows wait, join by join, the largest group first. */
export function waitingText(metric: string, joins: readonly WaitingRows[]): string {
  const lines = joins.flatMap(joinLines);
  return [metric, ...(lines.length > 0 ? lines : [line('wait', 'no row waits for a partner')])].join('\n');
}

function joinLines({ alias, waiting, nullKey, groups, more }: WaitingRows): readonly string[] {
  const nulls = nullKey > 0 ? [`${count(nullKey)} have a NULL key, and wait for nothing`] : [];
  const head =
    waiting > 0
      ? [
          `${plural(waiting, 'row')} ${waiting === 1 ? 'waits' : 'wait'} for ${plural(groups.length + more, 'row')} of ${alias}`,
        ]
      : [];
  const width = Math.max(0, ...groups.map(({ rows }) => count(rows).length));
  return [
    line('wait', [...head, ...(head.length + nulls.length > 0 ? nulls : [`no row for ${alias}`])].join('   ')),
    ...groups.flatMap((group) => groupLines(group, width)),
    ...(more > 0 ? [line('', `and ${plural(more, 'group')} more`)] : []),
  ];
}

function groupLines({ wanted, rows, samples }: WaitingGroup, width: number): readonly string[] {
  const more = rows > samples.length ? ['...'] : [];
  const shown = [...samples.map((row) => `${rowText(row)} (${placeText(row.at)})`), ...more];
  return [
    line('', `${count(rows).padStart(width)}   ${cellsText(wanted)}`),
    ...shown.map((text) => line('', `${' '.repeat(width + 3)}${text}`)),
  ];
}
