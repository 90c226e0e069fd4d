import { deserialize, serialize } from 'node:v8';
import type { Database } from './database.ts';
import type { Picked } from './pick.ts';

/** Rows that are held in memory, if they are not heavy, before they are put aside: fewer are not worth it. */
const MANY = 1_000;

/** Characters of picked values that are held in memory at most, give or take one row. */
const HEAVY = 32 << 20;

/**
 * The picked rows of one batch, in order.
 *
 * A batch holds whole transactions, and a transaction may be larger than memory: what goes beyond `limit` rows is put
 * aside in SQLite's temporary database, which is a file. `whole` is the number of rows that belong to ended
 * transactions; the rows behind it are of a transaction whose end has not been read.
 */
export class Batch {
  readonly #db: Database;
  readonly #limit: number;
  #rows: Picked[] = [];
  #weight = 0;
  #aside = 0;
  #whole = 0;
  #transactions = 0;
  /** Rows that don't count, in order: from, to. */
  #dropped: (readonly [number, number])[] = [];

  constructor(db: Database, limit: number) {
    this.#db = db;
    this.#limit = limit;
  }

  get whole(): number {
    return this.#whole;
  }

  get transactions(): number {
    return this.#transactions;
  }

  /** Whether it is time to commit, at the next end of a transaction. */
  get full(): boolean {
    return this.#aside > 0 || this.#rows.length >= this.#limit || this.#weight >= HEAVY;
  }

  add(row: Picked): void {
    if (this.#rows.length >= Math.max(this.#limit, MANY) || this.#weight >= HEAVY) this.#putAside();
    this.#rows.push(row);
    this.#weight += weigh(row);
  }

  /** The transaction ends here. */
  end(): void {
    this.#whole = this.#aside + this.#rows.length;
    this.#transactions++;
  }

  /** The transaction that has not ended is not to be. */
  drop(): void {
    const length = this.#aside + this.#rows.length;
    if (length > this.#whole) this.#dropped.push([this.#whole, length]);
    this.#whole = length;
  }

  /** The rows of the ended transactions. */
  *rows(): Generator<Picked> {
    let [n, passed] = [0, 0];
    for (const rows of this.#parts()) {
      for (const row of rows) {
        if (n >= this.#whole) return;
        while (n >= (this.#dropped[passed]?.[1] ?? this.#whole)) passed++;
        if (n < (this.#dropped[passed]?.[0] ?? this.#whole)) yield row;
        n++;
      }
    }
  }

  /** Forgets what was committed, and a transaction that has no end. */
  clear(): void {
    if (this.#aside > 0) this.#db.exec('DELETE FROM temp._etl_aside');
    this.#rows = [];
    this.#weight = 0;
    this.#aside = 0;
    this.#whole = 0;
    this.#transactions = 0;
    this.#dropped = [];
  }

  *#parts(): Generator<readonly Picked[]> {
    const count =
      this.#aside === 0 ? 0 : (this.#db.prepare('SELECT max(n) FROM temp._etl_aside').pluck().get() as bigint);
    for (let n = 1n; n <= count; n++) {
      yield deserialize(this.#db.prepare('SELECT rows FROM temp._etl_aside WHERE n = ?').pluck().get(n) as Buffer);
    }
    yield this.#rows;
  }

  /** One value for all rows, for then those of one shape still share it when they come back. */
  #putAside(): void {
    this.#db.exec('CREATE TABLE IF NOT EXISTS temp._etl_aside (n INTEGER PRIMARY KEY, rows BLOB)');
    this.#db.prepare('INSERT INTO temp._etl_aside (rows) VALUES (?)').run(serialize(this.#rows));
    this.#aside += this.#rows.length;
    this.#rows = [];
    this.#weight = 0;
  }
}

function weigh({ row, old }: Picked): number {
  return [...row, ...old].reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 8), 0);
}
