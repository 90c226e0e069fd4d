import { scaleBand, scaleLinear } from 'd3-scale';
import { type Html, html } from './html.ts';

const HEIGHT = 40;

/** How rows are spread over the range of a column, in bars from its least value to its greatest. */
export function histogram(spread: readonly number[]): Html {
  const most = Math.max(1, ...spread);
  // Few rows are few, and not none.
  const height = scaleLinear().domain([1, most]).range([1.5, HEIGHT]);
  const x = scaleBand<number>([...spread.keys()], [0, 100]).paddingInner(0.12);
  const bars = spread.map((rows, n) => {
    const tall = rows === 0 ? 0 : most === 1 ? HEIGHT : height(rows);
    const [at, width] = [(x(n) ?? 0).toFixed(2), x.bandwidth().toFixed(2)];
    return html`<rect x="${at}%" width="${width}%" y="${(HEIGHT - tall).toFixed(1)}" height="${tall.toFixed(1)}"/>`;
  });
  const label = `Rows in ${spread.length} equal parts of the range: ${spread.join(', ')}`;
  return html`<svg class="histogram" role="img" aria-label="${label}" width="100%" height="${HEIGHT}">${bars}</svg>`;
}
