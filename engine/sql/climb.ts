import type { Equality, Join, Plan } from '../plan/plan.ts';
import type { Dialect } from './dialect.ts';
import { meet } from './equality.ts';
import type { Names } from './names.ts';

/**
 * The way from a join's relation to the relation before it, and so up to the root.
 *
 * A metric row can only differ after a batch if one of its parts changed. Take the changed part that stands first in the
 * order of the joins: the parts before it are as they were, so the root is found from the values by which that part, as
 * it was or as it is, is reached from them. A way that leads to more roots than needed is right too: so left joins are
 * climbed as inner ones, filters are left out, and of several parents one is enough.
 */
export interface Climb {
  readonly alias: string;
  readonly parent: string;
  /** The equalities with that parent. */
  readonly on: readonly Equality[];
}

/** A climb for each join; none where its two sides never meet, for then no change there changes a metric row. */
export function climbsOf(plan: Plan, names: Names, dialect: Dialect): readonly Climb[] {
  const climbable = plan.joins.filter(({ on }) => on.every((each) => meet(each, names, dialect) !== 'never'));
  return climbable.map((join) => {
    const parent = parentOf(join);
    return { alias: join.scan.alias, parent, on: join.on.filter(({ left }) => left.alias === parent) };
  });
}

/** Of several parents the one with most equalities: it leads to the fewest roots. */
function parentOf({ on }: Join): string {
  const aliases = on.map(({ left }) => left.alias);
  const count = (alias: string) => aliases.filter((each) => each === alias).length;
  return aliases.reduce((best, alias) => (count(alias) > count(best) ? alias : best));
}

/** The values by which a row is reached from its parent, over the columns as `names` says them. */
export function reachedBy({ on }: Climb, names: Names, dialect: Dialect): readonly string[] {
  return sides(on, 'right', names, dialect);
}

/** The values by which a parent reaches its partner. */
export function reaches({ on }: Climb, names: Names, dialect: Dialect): readonly string[] {
  return sides(on, 'left', names, dialect);
}

function sides(on: readonly Equality[], side: 'left' | 'right', names: Names, dialect: Dialect): readonly string[] {
  return on.map((equality) => meet(equality, names, dialect)).map((met) => (met === 'never' ? 'NULL' : met[side]));
}

/**
 * The numbers of the roots from which the climb's relation is reached by one of `values`, which is a SELECT.
 *
 * Nested IN, not one join after another, which would list every path between two rows.
 */
export function climbQuery(
  plan: Plan,
  climbs: readonly Climb[],
  climb: Climb,
  values: string,
  names: Names,
  dialect: Dialect,
): string | null {
  const alone = { ...names, alias: () => '' };
  const rows = `FROM ${names.table(climb.parent)} WHERE (${reaches(climb, alone, dialect).join(', ')}) IN (${values})`;
  if (climb.parent === plan.root.alias) return `SELECT rid ${rows}`;
  const next = climbs.find(({ alias }) => alias === climb.parent);
  if (!next) return null;
  const reached = `SELECT ${reachedBy(next, alone, dialect).join(', ')} ${rows}`;
  return climbQuery(plan, climbs, next, reached, names, dialect);
}
