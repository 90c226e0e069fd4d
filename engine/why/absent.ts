import { pathText } from '../expression/paths.ts';
import type { ScanColumn } from '../plan/plan.ts';
import type { Derivation } from '../store/derive/derivation.ts';
import type { Absence, Differs, NoRow } from './absence.ts';
import { type Asked, rootItself } from './asked.ts';
import { keptOut } from './kept-out.ts';
import { notLedTo } from './led.ts';
import { nearRow } from './near.ts';
import { rootsAskedFor, rowAskedFor } from './roots.ts';
import { relationAt } from './row.ts';
import { stopOf } from './stop.ts';
import { findRows } from './trace.ts';
import { treeOf } from './tree.ts';

/** Says why there is no metric row with what is asked for. */
export function absenceOf(derived: Derivation, asked: readonly Asked[]): Absence {
  const kept = keptOut(derived, asked);
  if (kept) return kept;
  const roots = rootsAskedFor(derived, asked);
  if (roots.first !== null) return rootAbsence(derived, asked, roots.count, roots.first);
  if (asked.length === 0) return { kind: 'no root', alias: derived.plan.root.alias };
  const scans = [...new Set(asked.flatMap(({ kept }) => kept?.scan ?? []))].sort((a, b) => a - b);
  for (const n of scans) {
    const rid = rowAskedFor(derived, n, asked);
    if (rid === null) return noRow(derived, n, asked);
    const absence = n > 0 ? notLedTo(derived, n, rid) : null;
    if (absence) return absence;
  }
  return { kind: scans.length > 0 ? 'apart' : 'no value' };
}

function rootAbsence(derived: Derivation, asked: readonly Asked[], roots: number, root: bigint): Absence {
  const stopped = stopOf(derived, root);
  if (!stopped) return differing(derived, asked, roots, root);
  const { stop, rids, rows } = stopped;
  return { kind: 'stops', roots, rows, from: treeOf(derived, rids), stop };
}

function differing(derived: Derivation, asked: readonly Asked[], roots: number, root: bigint): Differs {
  const { plan, query } = derived;
  const { first } = findRows(derived, [rootItself(root)]);
  const columns = asked.flatMap((each) => {
    const { output, text } = each;
    if (output === null || !first || findRows(derived, [rootItself(root), each]).rows > 0) return [];
    const [column, value] = [plan.project[output]?.name ?? '', first.values[output] ?? null];
    return [{ column, asked: text, is: { column, value, type: query.columns[output]?.type ?? null } }];
  });
  return { kind: 'differs', roots, from: treeOf(derived, first?.made[0] ?? [root]), columns };
}

function noRow(derived: Derivation, n: number, asked: readonly Asked[]): NoRow {
  const own = asked.flatMap(({ kept, text }) => (kept?.scan === n && kept.column !== null ? [{ ...kept, text }] : []));
  const { scan } = relationAt(derived, n);
  const wanted = own.map(({ column, values, text }) => {
    return { column: column ?? 0, values: [...new Set([...values, text])] };
  });
  return {
    kind: 'no row',
    alias: scan.alias,
    asked: own.map(({ column, text }) => ({ column: pathText((scan.columns[column ?? 0] as ScanColumn).path), text })),
    near: nearRow(derived, n, wanted),
  };
}
