import { deserialize, serialize } from 'node:v8';
import type { Row } from '../../change.ts';
import type { Database } from '../database/database.ts';
import type { Picked } from '../pick/pick.ts';

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
  /** Batches of several sources may be open side by side, and each puts its rows aside under its source. */
  readonly #source: string;
  readonly #limit: number;
  #rows: Picked[] = [];
  #weight = 0;
  #aside = 0;
  #parts = 0;
  #whole = 0;
  #transactions = 0;
  /** Rows that were put aside and don't count (any more), in order: from, to. */
  #dropped: (readonly [number, number])[] = [];

  constructor(db: Database, source: string, limit: number) {
    this.#db = db;
    this.#source = source;
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
    const dropped = this.#rows.splice(Math.max(0, this.#whole - this.#aside));
    this.#weight -= dropped.reduce((sum, row) => sum + weigh(row), 0);
    if (this.#aside > this.#whole) this.#dropped.push([this.#whole, this.#aside]);
    this.#whole = Math.max(this.#whole, this.#aside);
    this.#tidy();
  }

  /** The rows of the ended transactions. */
  *rows(): Generator<Picked> {
    let [n, passed] = [0, 0];
    for (const rows of this.#all()) {
      for (const row of rows) {
        if (n >= this.#whole) return;
        while (n >= (this.#dropped[passed]?.[1] ?? this.#whole)) passed++;
        if (n < (this.#dropped[passed]?.[0] ?? this.#whole)) yield row;
        n++;
      }
    }
  }

  /** The ended transactions are committed. One that has not ended goes on. */
  clear(): void {
    this.#rows = this.#rows.slice(Math.max(0, this.#whole - this.#aside));
    this.#weight = this.#rows.reduce((sum, row) => sum + weigh(row), 0);
    this.#whole = Math.min(this.#whole, this.#aside);
    this.#dropped = this.#whole > 0 ? [[0, this.#whole]] : [];
    this.#transactions = 0;
    this.#tidy();
  }

  *#all(): Generator<readonly Picked[]> {
    for (let n = 0; n < this.#parts; n++) yield this.#part(n);
    yield this.#rows;
  }

  #part(n: number): readonly Picked[] {
    const find = this.#db.prepare('SELECT rows FROM temp._etl_aside WHERE source = ? AND n = ?').pluck();
    return deserialize(find.get(this.#source, n) as Buffer);
  }

  /** One value for all rows, for then those of one shape still share it when they come back. */
  #putAside(): void {
    this.#db.exec(
      'CREATE TABLE IF NOT EXISTS temp._etl_aside (source TEXT, n INTEGER, rows BLOB, PRIMARY KEY (source, n))',
    );
    const insert = this.#db.prepare('INSERT INTO temp._etl_aside VALUES (?, ?, ?)');
    insert.run(this.#source, this.#parts, serialize(this.#rows));
    this.#parts++;
    this.#aside += this.#rows.length;
    this.#rows = [];
    this.#weight = 0;
  }

  /** What was put aside goes once none of it counts. */
  #tidy(): void {
    const passed = this.#dropped.reduce((sum, [from, to]) => sum + to - from, 0);
    if (this.#aside === 0 || passed < this.#aside) return;
    this.#db.prepare('DELETE FROM temp._etl_aside WHERE source = ?').run(this.#source);
    this.#whole -= this.#aside;
    [this.#aside, this.#parts, this.#dropped] = [0, 0, []];
  }
}

function weigh({ row, old }: Picked): number {
  return weighAll(row) + weighAll(old);
}

function weighAll(row: Row): number {
  let sum = 0;
  for (const value of row) sum += typeof value === 'string' ? value.length : 8;
  return sum;
}
