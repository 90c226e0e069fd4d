import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { OnFail } from '../mapping/mapping.ts';
import type { Anew } from '../sink/target.ts';
import type { Written } from '../sink/update.ts';
import type { FailedRow } from '../store/check/checking.ts';
import type { Rejected } from '../store/check/rejected.ts';
import type { FilterCount, JoinCount } from '../store/state/joins.ts';
import type { Reach } from './reach.ts';

/** What a run did, for the summary and for `--json`. Times are in seconds, sizes in bytes (uncompressed). */
export interface RunResult {
  readonly metric: string;
  /** The metrics that it reads, which were brought up to date first; under `follow` they tell of themselves. */
  readonly first: readonly RunResult[];
  /** Whether the mapping was another before, and state and metric were made this one's out of what the state held. */
  readonly migrated: boolean;
  /** What the state held before and the mapping does not keep: tables by their aliases, columns and paths behind them. */
  readonly forgotten: readonly string[];
  readonly read: ReadCount;
  readonly lost: LostCount;
  /** Changes that were passed over, for their rows have newer versions. */
  readonly older: number;
  readonly rejected: RejectCount;
  /** Rows that failed a check of their table, or of the metric. */
  readonly checks: readonly CheckCount[];
  readonly joins: readonly JoinCount[];
  /** Of the joined rows, how many the metric's `where` keeps; null without one. */
  readonly filter: FilterCount | null;
  readonly write: WriteCount;
  /** False where the run was ended within the first load: the target is not written yet. */
  readonly loaded: boolean;
  readonly checkpoint: readonly Reach[];
  readonly seconds: number;
  readonly warnings: readonly Diagnostic[];
  /** What `expect` asks of the joins and the counts do not keep. The rows are kept all the same. */
  readonly missed: readonly Diagnostic[];
}

export interface ReadCount {
  /** The files something was read of, in order. */
  readonly files: readonly string[];
  readonly changes: number;
  /** Changes that were delivered again and passed over, being committed already. */
  readonly again: number;
  readonly bytes: number;
  /** Until the last of them was read. */
  readonly seconds: number;
  /** By table, most first; and of tables that the mapping doesn't name. */
  readonly tables: readonly TableCount[];
  readonly unnamed: readonly TableCount[];
}

/** Transactions that were left out, and why the first of them. */
export interface RejectCount {
  readonly transactions: number;
  readonly first: Rejected | null;
}

/** Rows that failed a check as they came, each as often as it came so; `alias` is the metric for a check of its rows. */
export interface CheckCount {
  readonly alias: string;
  readonly check: string;
  readonly onFail: OnFail;
  readonly rows: number;
  readonly first: Pick<FailedRow, 'text' | 'reason' | 'place'> | null;
}

/** Updates and deletes of rows that were never seen; `samples` are the first of them. */
export interface LostCount {
  readonly changes: number;
  readonly samples: readonly string[];
}

export interface TableCount {
  readonly table: string;
  readonly changes: number;
}

export interface WriteCount extends Written {
  readonly place: string;
  readonly table: string;
  /** Of the metric, in the table. */
  readonly rows: number;
  /** Rows that are not, for their key stands there and is another's; and those of them that differ from what stands there. */
  readonly held: number;
  readonly differing: number;
  /** Why the table was written anew: it was gone, or no longer as it was left, or a column has another type now. */
  readonly anew: Anew | null;
  /** True under `--dry-run`: nothing of this was kept. */
  readonly dry: boolean;
  /** What went to a target elsewhere; null where it is in the state's own file. */
  readonly shipped: ShipCount | null;
}

/** Rows that a target elsewhere was sent, those that were taken away there, and those that wait. */
export interface ShipCount {
  readonly rows: number;
  readonly gone: number;
  readonly unshipped: number;
  /** Why it was sent all rows though they had been sent before; null where it was not. */
  readonly resent: Resent | null;
}

/** The table was gone, or the last shipment that it got is not one of this state. */
export type Resent = 'absent' | 'foreign';

/** What a run that goes on has taken in since it was told of last. */
export interface News {
  readonly metric: string;
  readonly changes: number;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  /** Changes of rows that were never seen. */
  readonly lost: number;
  /** Transactions that were left out. */
  readonly rejected: number;
}
