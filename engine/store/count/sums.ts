import type { Plan } from '../../plan/plan.ts';
import type { UnpairedRows } from '../../sql/counts.ts';
import type { Database } from '../database/database.ts';
import type { Counts } from '../state/joins.ts';
import type { State } from '../state/state.ts';

/** Counts of a state that are brought on, within the transaction that does. */
export interface Sums {
  readonly addRoots: (roots: number) => void;
  /** Puts rows before the n-th join in, or takes them out. */
  readonly addRows: (n: number, sign: 1 | -1, rows: UnpairedRows) => void;
  readonly counts: () => Counts;
}

/**
 * Goes on from what is kept, or begins anew.
 *
 * Of how many rows of a parent the waiting ones are is no sum over roots, for one row of a parent is asked by many: so
 * `_etl_waiting` holds how many rows wait with each.
 */
export function openSums(db: Database, plan: Plan, { id }: State, kept: Counts | null): Sums {
  const joins = plan.joins.map((_, n) => {
    const join = kept?.joins[n] ?? { nullKey: 0, waiting: 0, parents: 0, several: [] };
    return { ...join, several: new Map(join.several) };
  });
  let roots = kept?.roots ?? 0;
  if (!kept) db.prepare('DELETE FROM _etl_waiting WHERE metric = ?').run(id);
  const wait = waiting(db, id);
  return {
    addRoots: (more) => {
      roots += more;
    },
    addRows: (n, sign, { partners, nokey, parent, rows, parents }) => {
      const [join, more] = [joins[n], sign * Number(rows)];
      if (!join) return;
      if (partners > 0n) join.several.set(Number(partners), (join.several.get(Number(partners)) ?? 0) + more);
      else if (nokey) join.nullKey += more;
      else {
        join.waiting += more;
        join.parents += parent === null ? sign * Number(parents) : wait(n, parent, more);
      }
    },
    counts: () => {
      const several = (rows: ReadonlyMap<number, number>) => [...rows].filter(([, count]) => count !== 0);
      return { roots, joins: joins.map((join) => ({ ...join, several: several(join.several) })) };
    },
  };
}

/** Adds to the rows that wait with a row of the parent; says by how many more rows of the parent now wait. */
function waiting(db: Database, metric: bigint): (n: number, parent: bigint, rows: number) => number {
  const add = db
    .prepare(
      `INSERT INTO _etl_waiting VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET rows = rows + excluded.rows RETURNING rows`,
    )
    .pluck();
  const remove = db.prepare('DELETE FROM _etl_waiting WHERE metric = ? AND number = ? AND parent = ?');
  return (n, parent, rows) => {
    const now = Number(add.get(metric, n, parent, rows));
    if (now === 0) remove.run(metric, n, parent);
    return Number(now > 0) - Number(now > rows);
  };
}
