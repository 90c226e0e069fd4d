import { count, plural } from '../../diagnostic/quantity.ts';
import type { LeftOut } from '../../store/check/rejected.ts';
import type { PastRun } from '../../store/state/runs.ts';
import type { Report } from '../report.ts';
import { time } from './header.ts';
import { type Html, html } from './html.ts';
import { runChart } from './run-chart.ts';
import { table } from './table.ts';
import { codeText } from './value.ts';

/** The runs so far, and what they left out. */
export function runSection({ kept }: Report): Html | null {
  if (kept === null) return null;
  const { runs, leftOut, status } = kept;
  return html`<section aria-labelledby="runs"><h2 id="runs">Runs</h2>
${runs.length === 0 ? html`<p>No run is remembered.</p>` : html`${runChart(runs)}${runTable(runs)}`}
${leftOut.length > 0 ? leftOutPart(leftOut, status.rejected.transactions + status.rejected.rows) : null}
</section>`;
}

function runTable(runs: readonly PastRun[]): Html {
  const numbers = ['Changes read', 'Added', 'Changed', 'Removed', 'Rows after', 'Left out', 'Seconds'];
  return table(
    `The last ${runs.length === 1 ? 'run' : plural(runs.length, 'run')} that brought anything`,
    [{ text: 'Began' }, ...numbers.map((text) => ({ text, isNumber: true }))],
    runs.map(({ began, ended, changes, added, changed, removed, rows, rejected }) => [
      time(began),
      ...[changes, added, changed, removed].map(count),
      rows === null ? html`<em>loading</em>` : count(rows),
      count(rejected),
      ((ended.getTime() - began.getTime()) / 1000).toFixed(2),
    ]),
  );
}

function leftOutPart(leftOut: readonly LeftOut[], all: number): Html {
  return html`<h3>Left out</h3><p>The last ${leftOut.length === 1 ? 'one' : count(leftOut.length)} of ${count(all)}.</p>
${table(
  'Transactions and rows that were left out',
  [{ text: 'Record' }, { text: 'What' }, { text: 'Reason' }],
  leftOut.map(({ isRow, code, reason, file, record }) => [
    codeText(`${file}:${record}`),
    isRow ? 'Row' : html`Transaction ${codeText(code)}`,
    reason,
  ]),
)}`;
}
