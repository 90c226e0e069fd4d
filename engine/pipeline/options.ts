import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { PlaceOptions } from './places.ts';
import type { Progress } from './progress.ts';
import type { DeadLetter, RejectedRow } from './rejections.ts';
import type { News, RunResult } from './result.ts';

/** How a mapping is run; what is left out is as the mapping says. */
export interface RunOptions extends PlaceOptions {
  /** Forget what was read, and read everything again. */
  readonly fullRefresh?: boolean;
  /** Do everything on a copy, which is thrown away. */
  readonly dryRun?: boolean;
  /** Changes after which a batch ends, at the next end of a transaction; 10,000 if not said. */
  readonly batchSize?: number;
  /** How long to wait for another run's batch to be committed, in ms; 30 s if not said. */
  readonly lockWait?: number;
  /** Fail where an update or delete is of a row that was never seen. */
  readonly strict?: boolean;
  /** Takes a transaction that is left out because of a record that can't be read or staged; without it that stops the run. */
  readonly onRejected?: (letter: DeadLetter) => void;
  /** Is told of a row that a check of its table rejects. */
  readonly onRejectedRow?: (row: RejectedRow) => void;
  /** Under `follow`, is told once that all there was is taken in. */
  readonly onCaughtUp?: (result: RunResult) => void;
  /** Under `follow`, is told whenever something more was taken in. */
  readonly onNews?: (news: News) => void;
  /** Is told when a target elsewhere begins not to take what is shipped; it is tried again. */
  readonly onUnshipped?: (finding: Diagnostic) => void;
  /** Note what comes and goes in the metric, for others read it. */
  readonly isRead?: boolean;
  /** What time it is; the clock tells if it is not said. */
  readonly now?: () => Date;
  /** Ends the run after the batch in hand. */
  readonly signal?: AbortSignal;
  /** Is told now and then how far the run is. */
  readonly onProgress?: (progress: Progress) => void;
}
