import type { Value } from '../../change.ts';
import type { Plan } from '../../plan/plan.ts';
import { sqlite } from '../../sql/dialect.ts';
import { sayKey } from '../../sql/equality.ts';
import { say } from '../../sql/expression.ts';
import type { Database } from '../database/database.ts';
import { versionForm } from '../pick/versions.ts';
import { namesInState } from '../state/names.ts';
import { columnsOf, type Relation, tombstoneTable } from '../state/stock.ts';
import { indexKey } from './indexes.ts';

/**
 * What a relation with versions remembers of deleted keys, as a relation of its own: the first columns of the rows, which
 * are those of the key and the version, and the position that deleted them. No key stands in both.
 */
export function tombstonesOf(relation: Relation): Relation {
  const { id, scan, numbers, types, seen } = relation;
  const first = <T>(all: readonly T[]): readonly T[] => all.slice(0, scan.tombstone);
  const columns = { numbers: first(numbers), types: first(types), seen: first(seen) };
  return { ...relation, ...columns, scan: { ...scan, columns: first(scan.columns) }, table: tombstoneTable(id) };
}

/** Leaves a tombstone, if the relation has versions, for each row that is about to be deleted. */
export function buryRows(db: Database, relation: Relation, where: string, ...values: readonly Value[]): void {
  const { id, table, scan } = relation;
  if (scan.version === null) return;
  const columns = ['file', 'record', ...columnsOf(relation).slice(0, scan.tombstone)].join(', ');
  db.prepare(`INSERT INTO ${tombstoneTable(id)} (${columns}) SELECT ${columns} FROM ${table} WHERE ${where}`).run(
    ...values,
  );
}

/**
 * Indexes the tombstones again after a type was learned. Where one has the key of a row now, the older of the two goes, and of
 * equal versions the tombstone.
 */
export function settleTombstones(db: Database, plan: Plan, relation: Relation): void {
  const { scan, table, id } = relation;
  if (scan.version === null) return;
  indexKey(db, plan, tombstonesOf(relation));
  const names = namesInState(plan, [relation]);
  const form = versionForm(plan, relation, scan.version);
  const [row, tombstone] = ['r', 't'].map((alias) => {
    const own = { ...names, alias: () => alias };
    return { key: sayKey(scan, own, sqlite), version: say(form, own, sqlite) };
  });
  const sameKey = row?.key.map((part, n) => `${part} = ${tombstone?.key[n]}`).join(' AND ');
  const [v, w] = [row?.version, tombstone?.version];
  db.exec(`DELETE FROM ${table} AS r WHERE EXISTS (
      SELECT 1 FROM ${tombstoneTable(id)} AS t WHERE ${sameKey} AND coalesce(${v} < ${w}, ${v} IS NULL AND ${w} IS NOT NULL));
    DELETE FROM ${tombstoneTable(id)} AS t WHERE EXISTS (SELECT 1 FROM ${table} AS r WHERE ${sameKey})`);
}
