import { quote } from '../../sql/dialect.ts';
import { columnTypes, type TargetColumn } from '../../sql/target.ts';
import type { RemoteTarget } from '../remote.ts';

/** What a table of ours says of itself, as its comment: it goes where the table goes. */
export interface Comment {
  readonly metric: string;
  /** Of the last shipment that was begun. */
  readonly token: string;
  /** The columns as we made them, with their types. */
  readonly columns: readonly (readonly [name: string, type: string])[];
}

/** Columns beside those of the metric. A key's row with the greatest version counts, unless it says that it is deleted. */
export const [VERSION, DELETED] = ['_etl_version', '_etl_deleted'];

/** A metric's columns as they are declared. What is no key may be NULL. */
export function declared(columns: readonly TargetColumn[], key: readonly string[]): Comment['columns'] {
  const own = columns.map(({ name, type }) => {
    const word = columnTypes[type ?? 'unknown'].clickhouse;
    return [name, key.includes(name) ? word : `Nullable(${word})`] as const;
  });
  return [...own, [VERSION, 'UInt64'], [DELETED, 'UInt8']];
}

/** Whether a column stands with this type, be it part of a key or not. */
export function isDeclared(column: TargetColumn, standing: string | undefined): boolean {
  return [[], [column.name]].some((key) => declared([column], key)[0]?.[1] === standing);
}

/** Identifiers and texts take backslashes. */
export function name(text: string): string {
  return quote(text.replaceAll('\\', '\\\\'));
}

export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

export function createTable(
  table: string,
  { partitionBy }: RemoteTarget,
  key: readonly string[],
  comment: Comment,
): string {
  const lines = comment.columns.map(([column, type]) => `${name(column)} ${type}`);
  const partition = partitionBy.length > 0 ? ` PARTITION BY (${partitionBy.map(name).join(', ')})` : '';
  return `CREATE TABLE ${name(table)} (${lines.join(', ')})
    ENGINE = ReplacingMergeTree(${VERSION}, ${DELETED})${partition} ORDER BY (${key.map(name).join(', ')})
    SETTINGS allow_nullable_key = 1 COMMENT ${literal(JSON.stringify(comment))}`;
}

/** What readers use: of each key the row that counts, in whichever partition it stands. */
export function createView(
  { table: view, metric }: RemoteTarget,
  table: string,
  columns: readonly TargetColumn[],
): string {
  const list = columns.map((column) => name(column.name)).join(', ');
  return `CREATE OR REPLACE VIEW ${name(view)} AS SELECT ${list} FROM ${name(table)} FINAL WHERE ${DELETED} = 0
    SETTINGS do_not_merge_across_partitions_select_final = 0 COMMENT ${literal(JSON.stringify({ metric, versions: table }))}`;
}

/** Null for a comment that is not ours. That of a view tells the metric, and which table of versions stands behind it. */
export function readComment(
  text: string,
): (Pick<Comment, 'metric'> & Partial<Comment> & { readonly versions?: string }) | null {
  try {
    const comment = JSON.parse(text);
    return typeof comment?.metric === 'string' ? comment : null;
  } catch {
    return null;
  }
}
