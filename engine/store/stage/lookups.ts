/** How rows are looked for, other than by their key, and the indexes for that. */
import type { Plan } from '../../plan/plan.ts';
import { climbsOf, reaches } from '../../sql/climb.ts';
import { quote, sqlite } from '../../sql/dialect.ts';
import { meet } from '../../sql/equality.ts';
import type { Database } from '../database/database.ts';
import { namesInState } from '../state/names.ts';
import type { Relation } from '../state/stock.ts';
import { ensureIndex, keyForms, unqualified } from './indexes.ts';

/** A plan, and its relations as they are known by now. */
export interface Asker {
  readonly plan: Plan;
  readonly relations: readonly Relation[];
}

/** How rows of a table are looked for, other than by their key: an index named for that, as several metrics may ask for it. */
interface Lookup {
  readonly table: string;
  readonly forms: readonly string[];
  readonly index: string;
}

/** Makes an index for each join, over the columns by which its relation is found. The key's own index serves as well. */
export function indexJoins(db: Database, plan: Plan, relations: readonly Relation[]): void {
  for (const lookup of joinLookups({ plan, relations })) indexLookup(db, lookup);
}

/** Makes an index for each way up to the root. Only increments need them. */
export function indexClimbs(db: Database, plan: Plan, relations: readonly Relation[]): void {
  for (const lookup of climbLookups({ plan, relations })) indexLookup(db, lookup);
}

/** Forgets the indexes of these askers' tables that none of them asks for any more: a learned type has changed what they look for. */
export function forgetLookups(db: Database, askers: readonly Asker[]): void {
  const asked = new Set(
    askers.flatMap((asker) => [...joinLookups(asker), ...climbLookups(asker)]).map(({ index }) => index),
  );
  const made = db
    .prepare("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND name GLOB ?")
    .pluck();
  for (const table of new Set(askers.flatMap(({ relations }) => relations.map((relation) => relation.table)))) {
    const names = made.all(table, lookupName(table, ['*'])) as string[];
    for (const name of names.filter((each) => !asked.has(each))) db.exec(`DROP INDEX ${quote(name)}`);
  }
}

function joinLookups({ plan, relations }: Asker): readonly Lookup[] {
  const names = unqualified(namesInState(plan, relations));
  return plan.joins.flatMap((join, n) => {
    const relation = relations[n + 1] as Relation;
    const meetings = join.on.map((equality) => meet(equality, names, sqlite));
    const forms = meetings.flatMap((meeting) => (meeting === 'never' ? [] : [meeting.right]));
    const lookup = lookupBy(relation, forms);
    return forms.length === 0 || lookup.forms.join() === keyForms(plan, relation).join() ? [] : [lookup];
  });
}

function climbLookups({ plan, relations }: Asker): readonly Lookup[] {
  const names = unqualified(namesInState(plan, relations));
  return climbsOf(plan, names, sqlite).map((climb) => {
    const relation = relations.find(({ scan }) => scan.alias === climb.parent) as Relation;
    return lookupBy(relation, reaches(climb, names, sqlite));
  });
}

function lookupBy({ table }: Relation, all: readonly string[]): Lookup {
  const forms = [...new Set(all)];
  return { table, forms, index: lookupName(table, forms) };
}

function lookupName(table: string, forms: readonly string[]): string {
  return `${table} by ${forms.join(', ')}`;
}

function indexLookup(db: Database, { table, forms, index }: Lookup): void {
  ensureIndex(db, 'INDEX', index, table, forms);
}
