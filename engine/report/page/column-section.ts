import { count, plural } from '../../diagnostic/quantity.ts';
import { printExpression } from '../../expression/print.ts';
import type { Output } from '../../plan/plan.ts';
import type { ColumnFigures } from '../columns.ts';
import type { Report } from '../report.ts';
import { bar } from './bar.ts';
import { histogram } from './histogram.ts';
import { type Html, html } from './html.ts';
import { codeText, share, showValue } from './value.ts';

/** Of values that stand once each, so many are shown. */
const SOME = 3;

/** What each column is made of, and what it holds. */
export function columnSection({ plan, kept }: Report): Html {
  const figures = kept?.figures;
  const cards = figures
    ? figures.columns.map((column) => card(column, figures.rows))
    : plan.project.map((output) => plainCard(output));
  return html`<section aria-labelledby="columns"><h2 id="columns">Columns</h2>
${figures ? html`<p>Counted over ${allOf(figures.rows)} of the metric; nothing is a sample.</p>` : null}
<div class="cards">${cards}</div>
</section>`;
}

function allOf(rows: number): string {
  return rows === 1 ? 'the one row' : `all ${plural(rows, 'row')}`;
}

function plainCard({ name, expression }: Output): Html {
  return html`<article><h3>${name}</h3><p class="source">${codeText(printExpression(expression))}</p></article>`;
}

function card(column: ColumnFigures, rows: number): Html {
  const { name, type, expression, filled, distinct } = column;
  return html`<article><h3>${name}</h3> <span class="type">${type ?? 'type not known'}</span>
<p class="source">${codeText(expression)}</p>
<dl class="fill"><div><dt>Filled</dt><dd><b>${share(filled, rows)}</b> <span>${count(filled)} of ${count(rows)}</span></dd></div>
${bar(filled, rows)}
<div><dt>Values</dt><dd><b>${count(distinct)}</b> <span>${distinct === 1 ? 'value' : 'different'}</span></dd></div>
${rangeOf(column)}</dl>
${column.spread ? histogram(column.spread) : null}
${valuesOf(column)}
</article>`;
}

function rangeOf({ range, type, distinct }: ColumnFigures): Html | null {
  if (range === null || distinct < 2) return null;
  const [least, greatest] = range;
  return html`<div><dt>Range</dt><dd>${showValue(least, type)} to ${showValue(greatest, type)}</dd></div>`;
}

/** Where each value stands once, none is frequent: then some are shown. */
function valuesOf({ name, type, filled, distinct, frequent }: ColumnFigures): Html | null {
  if (frequent.length === 0) return null;
  if (distinct === filled)
    return html`<p class="once">${onceText(distinct)}</p><ul class="values">${frequent
      .slice(0, SOME)
      .map(({ value }) => html`<li>${showValue(value, type)}</li>`)}</ul>`;
  const [{ rows: most }] = frequent as readonly [ColumnFigures['frequent'][number]];
  const others = distinct - frequent.length;
  return html`<table class="frequent"><caption>Most frequent values<span class="unseen"> of ${name}</span></caption>
<thead class="unseen"><tr><th scope="col">Value</th><th scope="col">Rows</th><th scope="col">Share</th></tr></thead>
<tbody>${frequent.map(
    ({ value, rows }) =>
      html`<tr><th scope="row">${showValue(value, type)}${bar(rows, most)}</th><td>${count(rows)}</td><td>${share(rows, filled)}</td></tr>\n`,
  )}</tbody></table>${others > 0 ? html`<p class="more">and ${count(others)} more</p>` : null}`;
}

function onceText(distinct: number): string {
  if (distinct === 1) return 'Its value';
  return distinct > SOME ? 'Each value once, such as' : 'Each value once';
}
