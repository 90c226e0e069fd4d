import { fail, invariant } from '../diagnostic/diagnostic.ts';
import { hints } from '../diagnostic/messages.ts';
import { JsonError } from '../json.ts';
import { placeIn } from '../mapping/mapping.ts';
import { scansOf } from '../plan/compile.ts';
import type { Plan, Scan } from '../plan/plan.ts';
import type { Database } from './database/database.ts';
import { foundIn } from './pick/reader.ts';
import { type HeldRelation, heldRelations, type Origin, originOf, servesFor, withHeld } from './state/holding.ts';
import { moveSources, settle } from './state/moving.ts';
import type { State } from './state/state.ts';
import { createStock, type Relation, tableOf, tombstoneTable } from './state/stock.ts';

/**
 * Gives a metric a stock that keeps what the plan keeps, made of the one it has, which lacks nothing of that; how far its sources
 * are read stays. Where others share that one, it stays theirs.
 *
 * Belongs to a transaction. Throws an EtlError where a value that a new path leads into is no JSON.
 */
export function moveOut(db: Database, plan: Plan, state: State): void {
  const before = heldRelations(db, state.id);
  const held = scansOf(plan).map((scan) => {
    const served = servesFor(scan, before);
    invariant(served, 'a plan that lacks nothing finds all its tables');
    return served;
  });
  const own = createStock(
    db,
    scansOf(plan).map((scan, n) => withHeld(scan, held[n] as HeldRelation)),
  );
  const sources = own.relations.map(({ scan }) => scan.source);
  const shift = moveSources(db, { from: state.stock, to: own.stock, movers: 1 }, sources);
  for (const [n, relation] of own.relations.entries()) copyRelation(db, plan, relation, held[n] as HeldRelation, shift);
  settle(db, { plan, state }, own, shift);
}

function copyRelation(
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
