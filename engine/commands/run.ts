import { fail } from '../diagnostic/diagnostic.ts';
import { loadMapping } from '../mapping/load.ts';
import type { RunOptions } from '../pipeline/options.ts';
import { run } from '../pipeline/run.ts';
import { STANDARD_INPUT } from '../source/place.ts';
import { type Answer, failed, failedBy, joined } from './answer.ts';
import { openDeadLetters } from './dead-letter.ts';
import { type RunFlags, readFlags } from './flags.ts';
import { summarize } from './summary.ts';

/** Brings the metrics of the mappings up to date, one after the other; one that fails does not stop the next. */
export async function runMappings(
  files: readonly string[],
  flags: RunFlags,
  surroundings: RunOptions,
): Promise<Answer> {
  const options = { ...readFlags(flags), ...rejecting(flags), ...surroundings };
  const piped = [...(options.inputs?.values() ?? [])].includes(STANDARD_INPUT);
  if (piped && files.length > 1) fail('STANDARD_INPUT_TWICE', { count: files.length });
  const answers: Answer[] = [];
  for (const file of files) answers.push(await runMapping(file, options));
  return joined(answers, { metrics: answers.map((answer) => answer.result) });
}

/** A dry run says how many would be left out, and writes none. */
function rejecting({ deadLetter, dryRun }: RunFlags): Pick<RunOptions, 'onRejected'> {
  if (deadLetter === undefined) return {};
  return { onRejected: dryRun ? () => {} : openDeadLetters(deadLetter) };
}

async function runMapping(file: string, options: RunOptions): Promise<Answer> {
  const loaded = await loadMapping(file);
  if ('diagnostics' in loaded) return failed(loaded.diagnostics);
  try {
    const result = await run(loaded.mapping, options);
    const { warnings, ...rest } = result;
    return { exit: 0, text: summarize(result), result: rest, diagnostics: [...loaded.warnings, ...warnings] };
  } catch (error) {
    const answer = failedBy(error, 'run');
    return { ...answer, diagnostics: [...loaded.warnings, ...answer.diagnostics] };
  }
}
