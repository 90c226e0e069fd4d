import type { Near } from './near.ts';
import type { Cell, SourceRow } from './row.ts';

/** What stops a row. `alias` is the relation at which it stops. */
export type Stop = NullKey | NoPartner | Refused | Filtered | Rejected;

/** A row whose value is NULL joins nothing. */
export interface NullKey {
  readonly kind: 'null key';
  readonly alias: string;
  /** The columns that are NULL. */
  readonly columns: readonly Cell[];
}

export interface NoPartner {
  readonly kind: 'no partner';
  readonly alias: string;
  /** What a partner would have. */
  readonly wanted: readonly Cell[];
  /** The columns that ask for it. */
  readonly by: readonly string[];
  readonly near: Near | null;
}

/** A row that a check of its table rejects, or that the table's `where` leaves out. */
export interface Refused {
  readonly kind: 'check' | 'table where';
  readonly alias: string;
  readonly row: SourceRow;
  readonly condition: string;
  readonly values: readonly Cell[];
  /** Why the check can't be computed; null where the condition is not true. */
  readonly reason: string | null;
}

/** A joined row that the metric's `where` leaves out. */
export interface Filtered {
  readonly kind: 'where';
  /** The first part of the condition that is not true. */
  readonly condition: string;
  readonly values: readonly Cell[];
}

/** A joined row that a check of the metric's rows rejects. */
export interface Rejected {
  readonly kind: 'metric check';
  readonly condition: string;
  readonly values: readonly Cell[];
  /** Why the check can't be computed; null where it is false. */
  readonly reason: string | null;
}
