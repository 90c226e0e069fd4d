import { count } from '../../diagnostic/quantity.ts';
import type { KeptFigures, Report } from '../report.ts';
import { flowOf } from './flow.ts';
import { type Html, html, type Part } from './html.ts';
import { pictures } from './picture.ts';
import { table } from './table.ts';
import { codeText } from './value.ts';

/** The plan as a picture, and the same counts as a table. */
export async function planSection(report: Report): Promise<Html> {
  const { metric, kept } = report;
  const drawn = await pictures(flowOf(report), `The plan of ${metric} as a picture. The lists below say the same.`);
  return html`<section aria-labelledby="plan"><h2 id="plan">Plan</h2>
<figure><div class="scroll" role="region" aria-label="Picture of the plan" tabindex="0">${drawn}</div>
<figcaption>${caption(kept)}</figcaption></figure>
${tablesOf(report)}
</section>`;
}

function caption(kept: KeptFigures | null): string {
  return kept?.figures
    ? 'What each table holds, and what became of the rows on their way into the metric. Wider lines carry more rows.'
    : 'What is read, joined and made of it.';
}

function tablesOf({ plan, kept }: Report): readonly Html[] {
  const figures = kept?.figures;
  const scans = [plan.root, ...plan.joins.map(({ scan }) => scan)];
  const tables = scans.map(({ alias, key }, n): readonly Part[] => {
    const counted = figures?.relations[n];
    const keys = key.length > 0 ? codeText(key.join(', ')) : 'none';
    const role = n === 0 ? 'root' : plan.joins[n - 1]?.kind === 'left' ? 'left join' : 'join';
    return [codeText(alias), role, keys, ...(counted ? [count(counted.rows), count(counted.rejected)] : [])];
  });
  const numbers = figures ? [number('Rows'), number('Rejected')] : [];
  return [
    table('Tables', [{ text: 'Table' }, { text: 'Read as' }, { text: 'Key' }, ...numbers], tables),
    ...(kept?.figures && kept.status.joins.length > 0 ? [joinTable(kept)] : []),
    ...(kept ? conditionTable(kept) : []),
  ];
}

function number(text: string) {
  return { text, isNumber: true };
}

function joinTable({ status: { joins } }: KeptFigures): Html {
  const headings = [{ text: 'Join' }, ...['Rows', 'Matched', 'Waiting', 'NULL key', 'Partners at most'].map(number)];
  return table(
    'Joins, over the rows of what stands before each',
    headings,
    joins.map(({ alias, rows, matched, waiting, nullKey, fanout }) => [
      codeText(alias),
      ...[rows, matched, waiting, nullKey, fanout].map(count),
    ]),
  );
}

/** What the metric's own conditions leave out. */
function conditionTable({ status: { filter }, figures }: KeptFigures): readonly Html[] {
  const rows: readonly (readonly [string, number])[] = [
    ...(filter
      ? ([
          ['Rows kept by where', filter.kept],
          ['Rows left out by where', filter.rows - filter.kept],
        ] as const)
      : []),
    ...(figures?.keptOut ? ([['Rows rejected by a check of the metric', figures.keptOut]] as const) : []),
    ...(figures?.held ? ([["Rows held back, for their key is another's in the target", figures.held]] as const) : []),
  ];
  if (rows.length === 0) return [];
  return [
    table(
      'Conditions',
      [{ text: 'Condition' }, number('Rows')],
      rows.map(([text, value]) => [text, count(value)]),
    ),
  ];
}
