import { type FailCount, sumFailed } from '../store/check/failed.ts';
import { type Lost, NOTHING_LOST, sumLost } from '../store/stage/lost.ts';
import type { Committed, Portion, Reached } from './committed.ts';
import type { RejectCount, WriteCount } from './result.ts';

/** What the commits of a run did. */
export interface Done {
  readonly written: Pick<WriteCount, 'added' | 'changed' | 'removed' | 'anew'>;
  /** What the state forgot when it was made that of a changed plan; null where it was not. */
  readonly forgotten: readonly string[] | null;
  readonly lost: Lost;
  readonly older: number;
  readonly rejected: RejectCount;
  readonly failed: readonly FailCount[];
  /** The last record that was committed. */
  readonly reached: Reached | null;
}

export const NOTHING_DONE: Done = {
  written: { added: 0, changed: 0, removed: 0, anew: null },
  forgotten: null,
  lost: NOTHING_LOST,
  older: 0,
  rejected: { transactions: 0, first: null },
  failed: [],
  reached: null,
};

/** With one commit more; that of a first load's end has no portion. */
export function doneWith(
  done: Done,
  { outcome, forgotten, lost, older, failed }: Committed,
  portion: Portion | null,
): Done {
  const { written, rejected } = done;
  const news = portion?.rejected ?? [];
  return {
    written: outcome
      ? {
          added: written.added + outcome.written.added,
          changed: written.changed + outcome.written.changed,
          removed: written.removed + outcome.written.removed,
          anew: written.anew ?? outcome.anew,
        }
      : written,
    forgotten: done.forgotten ?? forgotten,
    lost: sumLost(done.lost, lost),
    older: done.older + older,
    rejected: { transactions: rejected.transactions + news.length, first: rejected.first ?? news[0] ?? null },
    failed: sumFailed(done.failed, failed),
    reached: portion?.reached ?? done.reached,
  };
}
