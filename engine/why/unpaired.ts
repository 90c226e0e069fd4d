import { invariant } from '../diagnostic/diagnostic.ts';
import { pathText } from '../expression/paths.ts';
import { printColumn } from '../expression/print.ts';
import type { Equality, Join } from '../plan/plan.ts';
import { sqlite } from '../sql/dialect.ts';
import { sayEqualities } from '../sql/equality.ts';
import { sayTable } from '../sql/query.ts';
import type { Derivation } from '../store/derive/derivation.ts';
import { type Rids, sayFixed } from './fixed.ts';
import { nearRow } from './near.ts';
import { refusalOf } from './refused.ts';
import { type Cell, cellIn, columnAt, placeOf, readRow } from './row.ts';
import type { NoPartner, NullKey, Refused } from './stops.ts';

/** Why rows have no partner in the n-th join. `rids` are the rows before it. */
export function unpairedAt(derived: Derivation, n: number, rids: Rids): NullKey | NoPartner | Refused {
  const { on, scan } = joinAt(derived, n);
  const asking = on.map(({ left }) => ({ ...valueAt(derived, left, rids), column: printColumn(left) }));
  const nulls = asking.filter(({ value }) => value === null);
  if (nulls.length > 0) return { kind: 'null key', alias: scan.alias, columns: nulls };
  const candidate = candidateAt(derived, n, rids);
  const refused = candidate === null ? null : refusalOf(derived, n + 1, candidate);
  if (refused) return refused;
  const columns = on.map(({ right }) => columnAt(derived, n + 1, right.path));
  return {
    kind: 'no partner',
    alias: scan.alias,
    wanted: asking.map((cell, place) => ({ ...cell, column: pathText((on[place] as Equality).right.path) })),
    by: asking.map(({ column }) => column),
    near: nearRow(
      derived,
      n + 1,
      asking.map(({ value }, place) => ({ column: columns[place] ?? 0, values: [value] })),
    ),
  };
}

export function joinAt({ plan }: Derivation, n: number): Join {
  const join = plan.joins[n];
  invariant(join, 'the plan has that join');
  return join;
}

function valueAt(derived: Derivation, { alias, path }: Equality['left'], rids: Rids): Cell {
  const n = placeOf(derived, alias);
  const [rid, column] = [rids[n] ?? null, pathText(path)];
  return rid === null ? { column, value: null, type: null } : cellIn(readRow(derived, n, rid), column);
}

/** A row that would be the partner but for its own filter. */
function candidateAt(derived: Derivation, n: number, rids: Rids): bigint | null {
  const { db, names } = derived;
  const { on, scan } = joinAt(derived, n);
  const partner = `${sayTable(scan.alias, names)} ON ${sayEqualities(on, names, sqlite)}`;
  const sql = `SELECT ${names.alias(scan.alias)}.rid FROM ${sayFixed(derived, rids)}\n  JOIN ${partner} ORDER BY 1 LIMIT 1`;
  return (db.prepare(sql).pluck().get() as bigint | undefined) ?? null;
}
