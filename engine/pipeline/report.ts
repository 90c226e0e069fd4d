import type { RunOptions } from './options.ts';
import type { News, RunResult } from './result.ts';
import type { Tally } from './tally.ts';

type Sums = Omit<News, 'metric'>;

const NOTHING: Sums = { changes: 0, added: 0, changed: 0, removed: 0, lost: 0, rejected: 0 };

/** Tells of a run that goes on: first all that it did, then what each round brought. */
export type Report = (tally: Tally, result: () => Promise<RunResult>) => Promise<void>;

export function openReport(metric: string, { onCaughtUp, onNews }: RunOptions): Report {
  let told: Sums | null = null;
  return async (tally, result) => {
    const sums = sumsOf(tally);
    const news = difference(sums, told ?? NOTHING);
    if (told === null) onCaughtUp?.(await result());
    else if (Object.values(news).some((count) => count > 0)) onNews?.({ metric, ...news });
    told = sums;
  };
}

function sumsOf(tally: Tally): Sums {
  const { written, lost, rejected } = tally.done();
  const { added, changed, removed } = written;
  return { changes: tally.changes(), added, changed, removed, lost: lost.count, rejected: rejected.transactions };
}

function difference(now: Sums, before: Sums): Sums {
  return {
    changes: now.changes - before.changes,
    added: now.added - before.added,
    changed: now.changed - before.changed,
    removed: now.removed - before.removed,
    lost: now.lost - before.lost,
    rejected: now.rejected - before.rejected,
  };
}
