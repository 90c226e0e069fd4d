import type { Type } from '../change.ts';
import type { Span } from '../diagnostic/diagnostic.ts';
import type { ColumnPath, Expression } from '../expression/expression.ts';
import type { Bound, Check } from '../mapping/mapping.ts';

/** A mapping compiled: what is scanned, joined, filtered and projected, in that order. Plain data. */
export interface Plan {
  readonly metric: string;
  readonly root: Scan;
  readonly joins: readonly Join[];
  readonly filter: Filter | null;
  /** What the rows are grouped by; null where the metric is no aggregate, empty for one row over all. */
  readonly groupBy: readonly Expression[] | null;
  readonly project: readonly Output[];
  /** Of the metric's rows. Those that a check rejects are left out behind all else. */
  readonly checks: readonly Check[];
  /** Output columns that are unique in the target; empty where it is a bag. */
  readonly sinkKey: readonly string[];
  readonly sinkSpan: Span;
  /** The mapping's file and text, so that a finding at run time can point into it. */
  readonly origin: Origin;
  /** Two plans of one hash keep the same state and give the same rows. */
  readonly hash: string;
}

export interface Origin {
  readonly file: string;
  readonly text: string;
}

/** A relation as the plan reads it: only the columns in use are kept, and those that the mapping says. */
export interface Scan {
  readonly alias: string;
  readonly source: string;
  readonly schema: string | null;
  /** Names and patterns; `*` alone where its source is one table. */
  readonly tables: readonly string[];
  readonly key: readonly string[];
  /** What orders the changes of one key; null where they come in order. */
  readonly version: Expression | null;
  /** How many columns a tombstone keeps: those of the key and the version, which are the first ones. */
  readonly tombstone: number;
  /** The columns kept, numbered by their place here. The first ones are the key's, the last those that nothing uses. */
  readonly columns: readonly ScanColumn[];
  /** How many columns are in use. A change of the others changes no row of the metric. */
  readonly used: number;
  /** Whether every other column of its tables is kept behind these, as it comes. */
  readonly keepsAll: boolean;
  /** Rows that fail a check are left out by it where that check rejects them. */
  readonly filter: Filter | null;
  readonly checks: readonly Check[];
  readonly span: Span;
}

export interface ScanColumn {
  readonly path: ColumnPath;
  /** The type the mapping says (or a nested path has: text); null where only the log knows. */
  readonly type: Type | null;
}

export interface Join {
  readonly kind: 'inner' | 'left';
  readonly scan: Scan;
  readonly on: readonly Equality[];
  /** What a run requires of its counts. No part of the hash: it changes no row. */
  readonly expect: readonly Bound[];
  readonly span: Span;
}

/** `left` is of a scan before the join, `right` of the scan it brings. */
export interface Equality {
  readonly left: { readonly alias: string; readonly path: ColumnPath };
  readonly right: { readonly alias: string; readonly path: ColumnPath };
}

export interface Filter {
  readonly expression: Expression;
  readonly span: Span;
}

export interface Output {
  readonly name: string;
  readonly expression: Expression;
  readonly span: Span;
}
