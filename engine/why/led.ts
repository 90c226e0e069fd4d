import { pathText } from '../expression/paths.ts';
import type { Equality } from '../plan/plan.ts';
import { parentOf } from '../sql/counts.ts';
import { sqlite } from '../sql/dialect.ts';
import { sayEqualities } from '../sql/equality.ts';
import { sayTable } from '../sql/query.ts';
import type { Derivation } from '../store/derive/derivation.ts';
import type { NotLedTo } from './absence.ts';
import { cellIn, placeOf, readRow, relationAt } from './row.ts';
import { joinAt } from './unpaired.ts';

/** Rows that are followed on the way up to the root. */
const MOST = 1_000;

/**
 * Why no root leads to a row of the n-th relation: on the way up, the first row that no row of the table before it asks
 * for. Null where some root leads to it.
 */
export function notLedTo(derived: Derivation, n: number, rid: bigint): NotLedTo | null {
  let [place, rids]: [number, readonly bigint[]] = [n, [rid]];
  while (place > 0) {
    const [first] = rids;
    const above = parentsOf(derived, place, rids);
    if (above.length === 0 && first !== undefined) return notAskedFor(derived, place, first);
    place = placeOf(derived, parentAt(derived, place));
    rids = above;
  }
  return null;
}

function parentAt(derived: Derivation, n: number): string {
  return parentOf(derived.plan, joinAt(derived, n - 1));
}

/** The equalities of the join that brings the n-th relation with the table whose rows look for it. */
function askingFor(derived: Derivation, n: number): readonly Equality[] {
  const parent = parentAt(derived, n);
  return joinAt(derived, n - 1).on.filter(({ left }) => left.alias === parent);
}

function parentsOf(derived: Derivation, n: number, rids: readonly bigint[]): readonly bigint[] {
  const { db, names } = derived;
  const { alias } = relationAt(derived, n).scan;
  const parent = parentAt(derived, n);
  const on = sayEqualities(askingFor(derived, n), names, sqlite);
  const sql = `SELECT DISTINCT ${names.alias(parent)}.rid FROM ${sayTable(alias, names)} JOIN ${sayTable(parent, names)} ON ${on}
WHERE ${names.alias(alias)}.rid IN (${rids.join(', ')}) LIMIT ${MOST}`;
  return db.prepare(sql).pluck().all() as bigint[];
}

function notAskedFor(derived: Derivation, n: number, rid: bigint): NotLedTo {
  const row = readRow(derived, n, rid);
  const wanted = askingFor(derived, n).map(({ left, right }) => {
    return { ...cellIn(row, pathText(right.path)), column: pathText(left.path) };
  });
  return { kind: 'not led to', alias: row.alias, row, parent: parentAt(derived, n), wanted };
}
