import type { Type } from '../change.ts';
import { diagnose, EtlError } from '../diagnostic/diagnostic.ts';
import { type Aggregation, aggregationOf } from '../expression/group/aggregation.ts';
import type { Input } from '../expression/group/grouping.ts';
import type { GroupedPlan } from '../plan/group.ts';
import type { Plan } from '../plan/plan.ts';
import type { Dialect } from './dialect.ts';
import { type Fold, foldOf } from './fold.ts';
import { type Query, sayClauses } from './query.ts';

/** A column of the relation of groups. */
export interface GroupColumn {
  readonly name: string;
  readonly type: Type | null;
  /** Null for a key. */
  readonly fold: Fold | null;
  /** Over a row's value. */
  readonly key: (value: string) => string;
}

/**
 * The columns of the groups: the keys, then the aggregates. `rows` is the query of the rows.
 *
 * Throws an EtlError where a type that only the log knows doesn't fit an aggregate.
 */
export function groupsOf({ grouping, outer }: GroupedPlan, rows: Query, dialect: Dialect): readonly GroupColumn[] {
  return rows.columns.map(({ name, type }, n) => {
    const input = grouping.inputs[n - grouping.keys.length];
    if (!input) return { name, type, fold: null, key: (value) => dialect.group(value, type) };
    const aggregation = aggregationIn(outer, input, type);
    return { name, type: aggregation.type, fold: foldOf(aggregation, type, dialect), key: (value) => value };
  });
}

/** Throws an EtlError where the type doesn't fit. */
export function aggregationIn({ origin }: Plan, input: Input, type: Type | null): Aggregation {
  const found = aggregationOf(input, type);
  if (!('code' in found)) return found;
  throw new EtlError([
    diagnose(found.code, found.facts, { mapping: { ...origin, span: found.span }, hint: found.hint }),
  ]);
}

/** Selects the groups out of the rows. */
export function sayGroups(rows: Query, groups: readonly GroupColumn[], { quote }: Dialect): string {
  const columns = groups.map(({ name, fold, key }, n) => {
    const sql = rows.columns[n]?.sql ?? '';
    return `${fold ? fold.whole(sql) : key(sql)} AS ${quote(name)}`;
  });
  const keys = groups.flatMap(({ fold }, n) => (fold ? [] : [n + 1]));
  // Without keys there is one row, also over nothing.
  const by = keys.length > 0 ? `GROUP BY ${keys.join(', ')}` : 'HAVING count(*) >= 0';
  return `${sayClauses(columns, rows)}\n${by}`;
}
