import type { Type } from '../change.ts';
import type { MappingPlace, Span } from '../diagnostic/diagnostic.ts';
import type { ColumnLeaf, ColumnPath, Expression } from '../expression/expression.ts';
import type { Format, Mode } from './format.ts';

/** What one YAML file declares, checked: every alias exists, every expression is parsed. Only `check.ts` makes one. */
export interface Mapping {
  readonly metric: string;
  readonly description: string | null;
  readonly sources: readonly SourceDeclaration[];
  readonly relations: readonly RelationDeclaration[];
  /** The root: one metric row per root row and match. */
  readonly from: RelationDeclaration;
  /** In the order written; each brings one relation that no line before it has. */
  readonly joins: readonly JoinDeclaration[];
  readonly where: Expression | null;
  /** What the rows are grouped by; null where the metric is no aggregate, empty for one row over all. */
  readonly groupBy: readonly Expression[] | null;
  readonly columns: readonly ColumnDeclaration[];
  /** Of the metric's rows, said over what the columns are made of. */
  readonly checks: readonly Check[];
  readonly sink: SinkDeclaration;
  /** Where the state of a sink elsewhere is kept; null where the mapping leaves it to the engine. */
  readonly state: Template | null;
  /** The file as the user named it, and its text: what a finding needs to point into it. */
  readonly file: string;
  readonly text: string;
}

/** A text that may hold `${VAR}`; expanded by `environment.ts` when it is used, not before. */
export interface Template {
  readonly template: string;
  readonly span: Span;
}

/** Where changes come from. `name` is the key under `sources`, or `source` where there is only one. */
export interface SourceDeclaration {
  readonly name: string;
  readonly format: Format;
  /** A place of files, the URL of a database, or the file of a mapping. */
  readonly path: Template;
  /** What is asked of a database; null where its tables are read. */
  readonly query: Template | null;
  readonly mode: Mode;
  /** The mapping whose metric is read, among the sources of a mapping that was loaded; null where something else is. */
  readonly metric: Mapping | null;
  readonly span: Span;
}

export interface RelationDeclaration {
  readonly alias: string;
  readonly source: SourceDeclaration;
  /** Null where the mapping leaves it to the format (wal2json: `public`). */
  readonly schema: string | null;
  /** Table names, or patterns with `*`, that together are this relation; `*` alone where the source is one table. */
  readonly tables: readonly string[];
  /** Columns that identify a row; empty where the table has no key and rows are a bag. */
  readonly key: readonly string[];
  /** What orders the changes of one key; null where they come in order. */
  readonly version: Expression | null;
  /** Types said by the mapping, which win over the log's. */
  readonly types: ReadonlyMap<string, Type>;
  readonly where: Expression | null;
  readonly checks: readonly Check[];
  /** What is kept of its rows though nothing uses it. */
  readonly keep: 'all' | readonly ColumnPath[];
  readonly span: Span;
}

/** What each row must be. A row of which it is NULL passes. */
export interface Check {
  readonly expression: Expression;
  /** How it is told. */
  readonly text: string;
  readonly onFail: OnFail;
  readonly span: Span;
}

export type OnFail = 'warn' | 'reject' | 'stop';

export interface JoinDeclaration {
  readonly kind: 'inner' | 'left';
  /** The relation this line brings. */
  readonly relation: RelationDeclaration;
  /** `left` belongs to a relation before this line, `right` to the one it brings, whichever way they were written. */
  readonly on: readonly { readonly left: ColumnLeaf; readonly right: ColumnLeaf }[];
  readonly expect: readonly Bound[];
  readonly span: Span;
}

/** The most that the counts of a join may say. */
export interface Bound {
  readonly of: 'waiting' | 'null_key' | 'fanout';
  /** A number, or a part of the rows before the join: `10%`. */
  readonly most: string;
  readonly span: Span;
}

export interface ColumnDeclaration {
  readonly name: string;
  /** With `type:` said as a cast around it. */
  readonly expression: Expression;
  readonly span: Span;
}

/** What can be written to. */
export const SINKS = ['sqlite', 'postgres', 'clickhouse'] as const;
export type SinkKind = (typeof SINKS)[number];

/** What a place is of, as `--output` says it: all that is no URL of another kind is a path. */
export function sinkKindOf(place: string): SinkKind {
  if (/^postgres(?:ql)?:/.test(place)) return 'postgres';
  return /^(?:clickhouse|chdb):/.test(place) ? 'clickhouse' : 'sqlite';
}

export interface SinkDeclaration {
  readonly kind: SinkKind;
  /** The path of a file, or the URL of a database. */
  readonly where: Template;
  readonly table: string;
  /** Output columns that are unique; empty where the target is a bag, which only SQLite takes. */
  readonly key: readonly string[];
  /** Of ClickHouse: columns whose values tell its parts apart. */
  readonly partitionBy: readonly string[];
  readonly span: Span;
}

/** Where the state is kept: in the file of a SQLite sink, or in one of its own. */
export function statePlace(mapping: Mapping): Template {
  return mapping.sink.kind === 'sqlite' ? mapping.sink.where : stateBeside(mapping);
}

/** Where the state is kept when the target is elsewhere. */
export function stateBeside({ metric, sink, state }: Mapping): Template {
  return state ?? { template: `.etl/${metric}.db`, span: sink.span };
}

/** Points a finding into the mapping. */
export function placeIn(mapping: Pick<Mapping, 'file' | 'text'>, span: Span): MappingPlace {
  return { file: mapping.file, text: mapping.text, span };
}
