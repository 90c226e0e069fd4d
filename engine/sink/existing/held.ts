import type { Row } from '../../change.ts';
import { type Diagnostic, diagnose } from '../../diagnostic/diagnostic.ts';
import { placeIn } from '../../mapping/mapping.ts';
import type { Database } from '../../store/database/database.ts';
import type { Derivation } from '../../store/derive/derivation.ts';
import type { State } from '../../store/state/state.ts';
import { differingCells } from '../describe.ts';
import { existingTarget } from '../target.ts';
import { listHeld } from './freed.ts';
import { plainRow } from './owned.ts';
import { beside, differs, type Shared, sharedTarget } from './shared.ts';

/** Rows of a metric that are held back, for their key stands in the target and is another's. */
export interface Held {
  readonly rows: number;
  /** Of them, those in whose place another row stands than theirs; a warning shows the first. */
  readonly differing: number;
  readonly warnings: readonly Diagnostic[];
}

export const NONE_HELD: Held = { rows: 0, differing: 0, warnings: [] };

/** How many rows are held back. Writes nothing, not even for itself. */
export function countHeld(derivation: Derivation, state: State): number {
  const { db, plan } = derivation;
  const existing = existingTarget(db, plan, state);
  if (!existing) return 0;
  const { copy } = sharedTarget(derivation, state.id, existing);
  return Number(db.prepare(`SELECT count(*) FROM ${copy.table} WHERE held`).pluck().get());
}

/** Counts the rows that are held back now, once the metric is loaded. */
export function heldRows(derivation: Derivation, state: State): Held {
  const { db, plan } = derivation;
  const existing = existingTarget(db, plan, state);
  if (!existing) return NONE_HELD;
  const shared = sharedTarget(derivation, state.id, existing);
  const rows = listHeld(db, shared);
  if (rows === 0) return NONE_HELD;
  const differing = Number(
    db
      .prepare(`SELECT count(*) FROM (${others(derivation, shared)})`)
      .pluck()
      .get(),
  );
  if (differing === 0) return { ...NONE_HELD, rows };
  const notes = [`the first: ${firstOther(derivation, shared)}`];
  const facts = { table: existing.name, rows: differing };
  const warning = diagnose('TARGET_ROW_DIFFERS', facts, { mapping: placeIn(plan.origin, plan.sinkSpan), notes });
  return { rows, differing, warnings: [warning] };
}

/** Held rows as the copy has them, `c`, with those in their place, `t`. */
function paired(db: Database, shared: Shared): string {
  return `${beside(db, shared, 'temp._etl_held', 'h')} CROSS JOIN ${shared.copy.table} AS c ON c.rid = h.rid`;
}

/** Held rows none of whose others is like them. */
function others({ db }: Derivation, shared: Shared): string {
  return `SELECT h.rid FROM ${paired(db, shared)} GROUP BY h.rid HAVING min(${differs(shared)})`;
}

function firstOther(derivation: Derivation, shared: Shared): string {
  const { db, plan, query } = derivation;
  const names = query.columns.map(({ name }) => name);
  const isFirst = `h.rid = (SELECT min(rid) FROM (${others(derivation, shared)}))`;
  const cells = (cell: (column: Shared['columns'][number]) => string) => shared.columns.map(cell).join(', ');
  const select = `SELECT ${cells(({ copied }) => `c.${copied}`)}, ${cells(({ name }) => `t.${name}`)}`;
  const row = db
    .prepare(`${select} FROM ${paired(db, shared)} WHERE ${isFirst} LIMIT 1`)
    .raw()
    .get() as Row;
  // The key goes first: by it a row is known.
  const isOfKey = (n: number) => plan.sinkKey.includes(names[n] ?? '');
  const order = [...names.keys()].sort((a, b) => Number(isOfKey(b)) - Number(isOfKey(a)));
  const picked = (from: number) => plainRow(order.map((n) => row[from + n] ?? null));
  return differingCells(
    order.map((n) => names[n] ?? ''),
    picked(0),
    picked(names.length),
  );
}
