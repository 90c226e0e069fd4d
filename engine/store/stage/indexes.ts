import type { Plan } from '../../plan/plan.ts';
import { quote, sqlite } from '../../sql/dialect.ts';
import { sayKey } from '../../sql/equality.ts';
import { say } from '../../sql/expression.ts';
import type { Names } from '../../sql/names.ts';
import { type Database, isConstraint } from '../database/database.ts';
import { versionForm } from '../pick/versions.ts';
import { namesInState } from '../state/names.ts';
import { columnsOf, type Relation } from '../state/stock.ts';

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

/** Makes the index by which a row of a relation without a key is found. */
export function indexRow(db: Database, relation: Relation): void {
  const { table, scan } = relation;
  if (scan.key.length === 0) ensureIndex(db, 'INDEX', `${table}_row`, table, columnsOf(relation));
}

/** The index is there now, over these forms. */
export function ensureIndex(db: Database, kind: string, name: string, table: string, forms: readonly string[]): void {
  const sql = `CREATE ${kind} ${quote(name)} ON ${table} (${forms.join(', ')})`;
  const existing = db.prepare('SELECT sql FROM sqlite_master WHERE name = ?').pluck().get(name);
  if (existing === sql) return;
  db.exec(`DROP INDEX IF EXISTS ${quote(name)}`);
  db.exec(sql);
}

/** Within an index a column stands alone. */
export function unqualified(names: Names): Names {
  return { ...names, alias: () => '' };
}
