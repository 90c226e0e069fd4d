import { scaleBand, scaleLinear } from 'd3-scale';
import { count } from '../../diagnostic/quantity.ts';
import type { PastRun } from '../../store/state/runs.ts';
import { time } from './header.ts';
import { type Html, html } from './html.ts';

/** A run that has ended with rows in the metric, or none. */
type Ended = PastRun & { readonly rows: number };

const [HEIGHT, TOP, BOTTOM] = [168, 20, 4];

/** Few runs do not get broad bars, but stand at the right. */
const LEAST_BARS = 16;

/**
 * How many rows the metric had after each run, and how many of them the run added; null where there are not two runs to
 * compare. Places across are parts of the width, so that a narrow chart has the same letters. The table below says the same.
 */
export function runChart(runs: readonly PastRun[]): Html | null {
  const ended = runs.filter((run): run is Ended => run.rows !== null).reverse();
  const [first, last] = [ended[0], ended.at(-1)];
  if (!first || !last || first === last) return null;
  const y = scaleLinear()
    .domain([0, Math.max(1, ...ended.map(({ rows }) => rows))])
    .range([HEIGHT - BOTTOM, TOP])
    .nice(3);
  const label = `Rows of the metric after each of ${ended.length} runs, from ${count(first.rows)} to ${count(last.rows)}`;
  return html`<figure><svg class="chart" role="img" aria-label="${label}" width="100%" height="${HEIGHT}">
${grid(y)}
${bars(ended, y)}
</svg>
<figcaption>Rows of the metric after each run, from ${time(first.ended)} to ${time(last.ended)};
the upper part are those that it added.</figcaption></figure>`;
}

type Scale = ReturnType<typeof scaleLinear<number>>;

/** Numbers stand on their lines, at the left. */
function grid(y: Scale): readonly Html[] {
  const ticks = y.ticks(3).filter(Number.isInteger);
  return ticks.map((rows) => {
    const at = Math.round(y(rows));
    return html`<line x2="100%" y1="${at}" y2="${at}"/><text x="0" y="${at - 5}">${rows === 0 ? '' : count(rows)}</text>\n`;
  });
}

function bars(ended: readonly Ended[], y: Scale): readonly Html[] {
  const places = Math.max(LEAST_BARS, ended.length);
  const x = scaleBand<number>([...Array(places).keys()], [8, 100]).paddingInner(0.25);
  return ended.map(({ rows, added }, n) => {
    const kept = Math.max(0, rows - added);
    const at = x(places - ended.length + n) ?? 0;
    return html`<g>${bar('kept', at, x.bandwidth(), [y(kept), y(0)])}${bar('added', at, x.bandwidth(), [y(rows), y(kept)])}</g>\n`;
  });
}

function bar(name: string, x: number, width: number, [top, bottom]: readonly [number, number]): Html | null {
  if (bottom - top < 0.05) return null;
  const [at, wide, tall] = [x.toFixed(2), width.toFixed(2), (bottom - top).toFixed(1)];
  return html`<rect class="${name}" x="${at}%" width="${wide}%" y="${top.toFixed(1)}" height="${tall}"/>`;
}
