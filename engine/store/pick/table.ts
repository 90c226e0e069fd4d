import { EVERY_COLUMN, type Interest } from '../../change.ts';
import type { Scan } from '../../plan/plan.ts';

/** Whether a relation is made of this table of this source. */
export function readsTable(scan: Scan, source: string, schema: string | null, table: string): boolean {
  return scan.source === source && readsSchema(scan, schema) && scan.tables.some((pattern) => matches(pattern, table));
}

/** What a source that is one table is called where it has to be named: by the first relation made of it. */
export function tableName(scans: readonly Scan[], source: string): string {
  return scans.find((scan) => scan.source === source)?.alias ?? source;
}

/** A table as the plan names it: NULL stands for the schema that its database reads by itself. */
export interface TableName {
  readonly schema: string | null;
  /** A name, or a pattern with `*`. */
  readonly name: string;
}

/** The tables that the plan reads of a source. */
export function tablesOf(scans: readonly Scan[], source: string): readonly TableName[] {
  const own = scans.filter((scan) => scan.source === source);
  return own.flatMap(({ schema, tables }) => tables.map((name) => ({ schema, name })));
}

/** Which columns the plan's relations read of each table of a source. */
export function interestOf(scans: readonly Scan[], source: string): Interest {
  return (schema, table) => {
    const readers = scans.filter((scan) => readsTable(scan, source, schema, table));
    if (readers.length === 0) return null;
    if (readers.some((scan) => scan.keepsAll)) return EVERY_COLUMN;
    const paths = readers.flatMap((scan) => scan.columns.map((column) => column.path));
    return new Set(paths.flatMap((path) => (path.kind === 'fact' ? [] : [path.column])));
  };
}

/** Whether a relation is made of this column of its table. */
export function readsColumn({ columns }: Scan, name: string): boolean {
  return columns.some(({ path }) => path.kind !== 'fact' && path.column === name);
}

/** A record without a schema (the plugin was told to leave it out) can only be taken at its table's name. */
function readsSchema(scan: Scan, schema: string | null): boolean {
  return schema === null || schema === (scan.schema ?? 'public');
}

/** `*` in a pattern stands for any characters; all others stand for themselves. */
export function matches(pattern: string, table: string): boolean {
  if (!pattern.includes('*')) return pattern === table;
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(table);
}
