import type { Type } from '../../change.ts';
import type { ScanColumn } from '../../plan/plan.ts';
import type { Database } from '../database/database.ts';
import type { Shape } from '../pick/shape.ts';
import { isWritten } from '../pick/type.ts';
import { columnOf, type Relation, writeColumns } from '../state/stock.ts';
import { tombstonesOf } from './tombstones.ts';

/**
 * Takes over what a shape's records say of their columns: makes those that are new, and brings the rows already there into
 * the form of a wider type. Returns the same relation, with the same `types`, where nothing is new.
 */
export function learn(db: Database, before: Relation, shape: Shape): Relation {
  const relation = grown(db, before, shape.columns);
  const types = same(relation.types, shape.types) ? relation.types : shape.types;
  const seen = relation.seen.map((before, n) => before || shape.seen[n] === true);
  if (types === relation.types && same(relation.seen, seen)) return relation;
  // Two keys may become one on the way; who indexes the key again decides which row stays.
  const tables = relation.scan.version ? [relation, tombstonesOf(relation)] : [relation];
  const learned = { ...relation, types, seen };
  if (isLearned(relation, learned)) for (const { table } of tables) db.exec(`DROP INDEX IF EXISTS ${table}_key`);
  const update = db.prepare('UPDATE _etl_column SET type = ?, seen = ? WHERE relation = ? AND number = ?');
  types.forEach((type, n) => {
    if (type !== relation.types[n]) for (const each of tables) convert(db, each, n, type);
    update.run(type, seen[n] ? 1 : 0, relation.id, relation.numbers[n]);
  });
  return learned;
}

/** Whether a type is another one that something depends on. */
export function isLearned({ types, scan }: Relation, after: Relation): boolean {
  return !same(types.slice(0, scan.used), after.types.slice(0, scan.used));
}

/** The relation with columns that come behind those it has: they are NULL in the rows that are there. */
function grown(db: Database, relation: Relation, columns: readonly ScanColumn[]): Relation {
  const { id, table, scan, numbers, types, seen } = relation;
  const added = columns.slice(scan.columns.length);
  if (added.length === 0) return relation;
  const first = scan.columns.length;
  const come = added.map((_, n) => first + n);
  for (const number of come) db.exec(`ALTER TABLE ${table} ADD COLUMN c${number}`);
  writeColumns(db, id, added, first);
  return {
    ...relation,
    scan: { ...scan, columns },
    numbers: [...numbers, ...come],
    types: [...types, ...added.map(({ type }) => type)],
    seen: [...seen, ...added.map(() => false)],
  };
}

function convert(db: Database, relation: Relation, n: number, type: Type | null): void {
  if (n >= relation.scan.columns.length) return;
  const operation = conversion(relation.types[n] ?? null, type);
  if (!operation) return;
  const column = columnOf(relation, n);
  db.exec(`UPDATE ${relation.table} SET ${column} = etl_${operation}(${column}) WHERE ${column} IS NOT NULL`);
}

/** The stored form of a value depends on its type: a numeric is decimal text, and so is text that came as a number. */
function conversion(known: Type | null, type: Type | null): string | null {
  if (known !== null) return known === 'integer' && type === 'numeric' ? 'integer_to_numeric' : null;
  if (type === null || type === 'bytes') return null;
  return isWritten(type) ? 'dynamic_to_text' : `dynamic_to_${type}`;
}

function same<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((each, n) => each === b[n]);
}
