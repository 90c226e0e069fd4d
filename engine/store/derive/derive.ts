import type { Row, Value } from '../../change.ts';
import { sayQuery } from '../../sql/query.ts';
import { culpritOr } from './culprit.ts';
import type { Derivation } from './derivation.ts';

/** Which roots are derived: all, or those that were touched. */
export type Roots = 'all' | 'touched';

/**
 * The metric rows of the roots, each with its root's number, in their order.
 *
 * Throws an EtlError that names the row where an expression can't be computed.
 */
export function* derive(derivation: Derivation, roots: Roots): Generator<readonly [root: bigint, row: Row]> {
  const { db, query, rid, touched } = derivation;
  const among = roots === 'all' ? [] : [`${rid} IN (SELECT rid FROM temp.${touched})`];
  const sql = `${sayQuery(query, [rid], among)}\nORDER BY ${rid}`;
  try {
    for (const [root, ...row] of db.prepare(sql).raw().iterate() as Iterable<[bigint, ...Value[]]>) yield [root, row];
  } catch (error) {
    throw culpritOr(derivation, error);
  }
}

/** The number of the last root; 0 when there is none. */
export function lastRoot({ db, root }: Derivation): bigint {
  return (db.prepare(`SELECT max(rid) FROM ${root.table}`).pluck().get() as bigint | null) ?? 0n;
}
