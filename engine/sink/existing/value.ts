import { type Row, showValue, type Value } from '../../change.ts';
import { fail } from '../../diagnostic/diagnostic.ts';
import { placeIn } from '../../mapping/mapping.ts';
import { keeping } from '../../sql/affinity.ts';
import type { Derivation } from '../../store/derivation.ts';
import { ensureTemporary } from '../../store/temporary.ts';
import { describe } from '../describe.ts';
import type { Shared, SharedColumn } from './shared.ts';

/**
 * Looks at the wanted rows whether each column keeps its value as it is, where its type alone does not say so.
 *
 * Throws an EtlError that shows the first one that would be changed: a text that became a number, or a number of more
 * digits than a double has.
 */
export function checkValues(derivation: Derivation, shared: Shared): void {
  for (const [n, { type, affinity }] of shared.columns.entries()) {
    if (keeping(type, affinity) === 'by value') checkColumn(derivation, shared, n);
  }
}

function checkColumn(derivation: Derivation, shared: Shared, n: number): void {
  const { db, plan, query } = derivation;
  const { copy, columns, key } = shared;
  const column = columns[n] as SharedColumn;
  const isKey = key.some(({ copied }) => copied === column.copied);
  ensureTemporary(db, 'TABLE', '_etl_changed', `(rid INTEGER PRIMARY KEY, value ${column.affinity})`);
  db.exec(`DELETE FROM temp._etl_changed;
    INSERT INTO temp._etl_changed SELECT c.rid, c.${column.copied} FROM temp._etl_wanted AS w
      CROSS JOIN ${copy.table} AS c ON c.rid = w.rid WHERE NOT w.taken`);
  // The copy's key is of the table's affinity: what was no text before is none that could be looked for.
  const differs = isKey
    ? `typeof(c.${column.copied}) <> 'text'`
    : `${kind('v.value')} <> ${kind(`c.${column.copied}`)} OR v.value IS NOT c.${column.copied}`;
  const values = columns.map(({ copied }) => `c.${copied}`).join(', ');
  const found = db
    .prepare(
      `SELECT v.value, c.${column.copied}, ${values} FROM temp._etl_changed AS v CROSS JOIN ${copy.table} AS c
       ON c.rid = v.rid WHERE ${differs} LIMIT 1`,
    )
    .raw()
    .get() as [changed: Value, value: Value, ...row: Row] | undefined;
  if (!found) return;
  const [changed, value, ...row] = found;
  const facts = {
    column: query.columns[n]?.name ?? '',
    declared: column.declared,
    value: isKey ? `a ${column.type}` : showValue(value),
    changed: showValue(changed),
  };
  const span = plan.project[n]?.span ?? plan.sinkSpan;
  const names = query.columns.map(({ name }) => name);
  const notes = [`row: ${describe(names, row)}`];
  fail('TARGET_CHANGES_VALUE', facts, { mapping: placeIn(plan.origin, span), notes });
}

/** Whole numbers and others are one kind. */
function kind(value: string): string {
  return `iif(typeof(${value}) = 'real', 'integer', typeof(${value}))`;
}
