import type { Expression } from '../../expression/expression.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Database } from '../database/database.ts';
import type { Picked } from '../pick/pick.ts';
import type { Shape } from '../pick/shape.ts';
import type { Relation } from '../state/stock.ts';
import { indexKey } from './indexes.ts';
import { isLearned, learn } from './learn.ts';
import { toldColumns } from './staging.ts';
import { settleTombstones } from './tombstones.ts';
import { openVersioning, type Taken, type Versioning } from './versioning.ts';

/** Stages the rows of one relation that has versions. Its key is indexed from the first row on. */
export class VersionStager {
  readonly #db: Database;
  readonly #plan: Plan;
  readonly #version: Expression;
  #relation: Relation;
  #learned = false;
  #emptied = false;
  #older = 0;
  #versioning: Versioning | null = null;
  /** The columns that each shape tells. */
  readonly #told = new Map<Shape, readonly number[]>();

  constructor(db: Database, plan: Plan, relation: Relation, version: Expression) {
    this.#db = db;
    this.#plan = plan;
    this.#relation = relation;
    this.#version = version;
  }

  /** Whether a type was learned. */
  get learned(): boolean {
    return this.#learned;
  }

  /** Whether more may have changed than the rows that were staged. */
  get whole(): boolean {
    return this.#learned || this.#emptied;
  }

  /** Changes that were passed over, for what is known of their key is newer. */
  get older(): number {
    return this.#older;
  }

  /** False for a change of a row that was never seen, and that does not tell the whole row. `file` is its number. */
  take(picked: Picked, file: bigint): boolean {
    const told = this.#told.get(picked.shape) ?? this.#adopt(picked.shape);
    this.#versioning ??= openVersioning(this.#db, this.#plan, this.#relation, this.#version);
    const taken = this.#stage(this.#versioning, picked, file, told);
    if (taken === 'older') this.#older++;
    return taken !== 'lost';
  }

  /** Nothing waits to be inserted. */
  finish(): void {}

  #stage(versioning: Versioning, { op, row, old, at }: Picked, file: bigint, told: readonly number[]): Taken {
    const place = { file, record: at.record };
    switch (op) {
      case 'insert':
        return versioning.insert(place, row);
      case 'update':
        return versioning.update(place, told, row, old);
      case 'delete':
        return versioning.delete(place, old);
      case 'truncate':
        this.#emptied = true;
        versioning.truncate();
        return 'taken';
    }
  }

  /** Makes the relation fit a shape that was not met before. */
  #adopt(shape: Shape): readonly number[] {
    const before = this.#relation;
    this.#relation = learn(this.#db, before, shape);
    if (this.#relation.types !== before.types) {
      this.#versioning = null;
      if (isLearned(before, this.#relation)) this.#settle();
    }
    const told = toldColumns(this.#relation, shape);
    this.#told.set(shape, told);
    return told;
  }
  #settle(): void {
    this.#learned = true;
    indexKey(this.#db, this.#plan, this.#relation);
    settleTombstones(this.#db, this.#plan, this.#relation);
  }
}
