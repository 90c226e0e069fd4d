import { invariant } from '../diagnostic/diagnostic.ts';
import type { Check } from '../mapping/mapping.ts';
import { hasWindows } from '../plan/window.ts';
import { type Derivation, derivation } from '../store/derive/derivation.ts';
import type { KeptOut } from './absence.ts';
import type { Asked } from './asked.ts';
import { failingOf, type Rids, valuesIn } from './fixed.ts';
import type { Rejected } from './stops.ts';
import { findRows } from './trace.ts';

/** The group, or the row with windows, that a check keeps out of the metric; null where there is none. */
export function keptOut(derived: Derivation, asked: readonly Asked[]): KeptOut | null {
  const { plan } = derived;
  const rejects = rejectsOf(derived);
  if (rejects.length === 0 || !(plan.groupBy || hasWindows(plan))) return null;
  const { first } = findRows(heldTo(derived, []), asked);
  if (!first) return null;
  const check = rejects.find((each) => findRows(heldTo(derived, [each]), asked).rows === 0) ?? rejects[0];
  invariant(check, 'a row that is kept out fails a check');
  const row = plan.project.map(({ name }, n) => {
    return { column: name, value: first.values[n] ?? null, type: derived.query.columns[n]?.type ?? null };
  });
  return { kind: 'kept out', condition: check.text, row };
}

/** The check that a joined row fails as the row of the metric that it would be; null where it fails none. */
export function rejectedRow(derived: Derivation, rids: Rids): Rejected | null {
  for (const { expression, text } of rejectsOf(derived)) {
    const failing = failingOf(derived, expression, rids);
    if (failing === null) continue;
    const reason = failing === '' ? null : failing;
    return { kind: 'metric check', condition: text, values: valuesIn(derived, expression, rids), reason };
  }
  return null;
}

function rejectsOf({ plan }: Derivation): readonly Check[] {
  return plan.checks.filter(({ onFail }) => onFail === 'reject');
}

/** The same metric with these checks alone. */
function heldTo({ db, plan, relations }: Derivation, checks: readonly Check[]): Derivation {
  return derivation(db, { ...plan, checks }, relations);
}
