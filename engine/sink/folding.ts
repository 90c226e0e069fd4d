/**
 * Finds what stopped the groups or windows of a metric: which aggregate can't be computed, and of what.
 *
 * SQLite tells neither. So the aggregates are computed one by one, group by group (or partition by partition), until one
 * stops. This costs them once more, when the run has failed anyway.
 */
import type { Row, Value } from '../change.ts';
import { diagnose, EtlError, type Span } from '../diagnostic/diagnostic.ts';
import { OperationError, shown } from '../expression/operation/operation.ts';
import { placeIn } from '../mapping/mapping.ts';
import type { GroupedPlan } from '../plan/group.ts';
import type { Plan } from '../plan/plan.ts';
import type { WindowedPlan } from '../plan/window.ts';
import { quote } from '../sql/dialect.ts';
import type { GroupColumn } from '../sql/group.ts';
import type { SaidWindow } from '../sql/window.ts';
import type { Database } from '../store/database/database.ts';

/** An aggregate over the rows of a table. */
export interface Folding {
  readonly span: Span;
  /** What tells groups or partitions apart. */
  readonly keys: readonly FoldingKey[];
  /** Its value, as a column of a SELECT of the rows of one group or partition. */
  readonly value: string;
}

interface FoldingKey {
  readonly span: Span;
  readonly sql: string;
}

/** The aggregates of groups, over the rows that are kept for them. */
export function groupFoldings({ grouping }: GroupedPlan, columns: readonly GroupColumn[]): readonly Folding[] {
  const keys = grouping.keys.map((key, n) => {
    const { name = '', key: said } = columns[n] ?? {};
    return { span: key.span, sql: said?.(quote(name)) ?? 'NULL' };
  });
  return columns.flatMap(({ name, fold }, n) => {
    const input = grouping.inputs[n - keys.length];
    return fold && input ? [{ span: input.span, keys, value: fold.whole(quote(name)) }] : [];
  });
}

/** The windows, over the rows that are kept for them. */
export function windowFoldings({ windowing }: WindowedPlan, said: readonly SaidWindow[]): readonly Folding[] {
  return windowing.windows.map(({ input, partition }, n) => ({
    span: input.span,
    keys: partition.map((key, place) => ({ span: key.span, sql: said[n]?.partition[place] ?? 'NULL' })),
    value: said[n]?.sql ?? 'NULL',
  }));
}

/** Does what brings aggregates up to date. Throws an EtlError where one can't be computed of the rows in the table. */
export function namingFolding<T>(
  { db, plan }: { readonly db: Database; readonly plan: Plan },
  {
    table,
    foldings,
    called,
  }: { readonly table: string; readonly foldings: readonly Folding[]; readonly called: string },
  work: () => T,
): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    const { stop, span, group } = found(db, table, foldings) ?? { stop: error, span: plan.root.span, group: [] };
    const said = group.map(([key, value]) => `${written(plan, key.span)}=${shown(value)}`);
    const notes = said.length > 0 ? [`in row: ${[called, ...said].join(' ')}`] : [];
    throw new EtlError([diagnose(stop.code, stop.facts, { mapping: placeIn(plan.origin, span), notes })]);
  }
}

/** As the mapping has it. */
function written({ origin }: Plan, { start, end }: Span): string {
  return origin.text.slice(start, end).replaceAll(/\s+/g, ' ');
}

interface Found {
  readonly stop: OperationError;
  readonly span: Span;
  /** What tells the group apart; nothing where that is what can't be computed. */
  readonly group: readonly (readonly [FoldingKey, Value])[];
}

function found(db: Database, table: string, foldings: readonly Folding[]): Found | null {
  for (const { span, keys, value } of foldings) {
    for (const key of keys) {
      const stop = stopOf(db, `SELECT ${key.sql} FROM ${table}`);
      if (stop) return { stop, span: key.span, group: [] };
    }
    const group = foundIn(db, table, keys, value);
    if (group) return { ...group, span };
  }
  return null;
}

/** The first group in which the value can't be computed. */
function foundIn(db: Database, table: string, keys: readonly FoldingKey[], value: string): Omit<Found, 'span'> | null {
  const columns = keys.map(({ sql }) => sql).join(', ');
  // The transaction is undone, and the index with it.
  if (keys.length > 0) db.exec(`CREATE INDEX IF NOT EXISTS ${table}_stop ON ${table} (${columns})`);
  const groups = db
    .prepare(`SELECT DISTINCT ${columns || '1'} FROM ${table}`)
    .raw()
    .all() as Row[];
  const same = keys.map(({ sql }) => `${sql} IS ?`).join(' AND ') || 'TRUE';
  for (const group of groups) {
    const told = keys.map((key, n) => [key, group[n] ?? null] as const);
    const values = told.map(([, each]) => each);
    const stop = stopOf(db, `SELECT ${value} FROM ${table} WHERE ${same}`, values);
    if (stop) return { stop, group: told };
  }
  return null;
}

function stopOf(db: Database, sql: string, values: Row = []): OperationError | null {
  try {
    for (const _ of db.prepare(sql).raw().iterate(values));
    return null;
  } catch (error) {
    if (error instanceof OperationError) return error;
    throw error;
  }
}
