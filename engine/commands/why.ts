import { fail } from '../diagnostic/diagnostic.ts';
import { loadMapping } from '../mapping/load.ts';
import { waitingRows } from '../why/waiting.ts';
import { why } from '../why/why.ts';
import { type Answer, failed, failedBy } from './answer.ts';
import { type RunFlags, readFlags } from './flags.ts';
import { plainData } from './plain.ts';
import { waitingText } from './waiting-text.ts';
import { whyText } from './why-text.ts';

export interface WhyFlags extends Pick<RunFlags, 'input' | 'output'> {
  /** The rows that wait: in one join where it names the table, else (true) in all. */
  readonly missing?: string | true;
}

/** Why the metric has a row with these values, or has none; or which rows wait, and for what. */
export async function explainRow(file: string, words: readonly string[], flags: WhyFlags): Promise<Answer> {
  const loaded = await loadMapping(file);
  if ('diagnostics' in loaded) return failed(loaded.diagnostics);
  const { mapping, warnings } = loaded;
  try {
    const options = readFlags(flags);
    if (flags.missing !== undefined) {
      if (words.length > 0) fail('FLAGS_EXCLUDE', { flags: ['--missing', 'column=value'] });
      const waiting = waitingRows(mapping, flags.missing === true ? null : flags.missing, options);
      const result = plainData({ metric: mapping.metric, joins: waiting });
      return { exit: 0, text: waitingText(mapping.metric, waiting), result, diagnostics: warnings };
    }
    const explanation = await why(mapping, words, options);
    return { exit: 0, text: whyText(explanation), result: plainData(explanation), diagnostics: warnings };
  } catch (error) {
    return failedBy(error, 'why');
  }
}
