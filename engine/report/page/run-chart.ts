import { scaleLinear, scaleUtc } from 'd3-scale';
import { area, curveStepAfter, line } from 'd3-shape';
import { count } from '../../diagnostic/quantity.ts';
import type { PastRun } from '../../store/state/runs.ts';
import { type Html, html } from './html.ts';

interface Point {
  readonly at: Date;
  readonly rows: number;
}

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [720, 190, 64, 28, 12, 26];

/** How many rows the metric had after each run; null where there are not two to compare. The table below says the same. */
export function runChart(runs: readonly PastRun[]): Html | null {
  const points = runs.flatMap(({ ended, rows }) => (rows === null ? [] : [{ at: ended, rows }])).reverse();
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || first === last) return null;
  const x = scaleUtc()
    .domain([first.at, last.at])
    .range([LEFT, WIDTH - RIGHT]);
  const y = scaleLinear()
    .domain([0, Math.max(1, ...points.map(({ rows }) => rows))])
    .range([HEIGHT - BOTTOM, TOP])
    .nice(4);
  return html`<figure><svg class="chart" role="img" aria-label="Rows of the metric after each run, from ${count(first.rows)} to ${count(last.rows)}" viewBox="0 0 ${WIDTH} ${HEIGHT}">
${y
  .ticks(4)
  .filter(Number.isInteger)
  .map(
    (rows) =>
      html`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(rows)}" y2="${y(rows)}"/><text class="tick rows" x="${LEFT - 10}" y="${y(rows) + 4}">${count(rows)}</text>`,
  )}
${x.ticks(5).map((at) => html`<text class="tick time" x="${Math.round(x(at))}" y="${HEIGHT - 6}">${x.tickFormat()(at)}</text>`)}
${curvesOf(points, x, y)}
</svg><figcaption>Rows of the metric after each run</figcaption></figure>`;
}

function curvesOf(points: readonly Point[], x: (at: Date) => number, y: (rows: number) => number): Html {
  const above = line<Point>(
    ({ at }) => x(at),
    ({ rows }) => y(rows),
  )
    .curve(curveStepAfter)
    .digits(1);
  const under = area<Point>(
    ({ at }) => x(at),
    y(0),
    ({ rows }) => y(rows),
  )
    .curve(curveStepAfter)
    .digits(1);
  return html`<path class="under" d="${under(points) ?? ''}"/><path class="above" d="${above(points) ?? ''}"/>
${points.map(({ at, rows }) => html`<circle cx="${x(at).toFixed(1)}" cy="${y(rows).toFixed(1)}" r="3"/>`)}`;
}
