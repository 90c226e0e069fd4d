import type { Plan } from '../../plan/plan.ts';
import { climbsOf, reaches } from '../../sql/climb.ts';
import { sqlite } from '../../sql/dialect.ts';
import { meet, sayKey } from '../../sql/equality.ts';
import { say } from '../../sql/expression.ts';
import type { Names } from '../../sql/names.ts';
import { type Database, isConstraint } from '../database/database.ts';
import { versionForm } from '../pick/versions.ts';
import { namesInState } from '../state/names.ts';
import type { Relation } from '../state/state.ts';

/**
 * The key of a relation as SQL, part by part: what an index is built over and what ON CONFLICT names; or, over `?`, what
 * it is compared with.
 */
export function keyForms(plan: Plan, relation: Relation, value?: '?'): readonly string[] {
  const names = { ...unqualified(namesInState(plan, [relation])), ...(value && { column: () => value }) };
  return sayKey(relation.scan, names, sqlite);
}

/** Whether the index is there that holds a relation's key unique. */
export function isKeyed(db: Database, { table }: Relation): boolean {
  return db.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').get(`${table}_key`) !== undefined;
}

/**
 * Makes the index that holds a relation's key unique. Of rows with one key the one of the latest version stays, and of these
 * the one that came last: they were appended without it, or their keys were two and became one when a type was learned.
 */
export function indexKey(db: Database, plan: Plan, relation: Relation): void {
  const { table } = relation;
  const forms = keyForms(plan, relation);
  if (forms.length === 0) return;
  const index = () => ensureIndex(db, 'UNIQUE INDEX', `${table}_key`, table, forms);
  try {
    index();
  } catch (error) {
    if (!isConstraint(error)) throw error;
    db.exec(`DELETE FROM ${table} WHERE rid NOT IN (${latestOf(plan, relation, forms)})`);
    index();
  }
}

/** The number of the row of each key that stays. */
function latestOf(plan: Plan, relation: Relation, key: readonly string[]): string {
  const { table, scan } = relation;
  const keys = key.join(', ');
  if (scan.version === null) return `SELECT max(rid) FROM ${table} GROUP BY ${keys}`;
  const names = unqualified(namesInState(plan, [relation]));
  const version = say(versionForm(plan, relation, scan.version), names, sqlite);
  return `SELECT rid FROM (
    SELECT rid, row_number() OVER (PARTITION BY ${keys} ORDER BY ${version} DESC NULLS LAST, rid DESC) AS n FROM ${table}
  ) WHERE n = 1`;
}

/** Makes an index for each join, over the columns by which its relation is found. The key's own index serves as well. */
export function indexJoins(db: Database, plan: Plan, relations: readonly Relation[]): void {
  const names = unqualified(namesInState(plan, relations));
  for (const [n, join] of plan.joins.entries()) {
    const relation = relations[n + 1] as Relation;
    const meetings = join.on.map((equality) => meet(equality, names, sqlite));
    const forms = [...new Set(meetings.flatMap((meeting) => (meeting === 'never' ? [] : [meeting.right])))];
    if (forms.length === 0 || forms.join() === keyForms(plan, relation).join()) continue;
    ensureIndex(db, 'INDEX', `${relation.table}_join`, relation.table, forms);
  }
}

/** Makes an index for each way up to the root. Only increments need them. */
export function indexClimbs(db: Database, plan: Plan, relations: readonly Relation[]): void {
  const names = unqualified(namesInState(plan, relations));
  for (const [n, climb] of climbsOf(plan, names, sqlite).entries()) {
    const { table } = relations.find(({ scan }) => scan.alias === climb.parent) as Relation;
    ensureIndex(db, 'INDEX', `${table}_climb_${n}`, table, [...new Set(reaches(climb, names, sqlite))]);
  }
}

/** Makes the index by which a row of a relation without a key is found. */
export function indexRow(db: Database, { table, scan }: Relation): void {
  if (scan.key.length > 0) return;
  ensureIndex(
    db,
    'INDEX',
    `${table}_row`,
    table,
    scan.columns.map((_, n) => `c${n}`),
  );
}

function ensureIndex(db: Database, kind: string, name: string, table: string, forms: readonly string[]): void {
  const sql = `CREATE ${kind} ${name} ON ${table} (${forms.join(', ')})`;
  const existing = db.prepare('SELECT sql FROM sqlite_master WHERE name = ?').pluck().get(name);
  if (existing === sql) return;
  db.exec(`DROP INDEX IF EXISTS ${name}`);
  db.exec(sql);
}

/** Within an index a column stands alone. */
function unqualified(names: Names): Names {
  return { ...names, alias: () => '' };
}
