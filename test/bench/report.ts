import { type Claim, verdictOf } from './claim.ts';
import type { Options } from './options.ts';
import { RIVALS } from './rivals.ts';
import { count, mebibytes, seconds, times } from './say.ts';
import type { Line, Section } from './section.ts';
import { figureOf } from './statistics.ts';

const METHOD = `Whole processes, one after another in turn, on generated logs that lie in the file cache: no two nested
texts alike, their members in any order, half of the records escaped to ASCII.`;

const LIMITS = `Ratios are of two figures of one run, the best of all rounds and the median. A limit is the most that a
figure may be; whether it is met goes by the median.`;

const RIVALRY = `Each is given the log with one record a line and is told what the engine finds out: that there are inserts
only, each key once. None keeps a state that could take changes later.`;

/** All that was measured, as Markdown: first what it comes to, then each trial. */
export function reportOf(
  sections: readonly Section[],
  surroundings: readonly (readonly [name: string, text: string])[],
  { command, rivals }: Options,
): string {
  return `${[
    '# Benchmarks',
    `Measured by \`${command}\`.\n${METHOD}`,
    table(['', ''], surroundings),
    '## What it comes to',
    LIMITS,
    claimTable(sections.flatMap(({ claims }) => claims)),
    '## Who else does the job',
    RIVALRY,
    rivals.flatMap((name) => (RIVALS[name] ? `- **${RIVALS[name].title}**: ${RIVALS[name].how}.` : [])).join('\n'),
    ...sections.flatMap(({ title, text, lines }) => [`## ${title}`, text, lineTable(lines)]),
  ].join('\n\n')}\n`;
}

function claimTable(claims: readonly Claim[]): string {
  return table(
    ['', 'must', 'stretch', 'best', 'median', ''],
    claims.map((claim) => {
      const say = claim.unit === 'bytes' ? mebibytes : times;
      const { what, must, stretch = [], figure } = claim;
      const limits = [must === undefined ? '' : say(must), stretch.map(say).join(', ')];
      return [what, ...limits, say(figure.best), say(figure.median), verdictOf(claim)];
    }),
  );
}

/** The last column says how many times the time of the first line each took. */
function lineTable(lines: readonly Line[]): string {
  const first = lines.find((line) => 'runs' in line);
  const unit = first && 'seconds' in first ? figureOf(first.seconds).median : Number.NaN;
  return table(
    ['', 'best', 'median', 'rounds', 'processor time', 'peak memory', 'to the first'],
    lines.map((line) => {
      if ('failure' in line) return [line.name, `not measured: ${line.failure}`, '', '', '', '', ''];
      const { best, median } = figureOf(line.seconds);
      const cpu = figureOf(line.runs.map((run) => run.cpu)).median;
      const peak = figureOf(line.runs.map((run) => run.peak)).median;
      const figures = [seconds(best), seconds(median), count(line.runs.length), seconds(cpu), mebibytes(peak)];
      return [line.name, ...figures, times(median / unit)];
    }),
  );
}

/** Columns behind the first are numbers mostly, and stand to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map((_, at) => (at === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}
