import type { Value } from '../change.ts';
import { quote } from '../sql/dialect.ts';
import type { Database } from '../store/database/database.ts';
import { ensureTemporary } from '../store/database/temporary.ts';
import type { Derivation } from '../store/derive/derivation.ts';
import { derive, type Roots } from '../store/derive/derive.ts';
import { enter } from '../store/step.ts';
import { type Difference, difference, type Standing } from './difference.ts';
import { sideBySide } from './side-by-side.ts';
import type { Target } from './target.ts';
import { uniquely } from './unique.ts';

/** How many rows of the target were written. */
export interface Written {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

/**
 * Brings the target to what the relations say, and writes only rows that differ.
 *
 * Goes side by side through the rows that the roots have now and those that stand in the target, root by root. What is
 * to go and to come is kept in temporary tables and written at the end, all deletes first: a unique value may move from
 * one root to another. Belongs to one transaction. Throws an EtlError where a row can't be computed or `sink.key` would
 * not be unique.
 */
export function update(derivation: Derivation, target: Target, roots: Roots): Written {
  const writes = compare(derivation, target, roots);
  enter('write');
  return uniquely(derivation, target.compared, () => writes.apply());
}

/**
 * Finds how the target differs from what the relations say. What is to go stands in `temp._etl_gone` by its `id`, and
 * what is to come in `temp._etl_come` with its columns `c0`, `c1`, ..., until `apply` writes it.
 */
export function compare(derivation: Derivation, target: Target, roots: Roots): Pick<Writes, 'apply'> {
  const writes = openWrites(derivation, target);
  whileReading(derivation.db, () => {
    const rows = sideBySide(derive(derivation, roots), standingRows(derivation, target, roots), byNumber);
    for (const [root, fresh, standing] of rows) writes.put(root, difference(fresh, standing));
  });
  return writes;
}

function byNumber(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b);
}

/** Lets temporary tables be written while others are read row by row, which the driver holds back to be safe. */
export function whileReading<T>(db: Database, work: () => T): T {
  db.unsafeMode(true);
  try {
    return work();
  } finally {
    db.unsafeMode(false);
  }
}

/** The target's rows in the order of their roots. */
function* standingRows(derivation: Derivation, target: Target, roots: Roots): Generator<readonly [bigint, Standing]> {
  const { rowid } = target;
  const { rootRows } = derivation;
  const columns = [rowid, ...target.columns.map((column) => quote(column.name))].map((column) => `t.${column}`);
  const all = `SELECT ${columns.join(', ')} FROM ${quote(target.table)} AS t ORDER BY t.${rowid}`;
  const touched = `SELECT ${columns.join(', ')} FROM temp.${derivation.touched} AS r CROSS JOIN ${quote(target.table)} AS t
    ON t.${rowid} >= r.rid * ${rootRows} AND t.${rowid} < (r.rid + 1) * ${rootRows} ORDER BY r.rid`;
  const rows = derivation.db
    .prepare(roots === 'all' ? all : touched)
    .raw()
    .iterate();
  for (const [id, ...row] of rows as Iterable<[bigint, ...Value[]]>) yield [id / rootRows, { id, row }];
}

interface Writes {
  readonly put: (root: bigint, difference: Difference) => void;
  readonly apply: () => Written;
}

function openWrites(derivation: Derivation, target: Target): Writes {
  const { db, rootRows } = derivation;
  const columns = target.columns.map((_, n) => `c${n}`);
  ensureTemporary(db, 'TABLE', '_etl_gone', '(id INTEGER PRIMARY KEY)');
  ensureTemporary(db, 'TABLE', '_etl_come', `(id INTEGER PRIMARY KEY, ${columns.join(', ')})`);
  const goes = db.prepare('INSERT INTO temp._etl_gone VALUES (?)');
  const comes = db.prepare(`INSERT INTO temp._etl_come VALUES (?, ${columns.map(() => '?').join(', ')})`);
  const written = { added: 0, changed: 0, removed: 0 };
  return {
    put: (root, { gone, come, kept }) => {
      const changed = Math.min(gone.length, come.length);
      for (const { id } of gone) goes.run(id);
      const ids = places(root * rootRows, gone.slice(0, changed), kept, come.length);
      for (const [n, row] of come.entries()) comes.run(ids[n], ...row);
      written.added += come.length - changed;
      written.changed += changed;
      written.removed += gone.length - changed;
    },
    apply: () => {
      db.exec(applying(target));
      return written;
    },
  };
}

/** So many rowids from a root's first one on: those of rows that go, then the first ones that are free. */
function places(first: bigint, gone: readonly Standing[], kept: readonly Standing[], count: number): readonly bigint[] {
  const ids = gone.map((each) => each.id);
  const taken = new Set([...ids, ...kept.map((each) => each.id)]);
  for (let id = first; ids.length < count; id++) {
    if (!taken.has(id)) ids.push(id);
  }
  return ids;
}

/** FAIL, for all is undone if a row is refused: so SQLite need not write down what this statement alone would undo. */
function applying({ table, rowid, columns }: Target): string {
  const names = [rowid, ...columns.map((column) => quote(column.name))].join(', ');
  return `DELETE FROM ${quote(table)} WHERE ${rowid} IN (SELECT id FROM temp._etl_gone);
    INSERT OR FAIL INTO ${quote(table)} (${names}) SELECT * FROM temp._etl_come;
    DELETE FROM temp._etl_gone;
    DELETE FROM temp._etl_come;`;
}
