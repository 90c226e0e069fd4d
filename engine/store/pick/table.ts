import { type Interest, isRead, type TableInterest } from '../../interest.ts';
import type { Scan } from '../../plan/plan.ts';

/** Whether a relation is made of this table of this source. */
export function readsTable(scan: Scan, source: string, schema: string | null, table: string): boolean {
  return scan.source === source && isRead(tablesIn(scan), schema, table);
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
  const own = scans.filter((scan) => scan.source === source);
  return own.map((scan) => ({ ...tablesIn(scan), columns: columnsIn(scan) }));
}

/** Null where all that there are are kept. */
function columnsIn({ keepsAll, columns }: Scan): ReadonlySet<string> | null {
  const names = columns.flatMap(({ path }) => (path.kind === 'fact' ? [] : [path.column]));
  return keepsAll ? null : new Set(names);
}

/** Whether a relation is made of this column of its table. */
export function readsColumn({ columns }: Scan, name: string): boolean {
  return columns.some(({ path }) => path.kind !== 'fact' && path.column === name);
}

/** A table without a schema is one of the schema that PostgreSQL looks in by itself. */
function tablesIn({ schema, tables }: Scan): Omit<TableInterest, 'columns'> {
  return { schema: schema ?? 'public', tables };
}
