import { lacking } from '../diagnostic/messages.ts';
import { count, plural } from '../diagnostic/quantity.ts';
import type { Diff, RowsChange } from '../diff/diff.ts';
import type { Counted } from '../diff/rows.ts';
import { line, listed } from './line.ts';

/** What a changed mapping would change: columns, rows and cells, and what it takes. */
export function diffText(diff: Diff): string {
  const { metric, rows } = diff;
  const forgotten = diff.forgotten.length > 0 ? [line('', `no longer kept then: ${listed(diff.forgotten)}`)] : [];
  const change = [line('change', placeText(diff)), ...forgotten];
  return [metric, ...change, ...columnLines(diff), ...(rows ? rowLines(rows) : [UNKNOWN])].join('\n');
}

const UNKNOWN = line('rows', 'not known without the log: --input PATH reads it for both mappings');

function placeText({ inPlace, lacks, renamed }: Diff): string {
  if (inPlace) return 'in place: the state holds what the changed mapping needs';
  if (lacks.length > 0) return `reads the log again (--full-refresh): the state does not hold ${lacking(lacks)}`;
  return `reads the log again: the mapping has another ${renamed.join(' and another ')}`;
}

function columnLines({ appear, vanish, rows }: Diff): readonly string[] {
  const filled = new Map(rows?.filled.map((each) => [each.column, each]));
  const told = (sign: string, column: string, of: number): string => {
    const found = filled.get(column);
    const samples = found && found.samples.length > 0 ? [found.samples.join(', ')] : [];
    const parts = found ? [`in ${count(found.filled)} of ${plural(of, 'row')}`, ...samples] : [];
    return [`${sign} ${column}`, ...parts].join('   ');
  };
  return stepLines('column', [
    ...appear.map((column) => told('+', column, rows?.after ?? 0)),
    ...vanish.map((column) => told('-', column, rows?.before ?? 0)),
    ...(rows?.retyped ?? []).map(
      ({ column, before, after }) => `~ ${column}   ${after ?? 'unknown'}, was ${before ?? 'unknown'}`,
    ),
  ]);
}

function rowLines(rows: RowsChange): readonly string[] {
  const { appear, vanish, changed, cells, before, after, identity } = rows;
  const by = identity && identity.length > 0 ? [`by ${identity.join(', ')}`] : [];
  const counts = `+${count(appear.count)} ~${count(changed)} -${count(vanish.count)}`;
  return [
    ...stepLines('rows', [
      [`${plural(after, 'row')}, ${count(before)} before`, counts, ...by].join('   '),
      ...sampleLines('+', appear),
      ...sampleLines('-', vanish),
    ]),
    ...stepLines(
      'cells',
      cells.flatMap((cell) => [`~ ${cell.column}   ${count(cell.count)} changed`, ...sampleLines(' ', cell)]),
    ),
  ];
}

function sampleLines(sign: string, { count: all, samples }: Counted): readonly string[] {
  const more = all - samples.length;
  return [...samples, ...(more > 0 ? [`and ${count(more)} more`] : [])].map((sample) => `${sign} ${sample}`);
}

/** Lines of one step: its name stands in front of the first. */
function stepLines(step: string, lines: readonly string[]): readonly string[] {
  return lines.map((text, n) => line(n === 0 ? step : '', text));
}
