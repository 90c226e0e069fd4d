import { type Row, showValue, type Value } from '../../change.ts';
import { fail } from '../../diagnostic/diagnostic.ts';
import { placeIn } from '../../mapping/mapping.ts';
import { keeping } from '../../sql/affinity.ts';
import type { Database } from '../../store/database/database.ts';
import { ensureTemporary } from '../../store/database/temporary.ts';
import type { Derivation } from '../../store/derive/derivation.ts';
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
  const { plan, query } = derivation;
  const column = shared.columns[n] as SharedColumn;
  const isKey = shared.key.some(({ copied }) => copied === column.copied);
  const found = firstChanged(derivation.db, shared, column, isKey);
  if (!found) return;
  const [changed, ...row] = found;
  const names = query.columns.map(({ name }) => name);
  const facts = {
    column: names[n] ?? '',
    declared: column.declared,
    value: isKey ? `a ${column.type}` : showValue(row[n] ?? null),
    changed: showValue(changed),
  };
  const mapping = placeIn(plan.origin, plan.project[n]?.span ?? plan.sinkSpan);
  fail('TARGET_CHANGES_VALUE', facts, { mapping, notes: [`row: ${describe(names, row)}`] });
}

/** What a column would make of its value, and the row; undefined where it keeps all. */
function firstChanged(
  db: Database,
  { copy, columns }: Shared,
  { copied, affinity }: SharedColumn,
  isKey: boolean,
): readonly [changed: Value, ...row: Row] | undefined {
  ensureTemporary(db, 'TABLE', '_etl_changed', `(rid INTEGER PRIMARY KEY, value ${affinity})`);
  db.exec(`DELETE FROM temp._etl_changed;
    INSERT INTO temp._etl_changed SELECT c.rid, c.${copied} FROM temp._etl_wanted AS w
      CROSS JOIN ${copy.table} AS c ON c.rid = w.rid WHERE NOT w.taken`);
  // The copy's key is of the table's affinity: a text that looks like a number became one there already.
  const differs = isKey
    ? `typeof(c.${copied}) <> 'text'`
    : `${kind('v.value')} <> ${kind(`c.${copied}`)} OR v.value IS NOT c.${copied}`;
  const values = columns.map((column) => `c.${column.copied}`).join(', ');
  const select = `SELECT v.value, ${values} FROM temp._etl_changed AS v
    CROSS JOIN ${copy.table} AS c ON c.rid = v.rid WHERE ${differs} LIMIT 1`;
  return db.prepare(select).raw().get() as readonly [Value, ...Row] | undefined;
}

/** Whole numbers and others are one kind. */
function kind(value: string): string {
  return `iif(typeof(${value}) = 'real', 'integer', typeof(${value}))`;
}
