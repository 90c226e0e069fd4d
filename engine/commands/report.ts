import { size } from '../diagnostic/quantity.ts';
import { loadMapping } from '../mapping/load.ts';
import type { Loaded } from '../pipeline/loaded.ts';
import { type Report, reportOf, type WaitingShown } from '../report/report.ts';
import { writeWhole } from '../report/write.ts';
import { waitingIn } from '../why/waiting.ts';
import { type Answer, failed, failedBy } from './answer.ts';
import { type RunFlags, readFlags } from './flags.ts';
import { plainData } from './json-text.ts';
import { line } from './line.ts';
import { cellsText, placeText, rowText } from './row-text.ts';

export interface ReportFlags extends Pick<RunFlags, 'input' | 'output'> {
  readonly to?: string;
}

/** Writes what there is to see of a metric into one HTML file: `METRIC.report.html`, where no other is named. */
export async function report(file: string, flags: ReportFlags): Promise<Answer> {
  const loaded = await loadMapping(file);
  if ('diagnostics' in loaded) return failed(loaded.diagnostics);
  const { mapping, warnings } = loaded;
  try {
    const found = await reportOf(mapping, readFlags(flags), waitingShown);
    // What draws is large, and nothing else has a use for it.
    const { pageOf } = await import('../report/page/page.ts');
    const page = await pageOf(found);
    const path = flags.to ?? `${mapping.metric}.report.html`;
    writeWhole(path, page);
    const bytes = Buffer.byteLength(page);
    const text = [mapping.metric, line('report', `${path}   ${size(bytes)}`)].join('\n');
    return { exit: 0, text, result: resultOf(found, path, bytes), diagnostics: warnings };
  } catch (error) {
    return failedBy(error, 'report');
  }
}

function waitingShown(loaded: Loaded): readonly WaitingShown[] {
  return waitingIn(loaded, null).map(({ groups, ...join }) => ({
    ...join,
    groups: groups.map(({ wanted, rows, samples }) => ({
      wanted: cellsText(wanted),
      rows,
      samples: samples.map((row) => `${rowText(row)} (${placeText(row.at)})`),
    })),
  }));
}

function resultOf({ metric, kept }: Report, file: string, bytes: number): unknown {
  const figures = kept?.figures ?? null;
  return plainData({ metric, file, bytes, rows: figures?.rows ?? null, columns: figures?.columns ?? [] });
}
