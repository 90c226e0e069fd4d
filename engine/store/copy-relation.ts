import { fail, invariant } from '../diagnostic/diagnostic.ts';
import { hints } from '../diagnostic/messages.ts';
import { JsonError } from '../json.ts';
import { placeIn } from '../mapping/mapping.ts';
import type { Plan, Scan } from '../plan/plan.ts';
import type { Database } from './database/database.ts';
import { foundIn } from './pick/reader.ts';
import { type HeldRelation, type Origin, originOf } from './state/holding.ts';
import { type Relation, tableOf, tombstoneTable } from './state/stock.ts';

/**
 * Fills a new relation with what another one holds, which lacks nothing of what it is to keep. The numbers of the files are raised
 * by `shift`. Throws an EtlError where a value that a new path leads into is no JSON.
 */
export function copyRelation(
  db: Database,
  plan: Plan,
  { id, table, scan }: Relation,
  held: HeldRelation,
  shift: bigint,
): void {
  const origins = scan.columns.map((column) => {
    const origin = originOf(column, held);
    invariant(origin, 'a plan that lacks nothing finds all its columns');
    return origin;
  });
  const learn = db.prepare('UPDATE _etl_column SET type = ?, seen = ? WHERE relation = ? AND number = ?');
  for (const [n, { held: column, within }] of origins.entries())
    if (column) learn.run(within ? 'text' : column.type, column.seen, id, n);
  copyRows(db, plan, scan, { from: tableOf(held.id), to: table, origins, shift });
  if (scan.version === null) return;
  const [from, to] = [tombstoneTable(held.id), tombstoneTable(id)];
  copyRows(db, plan, scan, { from, to, origins: origins.slice(0, scan.tombstone), shift });
}

interface Copy {
  readonly from: string;
  readonly to: string;
  readonly origins: readonly Origin[];
  /** What the numbers of their files are raised by. */
  readonly shift: bigint;
}

/** Rows keep their numbers: of rows of one key the last is the newest. */
function copyRows(db: Database, plan: Plan, scan: Scan, { from, to, origins, shift }: Copy): void {
  const finders = origins.map(({ within }) => within && foundIn(within));
  let last = 0;
  db.function('etl_within', (json: unknown, n: unknown) => {
    last = Number(n);
    return typeof json === 'string' ? (finders[last]?.(json) ?? null) : null;
  });
  const values = origins.map(({ held, within }, n) => {
    if (!held) return ', NULL';
    return within ? `, etl_within(c${held.number}, ${n})` : `, c${held.number}`;
  });
  try {
    db.exec(`INSERT INTO ${to} SELECT rid, file + ${shift}, record${values.join('')} FROM ${from} ORDER BY rid`);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const column = `${scan.alias}.${origins[last]?.within?.column}`;
    const facts = { column, expected: error.expected, at: error.at };
    fail('COLUMN_NOT_JSON', facts, { mapping: placeIn(plan.origin, scan.span), hint: hints.recordsAgain });
  }
}
