import { pathText } from '../../expression/paths.ts';
import type { Join, Plan } from '../../plan/plan.ts';
import { parentOf } from '../../sql/counts.ts';

/**
 * How the joins of a plan fare, as it is kept: of the rows before each join only those that have no partner, or several.
 * All of it are sums over the roots, so that what a batch touches can be taken out and put in.
 */
export interface Counts {
  /** Roots that their own filter keeps: the rows before the first join. */
  readonly roots: number;
  /** In the plan's order. */
  readonly joins: readonly Unpaired[];
}

/** The rows before a join that have no partner there, or several. */
export interface Unpaired {
  readonly nullKey: number;
  readonly waiting: number;
  /** Of how many rows of the parent the waiting ones are. */
  readonly parents: number;
  /** By the number of partners, how many rows have so many. */
  readonly several: readonly (readonly [partners: number, rows: number])[];
}

/** How a join fares, over the rows of what stands before it in the list. */
export interface JoinCount {
  /** The alias that the join brings. */
  readonly alias: string;
  readonly rows: number;
  readonly matched: number;
  /** Rows whose key is NULL: they join nothing, whatever comes. */
  readonly nullKey: number;
  /** Rows whose partner has not come (yet), and of how many rows of `parent` they are. */
  readonly waiting: number;
  readonly parents: number;
  readonly parent: string;
  /** The columns of the parent by which a partner is looked for. */
  readonly on: readonly string[];
  /** The most partners that one row has. */
  readonly fanout: number;
}

/** What the metric's `where` keeps of the joined rows. */
export interface FilterCount {
  readonly rows: number;
  readonly kept: number;
}

/** What is kept, as a summary says it. */
export function joinCounts(plan: Plan, counts: Counts): readonly JoinCount[] {
  const before = rowsBefore(plan, counts);
  return counts.joins.map(({ nullKey, waiting, parents, several }, n) => {
    const join = plan.joins[n] as Join;
    const rows = before[n] ?? 0;
    const matched = rows - nullKey - waiting;
    return {
      alias: join.scan.alias,
      rows,
      matched,
      nullKey,
      waiting,
      parents,
      parent: parentOf(plan, join),
      on: join.on.map((equality) => pathText(equality.left.path)),
      fanout: Math.max(Math.min(matched, 1), ...several.map(([partners]) => partners)),
    };
  });
}

/** `kept` are the metric's rows. Null where the plan has no filter. */
export function filterCount(plan: Plan, counts: Counts, kept: number): FilterCount | null {
  return plan.filter ? { rows: rowsBefore(plan, counts).at(-1) ?? 0, kept } : null;
}

/** How many rows stand before each join, and behind the last. */
function rowsBefore(plan: Plan, { roots, joins }: Counts): readonly number[] {
  const rows = [roots];
  for (const [n, { nullKey, waiting, several }] of joins.entries()) {
    const more = several.map(([partners, each]) => (partners - 1) * each);
    const lost = plan.joins[n]?.kind === 'inner' ? nullKey + waiting : 0;
    rows.push(more.reduce((sum, each) => sum + each, (rows.at(-1) ?? 0) - lost));
  }
  return rows;
}
