import { lsnText } from '../../change.ts';
import { count, plural, size, when } from '../../diagnostic/quantity.ts';
import type { SourceStatus, Status } from '../../pipeline/status.ts';
import type { KeptFigures, Report } from '../report.ts';
import { type Html, html, type Part } from './html.ts';
import { codeText } from './value.ts';

/** What the metric is, and how it stands at a glance. */
export function header(report: Report): Html {
  const { metric, description, kept } = report;
  return html`<header>
<p class="kind">Metric</p>
<h1>${metric}</h1>
${description === null ? null : html`<p class="lead">${description}</p>`}
${kept ? glance(kept) : null}
${notice(report)}
<dl class="facts">${factsOf(report).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</header>`;
}

/** The numbers that are asked for first. */
function glance({ status, figures }: KeptFigures): Html {
  const { joins, rejected, unshipped } = status;
  const sum = (of: 'waiting' | 'nullKey') => joins.reduce((all, join) => all + join[of], 0);
  const tiles: readonly (readonly [tone: string, value: number, name: string])[] = [
    ['matched', status.rows, 'rows in the metric'],
    ...(figures && joins.length > 0
      ? ([
          ['waiting', sum('waiting'), 'wait for a partner'],
          ['null', sum('nullKey'), 'have a NULL key'],
        ] as const)
      : []),
    ['rejected', rejected.transactions + rejected.rows, 'left out'],
    ...(unshipped === null ? [] : ([['waiting', unshipped, 'not shipped yet']] as const)),
  ];
  return html`<ul class="glance" aria-label="At a glance">${tiles.map(
    ([tone, value, name]) => html`<li class="${value === 0 ? 'none' : tone}"><b>${count(value)}</b> ${name}</li>`,
  )}</ul>`;
}

/** Why a report shows less than it could. */
function notice({ file, kept }: Report): Html | null {
  const run = html`<code>etl run ${file}</code>`;
  if (kept === null)
    return html`<p class="notice">This metric was never run: the plan is shown without counts. ${run} makes it.</p>`;
  if (!kept.status.loaded)
    return html`<p class="notice">The first load has not ended: ${run} goes on with it. Columns are counted after that.</p>`;
  if (!kept.figures)
    return html`<p class="notice">The mapping has changed since the last run, so the plan is shown without counts.
${run} brings the metric up to it.</p>`;
  return kept.figures.rows === 0 ? html`<p class="notice">The metric has no row.</p>` : null;
}

function factsOf({ file, kept }: Report): readonly (readonly [string, Part])[] {
  const mapping = ['Mapping', codeText(file)] as const;
  if (kept === null) return [mapping];
  const { target, state, committed, sources } = kept.status;
  return [
    mapping,
    ['Target', html`${codeText(target.place)}, table ${codeText(target.table)}`],
    ['Last committed', committed ? time(committed) : 'never'],
    ...sources.flatMap((source) => sourceFacts(source, sources.length > 1)),
    ['State', html`${codeText(state.place)}, ${size(state.bytes)}`],
  ];
}

function sourceFacts(
  { source, checkpoint, lsn, lag }: SourceStatus,
  isNamed: boolean,
): readonly (readonly [string, Part])[] {
  const of = isNamed ? ` (${source})` : '';
  const last = checkpoint.at(-1);
  const place =
    last &&
    html`${codeText(last.file)}${last.watermark === undefined ? ` #${last.records}` : ` up to ${last.watermark}`}`;
  const more = checkpoint.length > 1 ? `, ${count(checkpoint.length)} files in all` : '';
  const position = lsn === null ? '' : `, LSN ${lsnText(lsn)}`;
  return [
    [`Read up to${of}`, place ? html`${place}${more}${position}` : 'nothing read'],
    [`Not read yet${of}`, lagText(lag)],
  ];
}

function lagText(lag: Status['sources'][number]['lag']): Part {
  if (lag === null) return 'not known: it would have to be read';
  const unread = lag.records === 0 ? 'nothing' : `${plural(lag.records, 'record')}, ${size(lag.bytes)}`;
  return lag.stopped ? `${unread}; can not be read on: ${lag.stopped.message}` : unread;
}

/** A time for people and for programs. */
export function time(at: Date): Html {
  return html`<time datetime="${at.toISOString()}">${when(at)}</time>`;
}
