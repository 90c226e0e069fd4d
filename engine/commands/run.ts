import { type Diagnostic, fail, invariant } from '../diagnostic/diagnostic.ts';
import { loadMapping } from '../mapping/load.ts';
import type { RunOptions } from '../pipeline/options.ts';
import type { RunResult } from '../pipeline/result.ts';
import { run } from '../pipeline/run.ts';
import { runTogether } from '../pipeline/together.ts';
import { STANDARD_INPUT } from '../source/place.ts';
import { type Answer, exitOf, failed, failedBy, joined } from './answer.ts';
import { openDeadLetters } from './dead-letter.ts';
import { type RunFlags, readFlags } from './flags.ts';
import { followed, summarize, summarizeNews } from './summary.ts';

/** Prints a part of an answer before the rest of it is known. */
export type Tell = (part: Pick<Answer, 'text' | 'diagnostics'>) => void;

/** What a run is given of the process it runs in. Without `tell` all is said at the end. */
export interface RunSurroundings extends Pick<RunOptions, 'signal' | 'onProgress'> {
  readonly tell?: Tell | null;
}

/** Brings the metrics of the mappings up to date, side by side; one that fails does not stop the others. */
export async function runMappings(
  files: readonly string[],
  flags: RunFlags,
  { tell = null, ...surroundings }: RunSurroundings,
): Promise<Answer> {
  const options = { ...readFlags(flags), ...rejecting(flags), ...surroundings };
  const answers = options.follow ? await followAll(files, options, tell) : await runAll(files, options);
  return joined(answers, { metrics: answers.map((answer) => answer.result) });
}

async function runAll(files: readonly string[], options: RunOptions): Promise<readonly Answer[]> {
  const all = await Promise.all(files.map(loadMapping));
  const results = await runTogether(
    all.flatMap((loaded) => ('mapping' in loaded ? [loaded.mapping] : [])),
    options,
  );
  const ended = results.values();
  return all.map((loaded) => {
    if ('diagnostics' in loaded) return failed(loaded.diagnostics);
    const { value: result } = ended.next();
    invariant(result, 'each mapping was run');
    return answerTo(result, loaded.warnings);
  });
}

function followAll(files: readonly string[], options: RunOptions, tell: Tell | null): Promise<readonly Answer[]> {
  const isPiped = [...(options.inputs?.values() ?? [])].includes(STANDARD_INPUT);
  if (isPiped && files.length > 1) fail('STANDARD_INPUT_TWICE', { count: files.length });
  return Promise.all(files.map((file) => followMapping(file, options, tell)));
}

/** What is told on the way is not said again at the end of all. */
async function followMapping(file: string, options: RunOptions, tell: Tell | null): Promise<Answer> {
  const answer = await follow(file, options, tell);
  if (!tell) return answer;
  tell(answer);
  return { ...answer, text: '', diagnostics: [] };
}

async function follow(file: string, options: RunOptions, tell: Tell | null): Promise<Answer> {
  const loaded = await loadMapping(file);
  if ('diagnostics' in loaded) return failed(loaded.diagnostics);
  const { mapping, warnings } = loaded;
  const [ended] = await Promise.allSettled([run(mapping, { ...options, ...telling(warnings, tell) })]);
  return answerTo(ended, warnings);
}

/** A dry run says how many would be left out, and writes none. */
function rejecting({ deadLetter, dryRun }: RunFlags): Pick<RunOptions, 'onRejected' | 'onRejectedRow'> {
  if (deadLetter === undefined) return {};
  if (dryRun) return { onRejected: () => {} };
  const append = openDeadLetters(deadLetter);
  return { onRejected: append, onRejectedRow: append };
}

/** The answer to a run that has ended; `warnings` are those of its mapping. */
function answerTo(ended: PromiseSettledResult<RunResult>, warnings: readonly Diagnostic[]): Answer {
  const answer = ended.status === 'fulfilled' ? answerOf(ended.value) : failedBy(ended.reason, 'run');
  return { ...answer, diagnostics: [...warnings, ...answer.diagnostics] };
}

function answerOf(run: RunResult): Answer {
  const { warnings, missed, first, ...result } = run;
  const before = first.map(answerOf);
  const own = { exit: exitOf(missed), text: summarize(run), result, diagnostics: [...warnings, ...missed] };
  return joined([...before, own], { ...result, first: before.map((answer) => answer.result) });
}

/** Tells of a run that goes on; `warnings` are those of its mapping. */
function telling(
  warnings: readonly Diagnostic[],
  tell: Tell | null,
): Pick<RunOptions, 'onCaughtUp' | 'onNews' | 'onUnshipped'> {
  if (!tell) return {};
  return {
    onCaughtUp: (run) => {
      const { text, diagnostics } = answerOf(run);
      tell({ text: `${text}\n${followed()}`, diagnostics: [...warnings, ...diagnostics] });
    },
    onUnshipped: (finding) => tell({ text: '', diagnostics: [finding] }),
    onNews: (news) => tell({ text: summarizeNews(news, new Date()), diagnostics: [] }),
  };
}
