import type { Plan } from '../plan/plan.ts';
import { severalPartners } from '../sql/counts.ts';
import { sqlite } from '../sql/dialect.ts';
import type { Names } from '../sql/names.ts';
import type { Database } from './database.ts';

/** Whether no row has several partners in any join, as the relations stand: then no root has several metric rows. */
export function arePartnersSingle(db: Database, plan: Plan, names: Names): boolean {
  return plan.joins.every((join) => db.prepare(severalPartners(join, names, sqlite)).get() === undefined);
}
