/**
 * Counts how the joins of a plan fare, and keeps the counts up to date.
 *
 * They are sums over the roots, and a batch changes those of the roots that it touches only (`sql/climb.ts` says why these
 * are all): what these had before the batch is taken out, and what they have now is put in. What they had is read by a
 * connection of its own, to which the database shows what is committed as long as the batch is not.
 */
import { missingIn, missingRows, rootCount, type UnpairedRows, unpairedRows } from '../../sql/counts.ts';
import { sqlite } from '../../sql/dialect.ts';
import { type Database, readDatabase } from '../database/database.ts';
import { naming } from '../derive/culprit.ts';
import type { Derivation } from '../derive/derivation.ts';
import type { Roots } from '../derive/derive.ts';
import { addTouched, emptyTouched, touchedRoots } from '../derive/touched.ts';
import type { Counts } from '../state/joins.ts';
import type { State } from '../state/state.ts';
import { arePartnersSingle } from './partners.ts';
import { openSums, type Sums } from './sums.ts';

/**
 * How the joins fare once the metric rows of the roots are written, within the transaction that writes them. `standing` is
 * a SELECT of the roots that have metric rows.
 *
 * Throws an EtlError where a filter can't be computed of a row, which the metric may have done without.
 */
export function count(derivation: Derivation, state: State, roots: Roots, standing: string): Counts {
  const { db } = derivation;
  // Only then do readers see what was before, and need not wait.
  const isKept = db.pragma('journal_mode', { simple: true }) === 'wal';
  return naming(derivation, () =>
    roots === 'touched' && isKept && state.counts
      ? countTouched(derivation, state, state.counts)
      : countAll(derivation, state, standing),
  );
}

function countTouched(derivation: Derivation, state: State, kept: Counts): Counts {
  const { db } = derivation;
  const sums = openSums(db, derivation.plan, state, kept);
  const before = readDatabase(db.name);
  try {
    for (const roots of touchedRoots(db)) {
      add(sums, -1, derivation, before, roots);
      add(sums, 1, derivation, db, roots);
    }
  } finally {
    before.close();
  }
  return sums.counts();
}

function countAll(derivation: Derivation, state: State, standing: string): Counts {
  const { db, plan, names, root } = derivation;
  const sums = openSums(db, plan, state, null);
  sums.addRoots(countRoots(derivation, db, null));
  const isInner = plan.joins.every(({ kind }) => kind === 'inner');
  // A filter could fail on a row that no join asks for.
  const isFree = plan.joins.every(({ scan }) => scan.filter === null);
  const isSingle = (isInner || isFree) && arePartnersSingle(db, plan, names);
  if (isSingle && isInner) {
    // A root that has a metric row then found one partner in each join.
    emptyTouched(db);
    addTouched(db, `SELECT rid FROM ${root.table} EXCEPT ${standing}`);
    for (const roots of touchedRoots(db)) addUnpaired(sums, 1, derivation, db, roots);
  } else if (isSingle) addMissing(sums, derivation);
  else addUnpaired(sums, 1, derivation, db, null);
  return sums.counts();
}

/** All joins at once. */
function addMissing(sums: Sums, { db, plan, names }: Derivation): void {
  const rows = db
    .prepare(missingRows(plan, names, sqlite))
    .raw()
    .iterate() as Iterable<(bigint | null)[]>;
  for (const row of rows) for (const [n, unpaired] of missingIn(plan, row)) sums.addRows(n, 1, unpaired);
}

function add(sums: Sums, sign: 1 | -1, derivation: Derivation, from: Database, roots: string): void {
  sums.addRoots(sign * countRoots(derivation, from, roots));
  addUnpaired(sums, sign, derivation, from, roots);
}

/** The roots of a JSON array, or all, as a connection sees them. */
function countRoots({ plan, names, rid }: Derivation, from: Database, roots: string | null): number {
  const query = rootCount(plan, names, sqlite, among(rid, roots));
  return Number(
    from
      .prepare(query)
      .pluck()
      .get(...bound(roots)),
  );
}

function addUnpaired(sums: Sums, sign: 1 | -1, derivation: Derivation, from: Database, roots: string | null): void {
  const { plan, names, rid } = derivation;
  for (const n of plan.joins.keys()) {
    const query = unpairedRows(plan, n, names, sqlite, among(rid, roots));
    for (const rows of from.prepare(query).iterate(...bound(roots))) sums.addRows(n, sign, rows as UnpairedRows);
  }
}

function among(rid: string, roots: string | null): readonly string[] {
  return roots === null ? [] : [`${rid} IN (SELECT value FROM json_each(?))`];
}

function bound(roots: string | null): readonly string[] {
  return roots === null ? [] : [roots];
}
