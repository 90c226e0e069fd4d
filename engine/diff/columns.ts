import { showValue, type Type, type Value } from '../change.ts';
import { quote } from '../sql/dialect.ts';
import { sayQuery } from '../sql/query.ts';
import { naming } from '../store/derive/culprit.ts';
import type { Derivation } from '../store/derive/derivation.ts';

/** A column that one of them has alone: in how many rows it has a value, and some of the values. */
export interface Filled {
  readonly column: string;
  readonly filled: number;
  readonly samples: readonly string[];
}

/** A column of both whose values have another type, as far as that is known. */
export interface Retyped {
  readonly column: string;
  readonly before: Type | null;
  readonly after: Type | null;
}

export function retypedOf(before: Derivation, after: Derivation): readonly Retyped[] {
  const types = new Map(before.query.columns.map(({ name, type }) => [name, type]));
  return after.query.columns.flatMap(({ name, type }) => {
    const was = types.get(name);
    return was === undefined || was === type ? [] : [{ column: name, before: was, after: type }];
  });
}

/** Throws an EtlError where a row of the metric can't be computed. */
export function fillOf(derived: Derivation, column: string): Filled {
  const { db, query } = derived;
  const from = `FROM (${sayQuery(query)}) WHERE ${quote(column)} IS NOT NULL`;
  return naming(derived, () => {
    const filled = db.prepare(`SELECT count(*) ${from}`).pluck().get() as bigint;
    const values = db
      .prepare(`SELECT DISTINCT ${quote(column)} ${from} ORDER BY 1 LIMIT 3`)
      .pluck()
      .all() as Value[];
    return { column, filled: Number(filled), samples: values.map(showValue) };
  });
}
