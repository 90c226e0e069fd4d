import type { Row, Value } from '../change.ts';
import { sayQuery } from '../sql/query.ts';
import { naming } from './culprit.ts';
import type { Derivation } from './derivation.ts';

/** A metric row and the root row it belongs to. */
export interface Derived {
  readonly rid: bigint;
  readonly row: Row;
}

/**
 * The metric rows of the roots `low` to `high`, by root.
 *
 * Throws an EtlError that names the row where an expression can't be computed.
 */
export function derive(derivation: Derivation, low: bigint, high: bigint): readonly Derived[] {
  const { db, query, rid } = derivation;
  const sql = `${sayQuery(query, [rid], [`${rid} BETWEEN ? AND ?`])}\nORDER BY ${rid}`;
  return naming(derivation, () => {
    const rows = db.prepare(sql).raw().all(low, high) as [bigint, ...Value[]][];
    return rows.map(([rid, ...row]) => ({ rid, row }));
  });
}

/** The first and last root, or null when there is none. */
export function rootsOf({ db, root }: Derivation): { low: bigint; high: bigint } | null {
  const row = db.prepare(`SELECT min(rid) AS low, max(rid) AS high FROM ${root.table}`).get() as {
    low: bigint | null;
    high: bigint | null;
  };
  return row.low === null || row.high === null ? null : { low: row.low, high: row.high };
}
