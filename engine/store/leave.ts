import type { Plan } from '../plan/plan.ts';
import type { Database } from './database/database.ts';
import { indexJoins, indexKey, isKeyed } from './stage/indexes.ts';
import { moveSources, settle } from './state/moving.ts';
import { findState, type State } from './state/state.ts';
import { columnsOf, createStock, type Relation, type Share, type Stock, united } from './state/stock.ts';

/** A metric that goes on with a stock of its own, or with one that it shares with others who go. */
interface Leaver {
  readonly plan: Plan;
  readonly state: State;
}

/**
 * Gives metrics that share a stock with others a copy of what they read in it, indexes and all, and how far it is read. What
 * they share among themselves they share on.
 *
 * Belongs to a transaction.
 */
export function leaveStock(db: Database, leavers: readonly Leaver[]): void {
  const before = united(leavers.flatMap(({ state }) => state.relations));
  const own = createStock(
    db,
    before.map(({ scan }) => scan),
  );
  const [{ plan, state }] = leavers as readonly [Leaver];
  const sources = before.map(({ scan }) => scan.source);
  const shift = moveSources(db, { from: state.stock, to: own.stock, movers: leavers.length }, sources);
  for (const [n, to] of own.relations.entries()) {
    const from = before[n] as Relation;
    copy(db, from, to, shift);
    if (isKeyed(db, from)) indexKey(db, plan, { ...to, types: from.types });
  }
  for (const leaver of leavers) settle(db, leaver, shareIn(own, before, leaver.state), shift);
  for (const { plan, state } of leavers) if (state.loaded) indexJoins(db, plan, findState(db, plan)?.relations ?? []);
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

/** What a metric has of a copy, whose columns are numbered as they stand in the relations before. */
function shareIn(own: Stock, before: readonly Relation[], { relations }: State): Share {
  const shares = relations.map(({ id, numbers }) => {
    const place = before.findIndex((relation) => relation.id === id);
    const all = (before[place] as Relation).numbers;
    return { id: (own.relations[place] as Relation).id, numbers: numbers.map((number) => all.indexOf(number)) };
  });
  return { stock: own.stock, relations: shares };
}
