import type { Statement } from 'better-sqlite3';
import type { Row, Value } from '../../change.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Database } from '../database/database.ts';
import type { Picked } from '../pick/pick.ts';
import type { Shape } from '../pick/shape.ts';
import type { Relation } from '../state/stock.ts';
import { indexKey, indexRow, isKeyed } from './indexes.ts';
import { isLearned, learn } from './learn.ts';
import { deleteOf, insertOf, ownColumns, toldColumns, updateOf, widthsOf } from './staging.ts';

/** Rows that one statement inserts. Fewer calls cost less; of more than this a batch gains nothing. */
const TOGETHER = 8;

/**
 * Stages the rows of one relation.
 *
 * As long as a first load only inserts, rows are appended and their key has no index: to make it afterwards takes half
 * the time. Whoever makes it sees to it that of each key the last row stays.
 */
export class Stager {
  readonly #db: Database;
  readonly #plan: Plan;
  #relation: Relation;
  #learned = false;
  #emptied = false;
  #inserts: Inserts | null = null;
  /** Values of rows that are still to be inserted: the first `#filled` ones. */
  #pending: Value[];
  #filled = 0;
  readonly #changes = new Map<Shape, Changes>();

  constructor(db: Database, plan: Plan, relation: Relation) {
    this.#db = db;
    this.#plan = plan;
    this.#relation = relation;
    this.#pending = roomFor(relation);
  }

  /** Whether a type was learned. */
  get learned(): boolean {
    return this.#learned;
  }

  /** Whether more may have changed than the rows that were staged. */
  get whole(): boolean {
    return this.#learned || this.#emptied;
  }

  /** False for a change of a row that was never seen, and that does not tell the whole row. `file` is its number. */
  take({ op, shape, row, old, at }: Picked, file: bigint): boolean {
    const changes = this.#changes.get(shape) ?? this.#adopt(shape);
    if (op === 'insert') return this.#insert(file, at.record, row);
    this.finish();
    switch (op) {
      case 'truncate':
        changes.truncate().run();
        this.#emptied = true;
        return true;
      case 'delete':
        return changes.delete(old);
      case 'update': {
        const told = changes.told.map((n) => row[n] ?? null);
        if (changes.update(old, file, at.record, ...told)) return true;
        return changes.complete && this.#insert(file, at.record, row);
      }
    }
  }

  /** Inserts what is still to be inserted. */
  finish(): void {
    if (this.#filled === 0) return;
    const { one } = this.#insertStatements();
    const width = this.#relation.scan.columns.length + 2;
    for (let at = 0; at < this.#filled; at += width) one().run(this.#pending.slice(at, at + width));
    this.#filled = 0;
  }

  #insert(file: bigint, record: number, row: readonly Value[]): true {
    const { keyed, one, together, instead } = this.#insertStatements();
    if (keyed) {
      if (one().run(file, record, ...row).changes === 0) instead(file, record, row);
      return true;
    }
    this.#add(file);
    this.#add(record);
    for (const value of row) this.#add(value);
    if (this.#filled < this.#pending.length) return true;
    together().run(this.#pending);
    this.#filled = 0;
    return true;
  }

  #add(value: Value): void {
    this.#pending[this.#filled++] = value;
  }

  /** Makes the relation fit a shape that was not met before. */
  #adopt(shape: Shape): Changes {
    const before = this.#relation;
    const keyed = isKeyed(this.#db, before);
    this.finish();
    this.#relation = learn(this.#db, before, shape);
    if (this.#relation.types !== before.types) {
      this.#learned ||= isLearned(before, this.#relation);
      this.#forget();
      this.#pending = roomFor(this.#relation);
      if (keyed) indexKey(this.#db, this.#plan, this.#relation);
    }
    const changes = this.#changesOf(shape);
    this.#changes.set(shape, changes);
    return changes;
  }

  /** What was prepared says what no longer is. */
  #forget(): void {
    this.#changes.clear();
    this.#inserts = null;
  }

  #changesOf(shape: Shape): Changes {
    const [db, plan, relation] = [this.#db, this.#plan, this.#relation];
    const told = toldColumns(relation, shape);
    return {
      told,
      complete: shape.seen.slice(0, relation.scan.used).every((seen) => seen),
      update: this.#found((width) => updateOf(plan, relation, told, width)),
      delete: this.#found((width) => deleteOf(plan, relation, width)),
      truncate: prepared(db, () => `DELETE FROM ${relation.table}`),
    };
  }

  #found(sql: (width: number) => string): Found {
    const statements = widthsOf(this.#relation.scan).map((width) => ({
      width,
      statement: prepared(this.#db, () => this.#finding(sql(width))),
    }));
    return (old, ...values) =>
      statements.some(({ width, statement }) => statement().run(...values, ...old.slice(0, width)).changes > 0);
  }

  /** Rows are found by an index, which is made when the first one is looked for. */
  #finding(sql: string): string {
    if (this.#relation.scan.key.length === 0) indexRow(this.#db, this.#relation);
    else if (!isKeyed(this.#db, this.#relation)) {
      indexKey(this.#db, this.#plan, this.#relation);
      this.#inserts = null;
    }
    return sql;
  }

  #insertStatements(): Inserts {
    this.#inserts ??= this.#insertsOf(isKeyed(this.#db, this.#relation));
    return this.#inserts;
  }

  #insertsOf(keyed: boolean): Inserts {
    const [db, plan, relation] = [this.#db, this.#plan, this.#relation];
    const own = ownColumns(relation);
    const update = prepared(db, () => updateOf(plan, relation, own));
    return {
      keyed,
      one: prepared(db, () => insertOf(plan, relation, keyed, 1)),
      together: prepared(db, () => insertOf(plan, relation, keyed, TOGETHER)),
      instead: (file, record, row) => {
        const values = own.map((n) => row[n] ?? null);
        update().run(file, record, ...values, ...row.slice(0, relation.scan.key.length));
      },
    };
  }
}

function roomFor({ scan }: Relation): Value[] {
  return new Array(TOGETHER * (scan.columns.length + 2)).fill(null);
}

/** The statements that put rows in, prepared when they are first needed. */
interface Inserts {
  /** Whether the key is indexed. Then a row is looked at by itself: the one that has its key may stand there. */
  readonly keyed: boolean;
  readonly one: () => Statement;
  readonly together: () => Statement;
  /** Puts a row in place of the one that has its key. */
  readonly instead: (file: bigint, record: number, row: readonly Value[]) => void;
}

/** The statements for changes of one shape. */
interface Changes {
  /** The columns that the shape tells; all that are in use where `complete`. */
  readonly told: readonly number[];
  readonly complete: boolean;
  readonly update: Found;
  readonly delete: Found;
  readonly truncate: () => Statement;
}

/** Does something to the row that is found by these values; false where there is none. */
type Found = (old: Row, ...values: readonly Value[]) => boolean;

function prepared(db: Database, sql: () => string): () => Statement {
  let statement: Statement | undefined;
  return () => {
    statement ??= db.prepare(sql());
    return statement;
  };
}
