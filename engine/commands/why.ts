import { fail } from '../diagnostic/diagnostic.ts';
import { loadMapping } from '../mapping/load.ts';
import type { Mapping } from '../mapping/mapping.ts';
import type { WhyOptions } from '../why/search.ts';
import { waitingRows } from '../why/waiting.ts';
import { why } from '../why/why.ts';
import { type Answer, failed, failedBy } from './answer.ts';
import { type RunFlags, readFlags } from './flags.ts';
import { plainData } from './json-text.ts';
import { waitingText } from './waiting-text.ts';
import { whyText } from './why-text.ts';

export interface WhyFlags extends Pick<RunFlags, 'input' | 'output'> {
  /** The rows that wait: in one join where it names the table, else (true) in all. */
  readonly missing?: string | true;
}

/** Why the metric has a row with these values, or has none; or which rows wait, and for what. */
export async function explainRow(
  file: string,
  words: readonly string[],
  flags: WhyFlags,
  surroundings: Pick<WhyOptions, 'onProgress'> = {},
): Promise<Answer> {
  const loaded = await loadMapping(file);
  if ('diagnostics' in loaded) return failed(loaded.diagnostics);
  const { mapping, warnings } = loaded;
  try {
    const { text, result } = await answerOf(
      mapping,
      { words, missing: flags.missing },
      { ...readFlags(flags), ...surroundings },
    );
    return { exit: 0, text, result: plainData(result), diagnostics: warnings };
  } catch (error) {
    return failedBy(error, 'why');
  }
}

/** The answer to a question as it stands behind `etl why` in a golden, without the mapping. */
export async function answerTo(mapping: Mapping, question: string, options: WhyOptions): Promise<string> {
  const [first = '', ...words] = question.split(' ').filter((word) => word !== '');
  const asked: Question =
    first === '--missing' ? { words: [], missing: words[0] ?? true } : { words: [first, ...words] };
  return (await answerOf(mapping, asked, options)).text;
}

interface Question {
  readonly words: readonly string[];
  readonly missing?: string | true | undefined;
}

async function answerOf(mapping: Mapping, { words, missing }: Question, options: WhyOptions) {
  if (missing === undefined) {
    const explanation = await why(mapping, words, options);
    return { text: whyText(explanation), result: explanation };
  }
  if (words.length > 0) fail('FLAGS_EXCLUDE', { flags: ['--missing', 'column=value'] });
  const joins = waitingRows(mapping, missing === true ? null : missing, options);
  return { text: waitingText(mapping.metric, joins), result: { metric: mapping.metric, joins } };
}
