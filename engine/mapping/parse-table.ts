import type { Span } from '../diagnostic/diagnostic.ts';
import { hints } from '../diagnostic/messages.ts';
import { isDatabase, type Lookback, type TableFormat } from './format.ts';
import { nameOf } from './name.ts';
import { entryOf, type Node, under } from './node.ts';
import type { Report } from './report.ts';

/** How tables are read, by watermark or as a whole; one of the two has to be said, for each suits other tables. */
export function tableFormatOf(
  source: Node,
  at: { readonly key: string; readonly span: Span },
  report: Report,
): TableFormat {
  const [watermark, mode, lookback] = [
    under(source, 'watermark'),
    entryOf(source, 'mode'),
    entryOf(source, 'lookback'),
  ];
  if (watermark && mode) report.add('WATERMARK_AND_SNAPSHOT', undefined, mode.keySpan);
  else if (!watermark && (lookback || !mode))
    report.add('MISSING_KEY', { name: 'watermark', of: { key: at.key, item: false } }, at.span, hints.wholeTable);
  reportUrl(under(source, 'url'), report);
  return {
    kind: 'table',
    isQuery: entryOf(source, 'query') !== undefined,
    watermark: nameOf(watermark)?.text ?? null,
    lookback: lookback ? lookbackOf(lookback.value, report) : null,
  };
}

/** What begins with a variable is known when it is set. */
function reportUrl(node: Node | undefined, report: Report): void {
  const url = nameOf(node);
  if (!url || url.text.startsWith('$') || isDatabase(url.text)) return;
  report.add('UNKNOWN_DATABASE', { place: url.text }, url.span, hints.databases);
}

function lookbackOf(node: Node, report: Report): Lookback | null {
  if (node.kind !== 'text' && node.kind !== 'number') return null;
  const [, amount, unit] = /^(\d{1,12})(s|m|h|d)?$/.exec(node.text) ?? [];
  if (amount === undefined) report.add('BAD_LOOKBACK', { text: node.text }, node.span);
  if (unit === undefined) return { by: 'number', amount: Number(amount ?? 0) };
  return { by: 'time', amount: Number(amount) * (SECONDS.get(unit) ?? 1) };
}

const SECONDS = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3600],
  ['d', 86_400],
]);
