import type { Statement } from 'better-sqlite3';
import type { Plan } from '../plan/plan.ts';
import type { Database } from './database.ts';
import { indexJoins, indexKey, keyForms } from './indexes.ts';
import { learn } from './learn.ts';
import type { Picked } from './pick.ts';
import type { Shape } from './shape.ts';
import type { Relation, State } from './state.ts';

/**
 * Puts picked rows into their relations: the newest row of each key stays.
 *
 * Belongs to one transaction and is undone with it. Returns the relations as they are afterwards: their types may have
 * been learned. `fileId` gives a file's number in the catalog.
 */
export function stage(
  db: Database,
  plan: Plan,
  state: State,
  rows: Iterable<Picked>,
  fileId: (file: string) => bigint,
): readonly Relation[] {
  const relations = [...state.relations];
  const upserts: { shape: Shape; upsert: Statement }[] = [];
  for (const { shape, row, at } of rows) {
    let current = upserts[shape.relation];
    if (current?.shape !== shape) {
      current = { shape, upsert: adopt(db, plan, state, relations, shape) };
      upserts[shape.relation] = current;
    }
    current.upsert.run(fileId(at.file), at.record, ...row);
  }
  return relations;
}

/** Makes the relation fit the shape, and the statement that stages its rows. */
function adopt(db: Database, plan: Plan, state: State, relations: Relation[], shape: Shape): Statement {
  const before = relations[shape.relation] as Relation;
  const relation = learn(db, before, shape);
  relations[shape.relation] = relation;
  if (relation.types !== before.types) {
    indexKey(db, plan, relation);
    if (state.loaded) indexJoins(db, plan, relations);
  }
  return db.prepare(upsertOf(plan, relation));
}

/** `source.read_at` is of the batch that first brought the row, so an update leaves it. */
function upsertOf(plan: Plan, relation: Relation): string {
  const kept = relation.scan.columns.flatMap(({ path }, n) => (isReadAt(path) ? [] : [`c${n}`]));
  const columns = ['file', 'record', ...relation.scan.columns.map((_, n) => `c${n}`)];
  const insert = `INSERT INTO ${relation.table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
  const key = keyForms(plan, relation);
  if (key.length === 0) return insert;
  const set = ['file', 'record', ...kept].map((column) => `${column} = excluded.${column}`);
  return `${insert} ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${set.join(', ')}`;
}

function isReadAt(path: Relation['scan']['columns'][number]['path']): boolean {
  return path.kind === 'fact' && path.fact === 'read_at';
}
