import { spawnSync } from 'node:child_process';
import { type Command, measure, type Run } from './measure.ts';

/** One that is measured among others. */
export interface Contestant {
  readonly name: string;
  readonly command: Command;
  /** Done before each run, and not measured. */
  readonly prepare?: () => void;
  /** True where the others are measured without it if it can't run here. */
  readonly mayFail?: boolean;
}

/** What came of a contestant: its runs, or why there are none. */
export type Outcome = { readonly runs: readonly Run[] } | { readonly failure: string };

/**
 * Measures all in turn, round by round, so that what else the machine does meanwhile meets each of them.
 *
 * `after` is called behind each run, while its output is there. Throws where one fails that must not.
 */
export async function inTurn(
  contestants: readonly Contestant[],
  rounds: number,
  after: (name: string, run: Run, round: number) => Promise<void> | void = () => {},
): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  for (let round = 0; round < rounds; round++) {
    for (const contestant of contestants) {
      const earlier = outcomes.get(contestant.name) ?? { runs: [] };
      if ('failure' in earlier) continue;
      const run = await runOnce(contestant);
      outcomes.set(contestant.name, 'failure' in run ? run : { runs: [...earlier.runs, run] });
      if (!('failure' in run)) await after(contestant.name, run, round);
    }
  }
  return outcomes;
}

async function runOnce({ name, command, prepare, mayFail }: Contestant): Promise<Run | { readonly failure: string }> {
  prepare?.();
  // What others have left to be written to disk is not waited for by this one.
  spawnSync('sync');
  try {
    return await measure(command);
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    if (mayFail) return { failure };
    throw new Error(`${name}: ${failure}`);
  }
}
