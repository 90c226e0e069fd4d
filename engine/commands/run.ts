import { type Diagnostic, invariant } from '../diagnostic/diagnostic.ts';
import { loadMapping } from '../mapping/load.ts';
import type { Mapping } from '../mapping/mapping.ts';
import type { RunOptions } from '../pipeline/options.ts';
import type { RunResult } from '../pipeline/result.ts';
import { runTogether, type Telling } from '../pipeline/together.ts';
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
  const answers = await runAll(files, options, options.follow ? tell : null);
  return joined(answers, { metrics: answers.map((answer) => answer.result) });
}

/** What is told on the way is not said again at the end of all. */
async function runAll(files: readonly string[], options: RunOptions, tell: Tell | null): Promise<readonly Answer[]> {
  const all = await Promise.all(files.map(loadMapping));
  const mappings = all.flatMap((loaded) => ('mapping' in loaded ? [loaded] : []));
  const warnings = new Map(mappings.map(({ mapping, warnings }) => [mapping, warnings]));
  for (const loaded of all) if ('diagnostics' in loaded) tell?.(failed(loaded.diagnostics));
  const results = await runTogether([...warnings.keys()], options, tell ? telling(warnings, tell) : {});
  const ended = results.values();
  return all.map((loaded) => {
    const answer = 'diagnostics' in loaded ? failed(loaded.diagnostics) : answerTo(ended.next().value, loaded.warnings);
    return tell ? { ...answer, text: '', diagnostics: [] } : answer;
  });
}

/** A dry run says how many would be left out, and writes none. */
function rejecting({ deadLetter, dryRun }: RunFlags): Pick<RunOptions, 'onRejected' | 'onRejectedRow'> {
  if (deadLetter === undefined) return {};
  if (dryRun) return { onRejected: () => {} };
  const append = openDeadLetters(deadLetter);
  return { onRejected: append, onRejectedRow: append };
}

/** The answer to a run that has ended; `warnings` are those of its mapping. */
function answerTo(ended: PromiseSettledResult<RunResult> | undefined, warnings: readonly Diagnostic[]): Answer {
  invariant(ended, 'each mapping was run');
  const answer = ended.status === 'fulfilled' ? answerOf(ended.value) : failedBy(ended.reason, 'run');
  return { ...answer, diagnostics: [...warnings, ...answer.diagnostics] };
}

function answerOf(run: RunResult): Answer {
  const { warnings, missed, first, ...result } = run;
  const before = first.map(answerOf);
  const own = { exit: exitOf(missed), text: summarize(run), result, diagnostics: [...warnings, ...missed] };
  return joined([...before, own], { ...result, first: before.map((answer) => answer.result) });
}

/** Tells of runs that go on, and of how each ends; `warnings` are those of its mapping. */
function telling(warnings: ReadonlyMap<Mapping, readonly Diagnostic[]>, tell: Tell): Telling {
  const warningsOf = (mapping: Mapping) => warnings.get(mapping) ?? [];
  return {
    ofRun: (mapping) => ({
      onCaughtUp: (run) => {
        const { text, diagnostics } = answerOf(run);
        tell({ text: `${text}\n${followed()}`, diagnostics: [...warningsOf(mapping), ...diagnostics] });
      },
      onUnshipped: (finding) => tell({ text: '', diagnostics: [finding] }),
      onNews: (news) => tell({ text: summarizeNews(news, new Date()), diagnostics: [] }),
    }),
    ofEnd: (mapping, ended) => tell(answerTo(ended, warningsOf(mapping))),
  };
}
