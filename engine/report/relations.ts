import { rejections } from '../plan/filter.ts';
import type { Filter } from '../plan/plan.ts';
import { sqlite } from '../sql/dialect.ts';
import { sayFilter, sayTable } from '../sql/query.ts';
import type { Derivation } from '../store/derive/derivation.ts';

/** The rows that the state keeps of a table, and what becomes of them before they are joined. */
export interface RelationFigures {
  readonly alias: string;
  readonly rows: number;
  /** Rows that fail a check now, and so are not read. */
  readonly rejected: number;
}

export function relationFigures(derived: Derivation): readonly RelationFigures[] {
  return derived.relations.map(({ scan: { alias, checks } }) => {
    const rows = countRows(derived, alias, []);
    const held = rejections(checks);
    return { alias, rows, rejected: held.length === 0 ? 0 : rows - countRows(derived, alias, held) };
  });
}

/** Checks can be counted by: one that can't be computed of a row fails, and stops nothing. */
function countRows({ db, plan, names }: Derivation, alias: string, passing: readonly Filter[]): number {
  const where = passing.map((filter) => sayFilter(plan, filter, names, sqlite));
  const from = `SELECT count(*) FROM ${sayTable(alias, names)}`;
  const count = db.prepare(where.length === 0 ? from : `${from} WHERE ${where.join(' AND ')}`).pluck();
  return Number(count.get());
}
