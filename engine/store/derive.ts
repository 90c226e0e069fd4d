import type { Row, Value } from '../change.ts';
import { diagnose, EtlError, type Span } from '../diagnostic/diagnostic.ts';
import { OperationError } from '../expression/operation.ts';
import type { Plan } from '../plan/plan.ts';
import { sqlite } from '../sql/dialect.ts';
import { metricQuery, type Query, sayQuery } from '../sql/query.ts';
import type { Database } from './database.ts';
import { namesInState } from './names.ts';
import type { Relation } from './state.ts';

/** The plan's SELECT over the relations as they are kept. */
export interface Derivation {
  readonly db: Database;
  readonly plan: Plan;
  readonly root: Relation;
  /** The root's row number, within the query. */
  readonly rid: string;
  readonly query: Query;
}

/** A metric row and the root row it belongs to. */
export interface Derived {
  readonly rid: bigint;
  readonly row: Row;
}

/** Throws an EtlError where the columns' types, as they are known by now, don't fit the plan. */
export function derivation(db: Database, plan: Plan, relations: readonly Relation[]): Derivation {
  const names = namesInState(plan, relations);
  const root = relations[0] as Relation;
  return { db, plan, root, rid: `${names.alias(root.scan.alias)}.rid`, query: metricQuery(plan, names, sqlite) };
}

/**
 * The metric rows of the roots `low` to `high`, by root.
 *
 * Throws an EtlError that names the row where an expression can't be computed.
 */
export function derive(derivation: Derivation, low: bigint, high: bigint): readonly Derived[] {
  const { db, query, rid } = derivation;
  const sql = `${sayQuery(query, [rid], [`${rid} BETWEEN ? AND ?`])}\nORDER BY ${rid}`;
  return naming(derivation, () => {
    const rows = db.prepare(sql).raw().all(low, high) as [bigint, ...Value[]][];
    return rows.map(([rid, ...row]) => ({ rid, row }));
  });
}

/** The first and last root, or null when there is none. */
export function rootsOf({ db, root }: Derivation): { low: bigint; high: bigint } | null {
  const row = db.prepare(`SELECT min(rid) AS low, max(rid) AS high FROM ${root.table}`).get() as {
    low: bigint | null;
    high: bigint | null;
  };
  return row.low === null || row.high === null ? null : { low: row.low, high: row.high };
}

/** Does what runs the plan's SELECT; where a value stops it, finds the row and the expression that it stopped at. */
export function naming<T>(derivation: Derivation, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof OperationError) throw culprit(derivation, error);
    throw error;
  }
}

function culprit(derivation: Derivation, error: OperationError): EtlError {
  const { plan, db, root } = derivation;
  const spans = [...plan.project.map((output) => output.span), ...(plan.filter ? [plan.filter.span] : [])];
  const roots = db.prepare(`SELECT rid FROM ${root.table} ORDER BY rid`).pluck().all() as bigint[];
  const rid = roots.find((each) => stops(derivation, derivation.query, each));
  const column =
    rid === undefined
      ? -1
      : derivation.query.columns.findIndex((each) => stops(derivation, { ...derivation.query, columns: [each] }, rid));
  const span: Span = spans[column] ?? plan.filter?.span ?? plan.root.span;
  const notes = rid === undefined ? [] : [`in row: ${describeRow(derivation, rid)}`];
  return new EtlError([diagnose(error.code, error.facts, { mapping: { ...plan.origin, span }, notes })]);
}

function stops({ db, rid }: Derivation, query: Query, root: bigint): boolean {
  try {
    db.prepare(sayQuery(query, [], [`${rid} = ?`]))
      .raw()
      .all(root);
    return false;
  } catch (error) {
    if (error instanceof OperationError) return true;
    throw error;
  }
}

/** The root row by its key, and where it was read. */
function describeRow({ db, root }: Derivation, rid: bigint): string {
  const row = db.prepare(`SELECT * FROM ${root.table} WHERE rid = ?`).get(rid) as Record<string, Value>;
  const path = db.prepare('SELECT path FROM _etl_file WHERE id = ?').pluck().get(row.file);
  const key = root.scan.key.map((column, n) => `${column}=${String(row[`c${n}`])}`);
  return [root.scan.alias, ...key, `(${String(path)}, record ${String(row.record)})`].join(' ');
}
