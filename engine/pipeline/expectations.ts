import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import { type Bound, placeIn } from '../mapping/mapping.ts';
import type { Plan } from '../plan/plan.ts';
import type { JoinCount } from '../store/state/joins.ts';

/** A finding for each bound under `expect` that the counts of its join exceed. */
export function missedExpectations(plan: Plan, joins: readonly JoinCount[]): readonly Diagnostic[] {
  return joins.flatMap((join, n) => {
    const missed = (plan.joins[n]?.expect ?? []).filter((bound) =>
      exceeds(countOf(join, bound), join.rows, bound.most),
    );
    return missed.map(({ of, most, span }) => {
      const facts = { of, alias: join.alias, count: countOf(join, { of }), rows: join.rows, bound: most };
      return diagnose('EXPECTATION_MISSED', facts, { mapping: placeIn(plan.origin, span) });
    });
  });
}

function countOf(join: JoinCount, { of }: Pick<Bound, 'of'>): number {
  switch (of) {
    case 'waiting':
      return join.waiting;
    case 'null_key':
      return join.nullKey;
    case 'fanout':
      return join.fanout;
  }
}

/** In whole numbers: of 10,000 rows 57 are no more than 0.57%, and a double takes them for more. */
function exceeds(count: number, rows: number, most: string): boolean {
  if (!most.endsWith('%')) return count > Number(most);
  const [whole = '', decimals = ''] = most.slice(0, -1).split('.');
  return BigInt(count) * 100n * 10n ** BigInt(decimals.length) > BigInt(whole + decimals) * BigInt(rows);
}
