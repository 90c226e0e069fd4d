import { hasWindows } from '../plan/window.ts';
import { sqlite } from '../sql/dialect.ts';
import { tracedQuery } from '../sql/metric.ts';
import { sayQuery } from '../sql/query.ts';
import { naming } from '../store/derive/culprit.ts';
import type { Derivation } from '../store/derive/derivation.ts';
import type { Asked } from './asked.ts';
import type { Rids } from './fixed.ts';
import { findGroups } from './groups.ts';
import { type Found, restrictions, ridsOf, sayOutputs, sayRow, select } from './select.ts';

/** Looks for metric rows. Throws an EtlError where an expression of the plan can't be computed. */
export function findRows(derived: Derivation, asked: readonly Asked[]): Found {
  return naming(derived, () => (derived.plan.groupBy ? findGroups(derived, asked) : findPlain(derived, asked)));
}

function findPlain(derived: Derivation, asked: readonly Asked[]): Found {
  const { plan, names } = derived;
  const { query, traces } = tracedQuery(plan, names, sqlite, ridsOf(derived));
  // A window looks at other rows too.
  const within = hasWindows(plan) ? [] : restrictions(derived, asked);
  const marks = traces.map((_, n) => `t${n}`);
  const kept = asked.flatMap(({ kept, output }) =>
    kept && output === null ? [sayRow(derived, kept, marks[kept.scan] ?? '')] : [],
  );
  const conditions = [...sayOutputs(derived, asked), ...kept];
  const found = select(derived, { marks, inner: sayQuery(query, traces, within), conditions, before: [] });
  if (!found) return { rows: 0, first: null };
  const { values, rows, traced } = found;
  return { rows, first: { values, made: [traced as Rids], counted: null } };
}
