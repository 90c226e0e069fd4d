import { count, plural } from '../../diagnostic/quantity.ts';
import type { Report, WaitingShown } from '../report.ts';
import { type Html, html } from './html.ts';
import { codeText } from './value.ts';

/** Groups that are open to see at once; the others are behind a line to click. */
const OPEN = 4;

/** The rows that wait for a partner, by what they wait for; null where nothing is known of them. */
export function waitingSection({ file, kept }: Report): Html | null {
  if (!kept?.figures || kept.status.joins.length === 0) return null;
  const { waiting } = kept.figures;
  return html`<section aria-labelledby="waiting"><h2 id="waiting">Waiting rows</h2>
${
  waiting.length === 0
    ? html`<p>No row waits for a partner, and none has a NULL key.</p>`
    : html`<p>Rows that found no partner, by what they wait for. <code>etl why ${file} --missing</code> tells more.</p>`
}
${waiting.map(joinPart)}
</section>`;
}

function joinPart({ alias, waiting, nullKey, groups, more }: WaitingShown): Html {
  const [wait, have] = [waiting === 1 ? 'waits' : 'wait', nullKey === 1 ? 'has' : 'have'];
  const head = [
    ...(waiting > 0 ? [`${plural(waiting, 'row')} ${wait} for ${plural(groups.length + more, 'partner')}`] : []),
    ...(nullKey > 0 ? [`${plural(nullKey, 'row')} ${have} a NULL key: for these none can come`] : []),
  ];
  const rest = groups.slice(OPEN);
  return html`<h3>${codeText(alias)}</h3><p>${head.join('; ')}.</p>
${groups.length > 0 ? groupTable(alias, groups.slice(0, OPEN)) : null}
${rest.length > 0 ? html`<details><summary>${plural(rest.length, 'group')} more</summary>${groupTable(alias, rest)}</details>` : null}
${more > 0 ? html`<p class="more">and ${plural(more, 'group')} that are not shown</p>` : null}`;
}

function groupTable(alias: string, groups: WaitingShown['groups']): Html {
  return html`<table class="groups"><caption class="unseen">What rows wait for in ${alias}</caption>
<thead><tr><th scope="col" class="number">Rows</th><th scope="col">Wait for, and the first of them</th></tr></thead>
<tbody>${groups.map(groupRow)}</tbody></table>`;
}

function groupRow({ wanted, rows, samples }: WaitingShown['groups'][number]): Html {
  const more = rows > samples.length ? html`<li>and ${count(rows - samples.length)} more</li>` : null;
  return html`<tr><td class="number">${count(rows)}</td><th scope="row">${codeText(wanted)}<ul>${samples.map(
    (sample) => html`<li>${codeText(sample)}</li>`,
  )}${more}</ul></th></tr>\n`;
}
