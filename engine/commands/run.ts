import { type Diagnostic, fail } from '../diagnostic/diagnostic.ts';
import { loadMapping } from '../mapping/load.ts';
import type { RunOptions } from '../pipeline/options.ts';
import type { RunResult } from '../pipeline/result.ts';
import { run } from '../pipeline/run.ts';
import { STANDARD_INPUT } from '../source/place.ts';
import { type Answer, failed, failedBy, joined } from './answer.ts';
import { openDeadLetters } from './dead-letter.ts';
import { type RunFlags, readFlags } from './flags.ts';
import { followed, summarize, summarizeNews } from './summary.ts';

/** Prints a part of an answer before the rest of it is known. */
export type Tell = (part: Pick<Answer, 'text' | 'diagnostics'>) => void;

/** What a run is given of the process it runs in. Without `tell` all is said at the end. */
export interface RunSurroundings extends Pick<RunOptions, 'signal' | 'onProgress'> {
  readonly tell?: Tell | null;
}

/**
 * Brings the metrics of the mappings up to date, one after the other; one that fails does not stop the next. Those that
 * are followed go on side by side, for each of them has no end.
 */
export async function runMappings(
  files: readonly string[],
  flags: RunFlags,
  { tell = null, ...surroundings }: RunSurroundings,
): Promise<Answer> {
  const options = { ...readFlags(flags), ...rejecting(flags), ...surroundings };
  const piped = [...(options.inputs?.values() ?? [])].includes(STANDARD_INPUT);
  if (piped && files.length > 1) fail('STANDARD_INPUT_TWICE', { count: files.length });
  const answers = options.follow
    ? await Promise.all(files.map((file) => followMapping(file, options, tell)))
    : await oneByOne(files, options);
  return joined(answers, { metrics: answers.map((answer) => answer.result) });
}

async function oneByOne(files: readonly string[], options: RunOptions): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (const file of files) answers.push(await runMapping(file, options));
  return answers;
}

/** What is told on the way is not said again at the end of all. */
async function followMapping(file: string, options: RunOptions, tell: Tell | null): Promise<Answer> {
  if (!tell) return runMapping(file, options);
  const answer = await runMapping(file, options, tell);
  tell(answer);
  return { ...answer, text: '', diagnostics: [] };
}

/** A dry run says how many would be left out, and writes none. */
function rejecting({ deadLetter, dryRun }: RunFlags): Pick<RunOptions, 'onRejected'> {
  if (deadLetter === undefined) return {};
  return { onRejected: dryRun ? () => {} : openDeadLetters(deadLetter) };
}

async function runMapping(file: string, options: RunOptions, tell: Tell | null = null): Promise<Answer> {
  const loaded = await loadMapping(file);
  if ('diagnostics' in loaded) return failed(loaded.diagnostics);
  const { mapping, warnings } = loaded;
  try {
    const { text, result, diagnostics } = answerOf(await run(mapping, { ...options, ...telling(warnings, tell) }));
    return { exit: 0, text, result, diagnostics: [...warnings, ...diagnostics] };
  } catch (error) {
    const answer = failedBy(error, 'run');
    return { ...answer, diagnostics: [...warnings, ...answer.diagnostics] };
  }
}

function answerOf(run: RunResult): Omit<Answer, 'exit'> {
  const { warnings: diagnostics, ...result } = run;
  return { text: summarize(run), result, diagnostics };
}

/** Tells of a run that goes on; `warnings` are those of its mapping. */
function telling(warnings: readonly Diagnostic[], tell: Tell | null): Pick<RunOptions, 'onCaughtUp' | 'onNews'> {
  if (!tell) return {};
  return {
    onCaughtUp: (run) => {
      const { text, diagnostics } = answerOf(run);
      tell({ text: `${text}\n${followed()}`, diagnostics: [...warnings, ...diagnostics] });
    },
    onNews: (news) => tell({ text: summarizeNews(news, new Date()), diagnostics: [] }),
  };
}
