/**
 * Finds the first thing that keeps a root out of the metric.
 *
 * The plan is gone through as rows go through it: the root's own filter, the joins in their order, the filter of the joined
 * row, the checks of the metric. As long as one joined row of the root comes through a step, the step does not stop it; at the one behind which there
 * is none, the first of the rows before it is looked at.
 */
import type { Expression } from '../expression/expression.ts';
import { printExpression } from '../expression/print.ts';
import { hasWindows } from '../plan/window.ts';
import { sqlite } from '../sql/dialect.ts';
import { sayFrom } from '../sql/query.ts';
import { naming } from '../store/derive/culprit.ts';
import type { Derivation } from '../store/derive/derivation.ts';
import { type Rids, valuesIn } from './fixed.ts';
import { rejectedRow } from './kept-out.ts';
import { refusalOf, untruePart } from './refused.ts';
import type { Stop } from './stops.ts';
import { unpairedAt } from './unpaired.ts';

/** Where a root stops. */
export interface Stopped {
  readonly stop: Stop;
  /** The first of the joined rows that stop there, and how many they are. */
  readonly rids: Rids;
  readonly rows: number;
}

/** Null where the root has a row in the metric, or in one of its groups. */
export function stopOf(derived: Derivation, root: bigint): Stopped | null {
  return naming(derived, () => firstStop(derived, root));
}

function firstStop(derived: Derivation, root: bigint): Stopped | null {
  const { plan } = derived;
  const refused = refusalOf(derived, 0, root);
  if (refused) return { stop: refused, rids: [root], rows: 1 };
  let before: readonly Rids[] = [[root]];
  for (const n of plan.joins.keys()) {
    const through = joinedRows(derived, n + 1, root);
    const [first] = before;
    if (through.length === 0 && first) return { stop: unpairedAt(derived, n, first), rids: first, rows: before.length };
    before = through;
  }
  const filtered = plan.filter && filterStop(derived, plan.filter.expression, before);
  return filtered ?? checkStop(derived, before);
}

/** The rows of a root that stand behind so many joins. */
function joinedRows({ db, plan, names, rid, relations }: Derivation, joins: number, root: bigint): readonly Rids[] {
  const rids = relations.slice(0, joins + 1).map(({ scan }) => `${names.alias(scan.alias)}.rid`);
  const from = sayFrom(plan, plan.joins.slice(0, joins), names, sqlite).join('\n  ');
  const sql = `SELECT ${rids.join(', ')} FROM ${from}\nWHERE ${rid} = ${root} ORDER BY ${rids.join(', ')}`;
  return db.prepare(sql).raw().all() as Rids[];
}

function filterStop(derived: Derivation, filter: Expression, rows: readonly Rids[]): Stopped | null {
  const [first] = rows;
  const untrue = rows.map((rids) => untruePart(derived, filter, rids));
  const [part] = untrue;
  if (!first || !part || untrue.includes(null)) return null;
  const stop: Stop = { kind: 'where', condition: printExpression(part), values: valuesIn(derived, part, first) };
  return { stop, rids: first, rows: rows.length };
}

/** Of a group, or a row with windows, a check is not about one joined row. */
function checkStop(derived: Derivation, rows: readonly Rids[]): Stopped | null {
  const { plan } = derived;
  if (plan.groupBy || hasWindows(plan)) return null;
  const kept = rows.filter((rids) => untruePart(derived, plan.filter?.expression ?? null, rids) === null);
  const rejected = kept.map((rids) => rejectedRow(derived, rids));
  const [[rids], [stop]] = [kept, rejected];
  return rids && stop && !rejected.includes(null) ? { stop, rids, rows: kept.length } : null;
}
