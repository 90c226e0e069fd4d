import type { Row, Value } from '../change.ts';
import { quote } from '../sql/dialect.ts';
import type { Derivation } from '../store/derivation.ts';
import { derive, rootsOf } from '../store/derive.ts';
import { type Difference, difference, push, type Standing } from './difference.ts';
import { ROOT_ROWS, type Target } from './target.ts';
import { uniquely } from './unique.ts';

/** How many rows of the target were written. */
export interface Written {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

/** Roots compared at once. */
const STEP = 5_000n;

/**
 * Brings the target to what the relations say, and writes only rows that differ.
 *
 * Goes through the roots in steps and compares the rows that each has now with those in its range of the target. What
 * is to go and to come is kept in temporary tables and written at the end, all deletes first: a unique value may move
 * from one root to another. Belongs to one transaction. Throws an EtlError where a row can't be computed or `sink.key`
 * would not be unique.
 */
export function update(derivation: Derivation, target: Target): Written {
  const writes = openWrites(derivation, target);
  for (const [low, high] of steps(derivation, target)) {
    const fresh = new Map<bigint, Row[]>();
    for (const { rid, row } of derive(derivation, low, high)) push(fresh, rid, row);
    const standing = standingRows(derivation, target, low, high);
    for (const root of new Set([...fresh.keys(), ...standing.keys()])) {
      writes.put(root, difference(fresh.get(root) ?? [], standing.get(root) ?? []));
    }
  }
  return writes.apply();
}

function* steps(derivation: Derivation, target: Target): Generator<readonly [low: bigint, high: bigint]> {
  const rowids = `SELECT max(${target.rowid}) FROM ${quote(target.table)}`;
  const standing = (derivation.db.prepare(rowids).pluck().get() as bigint | null) ?? 0n;
  const ends = [rootsOf(derivation)?.high ?? 0n, standing / ROOT_ROWS];
  const last = ends.reduce((a, b) => (a > b ? a : b));
  for (let low = 0n; low <= last; low += STEP) yield [low, low + STEP - 1n];
}

/** The target's rows of the roots `low` to `high`, by root. */
function standingRows({ db }: Derivation, target: Target, low: bigint, high: bigint): Map<bigint, Standing[]> {
  const { rowid, table } = target;
  const columns = [rowid, ...target.columns.map((column) => quote(column.name))].join(', ');
  const sql = `SELECT ${columns} FROM ${quote(table)} WHERE ${rowid} >= ? AND ${rowid} < ?`;
  const rows = db
    .prepare(sql)
    .raw()
    .all(low * ROOT_ROWS, (high + 1n) * ROOT_ROWS) as [bigint, ...Value[]][];
  const roots = new Map<bigint, Standing[]>();
  for (const [id, ...row] of rows) push(roots, id / ROOT_ROWS, { id, row });
  return roots;
}

interface Writes {
  readonly put: (root: bigint, difference: Difference) => void;
  readonly apply: () => Written;
}

function openWrites(derivation: Derivation, target: Target): Writes {
  const { db } = derivation;
  const columns = target.columns.map((_, n) => `c${n}`);
  db.exec('DROP TABLE IF EXISTS temp.gone; CREATE TEMP TABLE gone (id INTEGER PRIMARY KEY)');
  db.exec(`DROP TABLE IF EXISTS temp.come; CREATE TEMP TABLE come (id INTEGER PRIMARY KEY, ${columns.join(', ')})`);
  const goes = db.prepare('INSERT INTO temp.gone VALUES (?)');
  const comes = db.prepare(`INSERT INTO temp.come VALUES (?, ${columns.map(() => '?').join(', ')})`);
  const written = { added: 0, changed: 0, removed: 0 };
  return {
    put: (root, { gone, come, kept }) => {
      const changed = Math.min(gone.length, come.length);
      for (const { id } of gone) goes.run(id);
      const ids = places(root, gone.slice(0, changed), kept, come.length);
      for (const [n, row] of come.entries()) comes.run(ids[n], ...row);
      written.added += come.length - changed;
      written.changed += changed;
      written.removed += gone.length - changed;
    },
    apply: () => {
      uniquely(derivation, target, () => db.exec(applying(target)));
      return written;
    },
  };
}

/** So many rowids of a root: those of rows that go, then the first ones that are free. */
function places(root: bigint, gone: readonly Standing[], kept: readonly Standing[], count: number): readonly bigint[] {
  const ids = gone.map((each) => each.id);
  const taken = new Set([...ids, ...kept.map((each) => each.id)]);
  for (let id = root * ROOT_ROWS; ids.length < count; id++) {
    if (!taken.has(id)) ids.push(id);
  }
  return ids;
}

function applying({ table, rowid, columns }: Target): string {
  const names = [rowid, ...columns.map((column) => quote(column.name))].join(', ');
  return `DELETE FROM ${quote(table)} WHERE ${rowid} IN (SELECT id FROM temp.gone);
    INSERT INTO ${quote(table)} (${names}) SELECT * FROM temp.come;
    DROP TABLE temp.gone;
    DROP TABLE temp.come;`;
}
