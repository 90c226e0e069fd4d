import type { Type } from '../change.ts';
import type { Span } from '../diagnostic/diagnostic.ts';
import type { ParsedExpression } from '../expression/expression.ts';
import type { Format, Mode } from './format.ts';
import type { Bound, OnFail, SinkKind, Template } from './mapping.ts';
import type { Entry } from './node.ts';

/**
 * What a mapping says, before anyone asked whether its names exist. What could not be read is null, and a finding has
 * told so: the checks say nothing more about it.
 */
export interface Draft {
  readonly metric: Name | null;
  readonly description: string | null;
  readonly sources: readonly SourceDraft[] | null;
  readonly tables: readonly TableDraft[] | null;
  readonly from: Name | null;
  readonly joins: readonly (JoinDraft | null)[];
  readonly where: Written | null;
  /** Null where the metric is no aggregate. */
  readonly groupBy: readonly (Written | null)[] | null;
  readonly columns: readonly (ColumnDraft | null)[];
  /** Over the columns. */
  readonly checks: readonly (CheckDraft | null)[];
  readonly sink: SinkDraft | null;
  readonly state: Template | null;
}

/** A name as written, and where. */
export interface Name {
  readonly text: string;
  readonly span: Span;
}

/** An expression as written. `parsed` is null where it has a mistake. */
export interface Written {
  readonly text: string;
  readonly parsed: ParsedExpression | null;
  readonly span: Span;
}

export interface SourceDraft {
  readonly name: Name;
  readonly format: Format;
  readonly path: Template;
  readonly query: Template | null;
  readonly mode: Mode;
}

export interface TableDraft {
  readonly alias: Name;
  readonly source: Name | null;
  readonly schema: string | null;
  readonly tables: readonly string[];
  /** The key that names a table or a schema; null where none does, and the alias stands for the table. */
  readonly named: Entry | null;
  readonly key: readonly Name[];
  readonly version: Written | null;
  readonly where: Written | null;
  readonly types: ReadonlyMap<string, Type>;
  readonly checks: readonly (CheckDraft | null)[];
  readonly keep: 'all' | readonly (Written | null)[];
}

export interface CheckDraft {
  readonly expression: Written;
  readonly onFail: OnFail;
}

export interface JoinDraft {
  readonly kind: 'inner' | 'left';
  readonly on: Written;
  readonly expect: readonly Bound[];
}

export interface ColumnDraft {
  /** Null where the column is to be named by its path. */
  readonly name: Name | null;
  readonly expression: Written;
  readonly type: Type | null;
}

export interface SinkDraft {
  readonly kind: SinkKind;
  readonly where: Template;
  readonly table: Name | null;
  readonly key: readonly Name[];
  readonly partitionBy: readonly Name[];
  readonly span: Span;
}
