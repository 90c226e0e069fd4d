import { invariant } from '../diagnostic/diagnostic.ts';
import type { Plan } from '../plan/plan.ts';
import type { Database } from './database/database.ts';
import { indexKey, isKeyed } from './stage/indexes.ts';
import { indexJoins } from './stage/lookups.ts';
import { moveSources, settle } from './state/moving.ts';
import { findState, type State } from './state/state.ts';
import { columnsOf, createShared, type Relation, type Share, united } from './state/stock.ts';

/** A metric that goes on with a stock of its own, or with one that it shares with others who go. */
interface Leaver {
  readonly plan: Plan;
  readonly state: State;
}

/**
 * Gives metrics that share a stock with others a copy of what they read in it, and how far it is read. What
 * they share among themselves they share on.
 *
 * Belongs to a transaction.
 */
export function leaveStock(db: Database, leavers: readonly Leaver[]): void {
  const before = united(leavers.flatMap(({ state }) => state.relations));
  const { all: own, shares } = createShared(
    db,
    leavers.map(({ state }) => state.relations.map(({ scan }) => scan)),
  );
  const [{ plan, state }] = leavers as readonly [Leaver];
  const sources = before.map(({ scan }) => scan.source);
  const shift = moveSources(db, { from: state.stock, to: own.stock, movers: leavers.length }, sources);
  for (const [n, to] of own.relations.entries()) {
    const from = before[n] as Relation;
    copy(db, from, to, shift);
    if (isKeyed(db, from)) indexKey(db, plan, { ...to, types: from.types });
  }
  for (const [n, leaver] of leavers.entries()) settle(db, leaver, shares[n] as Share, shift);
  for (const { plan, state } of leavers) {
    const left = findState(db, plan);
    invariant(left, 'a metric that left its stock is there');
    if (state.loaded) indexJoins(db, plan, left.relations);
  }
}

/** Rows keep their numbers, by which the metrics' own tables know them. */
function copy(db: Database, from: Relation, to: Relation, shift: bigint): void {
  const learn = db.prepare('UPDATE _etl_column SET type = ?, seen = ? WHERE relation = ? AND number = ?');
  for (const [n, type] of from.types.entries()) learn.run(type, from.seen[n] ? 1 : 0, to.id, n);
  const columns = columnsOf(from).map((column) => `, ${column}`);
  db.exec(
    `INSERT INTO ${to.table} SELECT rid, file + ${shift}, record${columns.join('')} FROM ${from.table} ORDER BY rid`,
  );
}
