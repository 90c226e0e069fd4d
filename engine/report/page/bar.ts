import { scaleLinear } from 'd3-scale';
import { type Html, html } from './html.ts';

/** A part of a whole as a bar. Its number stands beside it: whoever can't see it misses nothing. */
export function bar(part: number, all: number): Html {
  const width = scaleLinear()
    .domain([0, Math.max(1, all)])
    .range([0, 100]);
  return html`<svg class="bar" aria-hidden="true" width="100%" height="8">
<rect class="all" width="100%" height="8" rx="4"/>
<rect class="part" width="${Number(width(part).toFixed(2))}%" height="8" rx="4"/></svg>`;
}
