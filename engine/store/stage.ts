import type { Statement } from 'better-sqlite3';
import type { Plan } from '../plan/plan.ts';
import type { Database } from './database.ts';
import { indexJoins, indexKey, indexRow, keepLastOfKey } from './indexes.ts';
import { learn } from './learn.ts';
import { type Lost, SAMPLES } from './lost.ts';
import type { Picked } from './pick.ts';
import type { Shape } from './shape.ts';
import { deleteOf, insertOf, toldColumns, updateOf } from './staging.ts';
import type { Relation, State } from './state.ts';

/** What came of staging. */
export interface Staged {
  /** The relations as they are afterwards: their types may have been learned. */
  readonly relations: readonly Relation[];
  /** Whether a type was learned or a relation emptied: then more may have changed than the rows that were staged. */
  readonly whole: boolean;
  readonly lost: Lost;
}

/**
 * Stages rows: the newest row of each key stays, and a value that an update does not tell.
 *
 * Belongs to one transaction and is undone with it. `fileId` gives a file's number in the catalog.
 */
export function stage(
  db: Database,
  plan: Plan,
  state: State,
  rows: Iterable<Picked>,
  fileId: (file: string) => bigint,
): Staged {
  const relations = [...state.relations];
  const current: (Statements | undefined)[] = [];
  const samples: Picked[] = [];
  let [whole, count] = [false, 0];
  for (const picked of rows) {
    const place = picked.shape.relation;
    let statements = current[place];
    if (statements?.shape !== picked.shape) {
      whole = adopt(db, plan, state, relations, picked.shape) || whole;
      statements = prepare(db, plan, relations[place] as Relation, picked.shape);
      current[place] = statements;
    }
    if (picked.op === 'truncate') whole = true;
    if (apply(statements, picked, fileId(picked.at.file))) continue;
    count++;
    if (samples.length < SAMPLES) samples.push(picked);
  }
  return { relations, whole, lost: { count, samples } };
}

/** Makes a relation fit the shape. Says whether its types are others now. */
function adopt(db: Database, plan: Plan, state: State, relations: Relation[], shape: Shape): boolean {
  const before = relations[shape.relation] as Relation;
  const relation = learn(db, before, shape);
  relations[shape.relation] = relation;
  if (relation.types === before.types) return false;
  keepLastOfKey(db, plan, relation);
  indexKey(db, plan, relation);
  if (state.loaded) indexJoins(db, plan, relations);
  return true;
}

/** The statements for the rows of one shape, prepared when they are first needed. */
interface Statements {
  readonly shape: Shape;
  /** The columns that the shape tells; all of them where `complete`. */
  readonly told: readonly number[];
  readonly complete: boolean;
  readonly insert: () => Statement;
  readonly update: () => Statement;
  readonly delete: () => Statement;
  readonly truncate: () => Statement;
}

function prepare(db: Database, plan: Plan, relation: Relation, shape: Shape): Statements {
  const lazy = (sql: () => string) => {
    let statement: Statement | undefined;
    return () => {
      statement ??= db.prepare(sql());
      return statement;
    };
  };
  return {
    shape,
    told: toldColumns(relation, shape),
    complete: shape.seen.every((seen) => seen),
    insert: lazy(() => insertOf(plan, relation)),
    update: lazy(() => finding(db, relation, updateOf(plan, relation, shape))),
    delete: lazy(() => finding(db, relation, deleteOf(plan, relation))),
    truncate: lazy(() => `DELETE FROM ${relation.table}`),
  };
}

/** Rows without a key are found by all they have: the index for that is made when the first one is looked for. */
function finding(db: Database, relation: Relation, sql: string): string {
  indexRow(db, relation);
  return sql;
}

/** False for a change of a row that was never seen, and that does not tell the whole row. */
function apply(statements: Statements, { op, row, old, at }: Picked, file: bigint): boolean {
  switch (op) {
    case 'insert':
      statements.insert().run(file, at.record, ...row);
      return true;
    case 'truncate':
      statements.truncate().run();
      return true;
    case 'delete':
      return statements.delete().run(...old).changes > 0;
    case 'update': {
      const told = statements.told.map((n) => row[n] ?? null);
      if (statements.update().run(file, at.record, ...told, ...old).changes > 0) return true;
      if (!statements.complete) return false;
      statements.insert().run(file, at.record, ...row);
      return true;
    }
  }
}
