/** A run under `--follow`, in a process of its own. */
import type { ChildProcess } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import type { Bench, Called, CallOptions } from './etl.ts';

export interface Followed {
  readonly child: ChildProcess;
  /** What it has printed so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Waits until this holds. Gives how long that took, in ms; fails with what was printed where it takes too long. */
  readonly until: (holds: () => boolean) => Promise<number>;
}

/** Long enough for a machine that does much else. That it takes less than a second is measured, where it is promised. */
const PATIENCE = 15_000;

/**
 * Calls `etl run ... --follow` and does the work while it goes on, from when it has caught up (with `--json`, which says
 * nothing before the end, from the start). Then the run is ended by the signal, unless it has ended by itself.
 */
export async function whileFollowing(
  { etl }: Bench,
  args: readonly string[],
  work: (run: Followed) => Promise<void>,
  { signal = 'SIGTERM', ...options }: CallOptions & { readonly signal?: NodeJS.Signals } = {},
): Promise<Called> {
  const [out, err]: [string[], string[]] = [[], []];
  let child: ChildProcess | null = null;
  const called = etl(['run', ...args, '--follow'], {
    ...options,
    during: (started) => {
      child = started;
      started.stdout?.on('data', (bytes: Buffer) => out.push(bytes.toString()));
      started.stderr?.on('data', (bytes: Buffer) => err.push(bytes.toString()));
    },
  });
  const [stdout, stderr] = [() => out.join(''), () => err.join('')];
  const until: Followed['until'] = async (holds) => {
    const started = performance.now();
    while (!isTrue(holds)) {
      if (performance.now() - started > PATIENCE) throw new Error(`in vain:\n${stdout()}\n${stderr()}`);
      await setTimeout(5);
    }
    return performance.now() - started;
  };
  if (child === null) throw new Error('the process was not started');
  const followed: Followed = { child, stdout, stderr, until };
  try {
    if (!args.includes('--json')) await until(() => stdout().includes('\n  follow  '));
    await work(followed);
  } finally {
    followed.child.kill(signal);
  }
  return called;
}

/** What can't be asked yet, of a target that is not there, does not hold yet. */
function isTrue(holds: () => boolean): boolean {
  try {
    return holds();
  } catch {
    return false;
  }
}
