import type { Type } from '../../change.ts';
import type { Database } from '../database/database.ts';
import type { Shape } from '../pick/shape.ts';
import { isWritten } from '../pick/type.ts';
import type { Relation } from '../state/state.ts';
import { tombstonesOf } from './tombstones.ts';

/**
 * Takes over what a shape's records say of their columns, and brings the rows already there into the form of a wider
 * type. Returns the same relation, with the same `types`, where nothing is new.
 */
export function learn(db: Database, relation: Relation, shape: Shape): Relation {
  const types = same(relation.types, shape.types) ? relation.types : shape.types;
  const seen = relation.seen.map((before, n) => before || shape.seen[n] === true);
  if (types === relation.types && same(relation.seen, seen)) return relation;
  // Two keys may become one on the way; who indexes the key again decides which row stays.
  const tables = relation.scan.version ? [relation, tombstonesOf(relation)] : [relation];
  if (types !== relation.types) for (const { table } of tables) db.exec(`DROP INDEX IF EXISTS ${table}_key`);
  const update = db.prepare('UPDATE _etl_column SET type = ?, seen = ? WHERE relation = ? AND number = ?');
  types.forEach((type, n) => {
    if (type !== relation.types[n]) for (const each of tables) convert(db, each, n, type);
    update.run(type, seen[n] ? 1 : 0, relation.id, n);
  });
  return { ...relation, types, seen };
}

function convert(db: Database, relation: Relation, n: number, type: Type | null): void {
  if (n >= relation.scan.columns.length) return;
  const operation = conversion(relation.types[n] ?? null, type);
  if (operation) db.exec(`UPDATE ${relation.table} SET c${n} = etl_${operation}(c${n}) WHERE c${n} IS NOT NULL`);
}

/** The stored form of a value depends on its type: a numeric is decimal text, and so is text that came as a number. */
function conversion(known: Type | null, type: Type | null): string | null {
  if (known !== null) return known === 'integer' && type === 'numeric' ? 'integer_to_numeric' : null;
  if (type === null || type === 'bytes') return null;
  return isWritten(type) ? 'dynamic_to_text' : `dynamic_to_${type}`;
}

function same<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.every((each, n) => each === b[n]);
}
