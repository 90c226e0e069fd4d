/**
 * Holds the rows of a metric to its checks, within the transaction that writes them.
 *
 * Rows that fail are kept as a target of their own, by their roots as any: with what their columns hold, and for each check
 * how they fail it. So a row is told when it comes to fail, or fails with other values, and not again whenever it is
 * derived. What can't be computed of such a row is NULL there. That a row is rejected is said by the plan's own SELECT
 * (`sql/query.ts`); here it is only told.
 */
import type { Row, Value } from '../change.ts';
import { fail } from '../diagnostic/diagnostic.ts';
import { placeIn } from '../mapping/mapping.ts';
import type { Plan } from '../plan/plan.ts';
import { quote, sqlite } from '../sql/dialect.ts';
import { sayAttempt, sayFailing, typed, typedCondition } from '../sql/expression.ts';
import type { Query } from '../sql/query.ts';
import { type Failed, withReason } from '../store/check/checking.ts';
import type { Database } from '../store/database/database.ts';
import { type Derivation, derivation } from '../store/derive/derivation.ts';
import type { Roots } from '../store/derive/derive.ts';
import { failedTable, type State } from '../store/state/state.ts';
import { describe } from './describe.ts';
import { fill } from './rebuild.ts';
import type { Target } from './target.ts';
import { compare } from './update.ts';

/**
 * The rows that came to fail, check by check. `plan` is the metric's, `last` derives its rows.
 *
 * Throws an EtlError where one of them is to stop the run.
 */
export function checkRows(plan: Plan, last: Derivation, state: State, roots: Roots): readonly Failed[] {
  if (plan.checks.length === 0) return [];
  const { db } = last;
  const failing = failingDerivation(last);
  const kept = targetOf(failing, state);
  const come = state.loaded ? takeOn(failing, kept, roots) : load(db, failing, kept);
  const width = plan.project.length;
  const failed = plan.checks.map((check, n) => ({
    alias: plan.metric,
    check,
    rows: come.flatMap((row) => {
      const why = row[width + n] ?? null;
      return why === null ? [] : [failedRow(plan, row.slice(0, width), String(why))];
    }),
  }));
  const stop = failed.find(({ check, rows }) => check.onFail === 'stop' && rows.length > 0);
  if (stop) failCheck(plan, stop);
  return failed.filter(({ rows }) => rows.length > 0);
}

/** How many rows a check keeps out of the metric, as it stands. */
export function countKeptOut(db: Database, plan: Plan, { id, loaded }: State): number {
  const rejects = plan.checks.flatMap(({ onFail }, n) => (onFail === 'reject' ? [`${whyName(n)} IS NOT NULL`] : []));
  if (rejects.length === 0 || !loaded) return 0;
  return Number(
    db
      .prepare(`SELECT count(*) FROM ${failedTable(id)} WHERE ${rejects.join(' OR ')}`)
      .pluck()
      .get(),
  );
}

/** The rows that fail a check, with how they fail each; those that are rejected among them. */
function failingDerivation(last: Derivation): Derivation {
  const { plan, names } = last;
  const all = derivation(last.db, { ...plan, checks: [] }, last.relations);
  const columns = plan.project.map(({ expression }, n) => {
    const { name, label, type } = all.query.columns[n] as Query['columns'][number];
    const attempt = sayAttempt(typed(plan, expression, names), names, sqlite);
    return { name, label, type, sql: sqlite.output(attempt, type) };
  });
  const whys = plan.checks.map(({ expression }, n) => {
    const sql = sayFailing(typedCondition(plan, expression, names), names, sqlite);
    return { name: whyName(n), label: whyName(n), sql, type: 'text' as const };
  });
  const fails = whys.map(({ sql }) => `${sql} IS NOT NULL`).join(' OR ');
  const query = { ...all.query, columns: [...columns, ...whys], where: [...all.query.where, `(${fails})`] };
  return { ...all, query };
}

function whyName(check: number): string {
  return `why_${check}`;
}

/** Its columns go by number, as a metric may name them as it likes. */
function targetOf({ query, plan }: Derivation, { id }: State): Target {
  const columns = query.columns.map(({ name, type }, n) => ({ name: n < plan.project.length ? `c${n}` : name, type }));
  return { table: failedTable(id), columns, key: [], compared: [], rowid: 'rid' };
}

function load(db: Database, failing: Derivation, { table, columns, ...kept }: Target): readonly Row[] {
  const names = columns.map(({ name }) => quote(name)).join(', ');
  db.exec(`DROP TABLE IF EXISTS ${table}`);
  db.exec(`CREATE TABLE ${table} (rid INTEGER PRIMARY KEY, ${names})`);
  fill(failing, { table, columns, ...kept });
  return db.prepare(`SELECT ${names} FROM ${table}`).raw().all() as Row[];
}

function takeOn(failing: Derivation, kept: Target, roots: Roots): readonly Row[] {
  const writes = compare(failing, kept, roots);
  const columns = kept.columns.map((_, n) => `c${n}`).join(', ');
  const come = failing.db.prepare(`SELECT ${columns} FROM temp._etl_come`).raw().all() as Row[];
  writes.apply();
  return come;
}

function failedRow({ metric, project, sinkKey }: Plan, row: Row, why: string): Failed['rows'][number] {
  const named = project.map(({ name }, n): readonly [string, Value] => [name, row[n] ?? null]);
  const shown = sinkKey.length > 0 ? named.filter(([name]) => sinkKey.includes(name)) : named;
  const columns = shown.map(([name]) => name);
  const text = `${metric} ${describe(
    columns,
    shown.map(([, value]) => value),
  )}`;
  return { place: null, text, reason: why === '' ? null : why, values: Object.fromEntries(named) };
}

function failCheck(plan: Plan, { alias, check, rows }: Failed): never {
  const [first] = rows;
  const facts = { alias, rows: rows.length, check: check.text };
  const notes = first ? [`in row: ${withReason(first.text, first)}`] : [];
  return fail('CHECK_FAILED', facts, { mapping: placeIn(plan.origin, check.span), notes });
}
