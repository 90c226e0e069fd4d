import type { Plan } from '../../plan/plan.ts';
import { severalPartners } from '../../sql/counts.ts';
import { sqlite } from '../../sql/dialect.ts';
import type { Names } from '../../sql/names.ts';
import type { Database } from '../database/database.ts';

/** Whether no row has several partners in any join, as the relations stand: then no root has several metric rows. */
export function arePartnersSingle(db: Database, plan: Plan, names: Names): boolean {
  const queries = plan.joins.map((join) => severalPartners(join, names, sqlite)).filter((query) => query !== null);
  return queries.every((query) => db.prepare(query).get() === undefined);
}
