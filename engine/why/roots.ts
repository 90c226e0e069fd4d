import { sqlite } from '../sql/dialect.ts';
import { sayEqualities } from '../sql/equality.ts';
import { sayTable } from '../sql/query.ts';
import type { Derivation } from '../store/derive/derivation.ts';
import { type Asked, sayKept } from './asked.ts';
import { relationAt } from './row.ts';
import { sayRow } from './select.ts';
import { joinAt } from './unpaired.ts';

/** Roots by their numbers: how many there are, and the first. */
export interface Roots {
  readonly count: number;
  readonly first: bigint | null;
}

/**
 * The roots that lead to rows with what is asked of kept columns (all, where nothing is asked), whether they reach the metric or not: filters are left
 * out, and partners that a join needs may be missing behind.
 */
export function rootsAskedFor(derived: Derivation, asked: readonly Asked[]): Roots {
  const kept = asked.flatMap((each) => each.kept ?? []);
  if (kept.length === 0 && asked.length > 0) return { count: 0, first: null };
  const { names, rid } = derived;
  const joins = Math.max(0, ...kept.map(({ scan }) => scan));
  const from = Array.from({ length: joins }, (_, n) => {
    const { on, scan } = joinAt(derived, n);
    return `LEFT JOIN ${sayTable(scan.alias, names)} ON ${sayEqualities(on, names, sqlite)}`;
  });
  const conditions = kept.map((each) => {
    const { alias } = relationAt(derived, each.scan).scan;
    return sayRow(derived, each, `${names.alias(alias)}.rid`);
  });
  const root = sayTable(relationAt(derived, 0).scan.alias, names);
  const where = ['TRUE', ...conditions].join(' AND ');
  const sql = `SELECT count(DISTINCT ${rid}), min(${rid}) FROM ${[root, ...from].join('\n  ')}\nWHERE ${where}`;
  const [count, first] = derived.db.prepare(sql).raw().get() as [bigint, bigint | null];
  return { count: Number(count), first };
}

/** The first row of the n-th relation that has what is asked of it alone; null where none has. */
export function rowAskedFor(derived: Derivation, n: number, asked: readonly Asked[]): bigint | null {
  const where = asked.flatMap(({ kept }) => (kept?.scan === n ? [sayKept(derived, kept)] : []));
  const sql = `SELECT min(rid) FROM ${relationAt(derived, n).table} WHERE ${where.join(' AND ')}`;
  return derived.db.prepare(sql).pluck().get() as bigint | null;
}
