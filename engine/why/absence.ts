import type { Near } from './near.ts';
import type { Cell, SourceRow } from './row.ts';
import type { Stop } from './stops.ts';
import type { Tree } from './tree.ts';

/** Why there is no metric row with what is asked for. */
export type Absence = Stops | KeptOut | Differs | NoRow | NotLedTo | Apart | NoValue | NoRoot;

/** Roots are there, and the first of them stops on its way. */
export interface Stops {
  readonly kind: 'stops';
  /** How many roots were asked for, and how many joined rows of the first one stop there. */
  readonly roots: number;
  readonly rows: number;
  readonly from: Tree;
  readonly stop: Stop;
}

/** A group, or a row with windows, is what was asked for, and a check of the metric's rows rejects it. */
export interface KeptOut {
  readonly kind: 'kept out';
  readonly condition: string;
  readonly row: readonly Cell[];
}

/** The first root is in the metric, but not with all that was asked for. */
export interface Differs {
  readonly kind: 'differs';
  readonly roots: number;
  readonly from: Tree;
  readonly columns: readonly { readonly column: string; readonly asked: string; readonly is: Cell }[];
}

/** No row of a relation is what was asked for. */
export interface NoRow {
  readonly kind: 'no row';
  readonly alias: string;
  readonly asked: readonly { readonly column: string; readonly text: string }[];
  readonly near: Near | null;
}

/** A row is there that a join would bring, and no row before the join asks for it. */
export interface NotLedTo {
  readonly kind: 'not led to';
  readonly alias: string;
  readonly row: SourceRow;
  /** What a row that asks for it would have. */
  readonly parent: string;
  readonly wanted: readonly Cell[];
}

/** Each of the values is somewhere, and in no joined row are they together. */
export interface Apart {
  readonly kind: 'apart';
}

/** Only computed values were asked for, and no metric row has them. */
export interface NoValue {
  readonly kind: 'no value';
}

/** Nothing was asked for, and the root's table is empty. */
export interface NoRoot {
  readonly kind: 'no root';
  readonly alias: string;
}
