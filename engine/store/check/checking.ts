/**
 * Holds the rows that a batch brings to the checks of their tables.
 *
 * Triggers note each row that is written, whatever of it changes; when all is staged, the noted rows are looked at as
 * they are then. So a row is judged whole, with the values that its last update left out. A check that can't be computed
 * of a row fails for that reason. What rejects a row is the plan's own filter (`plan/filter.ts`): here it is only told.
 */
import type { Row } from '../../change.ts';
import { diagnose, EtlError, type Where } from '../../diagnostic/diagnostic.ts';
import { shown } from '../../expression/operation/operation.ts';
import { pathText } from '../../expression/paths.ts';
import { type Check, placeIn } from '../../mapping/mapping.ts';
import type { Plan } from '../../plan/plan.ts';
import { sqlite } from '../../sql/dialect.ts';
import { sayFailing, typedCondition } from '../../sql/expression.ts';
import { sayTable } from '../../sql/query.ts';
import type { Database } from '../database/database.ts';
import { ensureTemporary } from '../database/temporary.ts';
import { namesInState } from '../state/names.ts';
import { columnsOf, type Relation } from '../state/stock.ts';

/** Where a record stands. */
export interface RecordPlace {
  readonly file: string;
  readonly record: number;
}

/** A row that fails a check, as it stands and where the record is that wrote it. */
export interface FailedRow {
  /** Null of a row of the metric, which no single record tells. */
  readonly place: RecordPlace | null;
  /** Its alias and key, or the metric and its columns. */
  readonly text: string;
  /** Why the check can't be computed of it; null where the check is false. */
  readonly reason: string | null;
  /** What is kept of it, by column. */
  readonly values: Readonly<Record<string, Row[number]>>;
}

/** The rows that a batch brings and that fail one check; `alias` is that of their table, or the metric. */
export interface Failed {
  readonly alias: string;
  readonly check: Check;
  readonly rows: readonly FailedRow[];
}

/** Begins to note what a batch writes, within the batch's transaction. */
export function openChecking(db: Database, relations: readonly Relation[]): void {
  for (const { table, scan } of relations) {
    if (scan.checks.length === 0) continue;
    const into = noteOf(table);
    ensureTemporary(db, 'TABLE', into, '(rid INTEGER PRIMARY KEY)');
    db.exec(`DELETE FROM temp.${into}`);
    // Where a type is learned all rows are rewritten, but not by a record.
    for (const event of ['INSERT', 'UPDATE OF file, record']) {
      const body = `AFTER ${event} ON main.${table} BEGIN INSERT OR IGNORE INTO ${into} VALUES (NEW.rid); END`;
      ensureTemporary(db, 'TRIGGER', `${into}_${event.slice(0, 6)}`, body);
    }
  }
}

/** All rows are looked at, as if a batch had written them. Throws an EtlError where one of these is to stop the run. */
export function checkAll(db: Database, plan: Plan, relations: readonly Relation[]): readonly Failed[] {
  openChecking(db, relations);
  for (const { table, scan } of relations)
    if (scan.checks.length > 0) db.exec(`INSERT INTO temp.${noteOf(table)} SELECT rid FROM ${table}`);
  return checkWritten(db, plan, relations);
}

/** The rows written since, as they stand now, that fail a check. Throws an EtlError where one of these is to stop the run. */
export function checkWritten(db: Database, plan: Plan, relations: readonly Relation[]): readonly Failed[] {
  const checked = relations.filter(({ scan }) => scan.checks.length > 0);
  if (checked.length === 0) return [];
  const all = checked.flatMap((relation) =>
    relation.scan.checks.map((check) => ({
      alias: relation.scan.alias,
      check,
      rows: failingRows(db, plan, relations, relation, check),
    })),
  );
  const failed = all.filter(({ rows }) => rows.length > 0);
  const stop = failed.find(({ check }) => check.onFail === 'stop');
  if (stop) throw stopped(plan, stop);
  return failed;
}

function failingRows(
  db: Database,
  plan: Plan,
  relations: readonly Relation[],
  relation: Relation,
  check: Check,
): readonly FailedRow[] {
  const names = namesInState(plan, relations);
  const name = names.alias(relation.scan.alias);
  const columns = columnsOf(relation)
    .map((column) => `, ${name}.${column}`)
    .join('');
  const failing = sayFailing(typedCondition(plan, check.expression, names), names, sqlite);
  const sql = `SELECT * FROM (
      SELECT ${failing} AS why, (SELECT path FROM _etl_file WHERE id = ${name}.file), ${name}.record${columns}
      FROM ${sayTable(relation.scan.alias, names)}
      WHERE ${name}.rid IN (SELECT rid FROM temp.${noteOf(relation.table)}))
    WHERE why IS NOT NULL`;
  const rows = db.prepare(sql).raw().iterate() as Iterable<[string, string, bigint, ...Row]>;
  return Array.from(rows, ([why, file, record, ...row]) => {
    const place = { file, record: Number(record) };
    return { place, reason: why === '' ? null : why, ...describe(relation, row) };
  });
}

function describe({ scan }: Relation, row: Row): Pick<FailedRow, 'text' | 'values'> {
  const named = scan.columns.map(({ path }, n) => [pathText(path), row[n] ?? null] as const);
  const found = scan.key.length > 0 ? named.slice(0, scan.key.length) : named;
  const text = [scan.alias, ...found.map(([name, value]) => `${name}=${shown(value)}`)].join(' ');
  return { text, values: Object.fromEntries(named) };
}

function stopped(plan: Plan, { alias, check, rows }: Failed): EtlError {
  const [first] = rows;
  const facts = { alias, rows: rows.length, check: check.text };
  const where: Where = {
    mapping: placeIn(plan.origin, check.span),
    data: first?.place ?? undefined,
    notes: first ? [`in row: ${withReason(first.text, first)}`] : [],
  };
  return new EtlError([diagnose('CHECK_FAILED', facts, where)]);
}

/** What is told of a failed row, with the reason why the check can't be computed, if that is so. */
export function withReason(text: string, { reason }: Pick<FailedRow, 'reason'>): string {
  return reason === null ? text : `${text}: ${reason}`;
}

function noteOf(table: string): string {
  return `_etl_written_${table.slice('_etl_relation_'.length)}`;
}
