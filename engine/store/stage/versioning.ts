/**
 * Stages the changes of a relation whose rows have versions, in whatever order they come.
 *
 * A key is known by its row or by the tombstone that its delete left. A change whose version is older than that is passed
 * over; of equal versions the one that is read later wins. A delete that tells no version takes the row as it stands, and
 * so does a truncate; the tombstone then has the version of the row. A change of the key is a delete of the old one and a
 * whole row under the new one, both of one version. What an update leaves out is that of the row it finds.
 */
import type { Row } from '../../change.ts';
import type { Expression } from '../../expression/expression.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Database } from '../database/database.ts';
import { isOlder, type VersionOf, versionOf } from '../pick/versions.ts';
import type { Relation } from '../state/stock.ts';
import { indexKey } from './indexes.ts';
import { type KeyedRows, keyedRows, type Place } from './keyed-rows.ts';
import { ownColumns } from './staging.ts';
import { buryRows, tombstonesOf } from './tombstones.ts';

/** What became of a change; a lost one is of a row that was never seen, and does not tell it. */
export type Taken = 'taken' | 'older' | 'lost';

export interface Versioning {
  /** Takes a whole row. */
  readonly insert: (place: Place, row: Row) => Taken;
  /** `columns` are those that the update tells, `old` is the key by which it finds its row. */
  readonly update: (place: Place, columns: readonly number[], row: Row, old: Row) => Taken;
  /** Behind the key `old` has the columns of the version, where the delete tells them. */
  readonly delete: (place: Place, old: Row) => Taken;
  readonly truncate: () => void;
}

/** The relation's key is indexed. Throws an EtlError where what is known of types doesn't fit the version. */
export function openVersioning(db: Database, plan: Plan, relation: Relation, version: Expression): Versioning {
  const buried = tombstonesOf(relation);
  indexKey(db, plan, buried);
  const known: Known = {
    relation,
    rows: keyedRows(db, plan, relation),
    tombstones: keyedRows(db, plan, buried),
    version: versionOf(plan, relation, version),
    own: ownColumns(relation),
  };
  return {
    insert: (place, row) => insert(known, place, row),
    update: (place, columns, row, old) => update(known, place, { columns: new Set(columns), row, old }),
    delete: (place, old) => remove(known, place, old),
    truncate: () => {
      buryRows(db, relation, 'TRUE');
      db.exec(`DELETE FROM ${relation.table}`);
    },
  };
}

/** What is known of the keys. None has both a row and a tombstone. */
interface Known {
  readonly relation: Relation;
  readonly rows: KeyedRows;
  readonly tombstones: KeyedRows;
  readonly version: VersionOf;
  /** The columns that a whole row brings. */
  readonly own: readonly number[];
}

interface Update {
  readonly columns: ReadonlySet<number>;
  readonly row: Row;
  readonly old: Row;
}

function insert({ relation, rows, tombstones, version, own }: Known, place: Place, row: Row): Taken {
  const key = row.slice(0, relation.scan.key.length);
  const standing = rows.find(key);
  const before = standing ?? tombstones.find(key);
  if (before && isOlder(version(row), version(before))) {
    if (standing) rows.claim(place, key);
    return 'older';
  }
  if (standing) rows.update(place, own, row, key);
  else {
    if (before) tombstones.delete(key);
    rows.insert(place, row);
  }
  return 'taken';
}

function update(known: Known, place: Place, change: Update): Taken {
  const { rows, version } = known;
  const { columns, row, old } = change;
  const standing = rows.find(old);
  if (!standing) return updateUnseen(known, place, change);
  const whole = merged(standing, change);
  if (isOlder(version(whole), version(standing))) {
    if (!isMoved(change)) return 'older';
    return isWhole(known, change) ? insert(known, place, row) : 'lost';
  }
  if (!isMoved(change)) {
    rows.update(place, [...columns], row, old);
    return 'taken';
  }
  rows.delete(old);
  bury(known, place, old, whole);
  return insert(known, place, whole);
}

/** Of a row that is not there. What it left, a tombstone, may be newer than the update. */
function updateUnseen(known: Known, place: Place, change: Update): Taken {
  const { tombstones, version } = known;
  if (!isWhole(known, change)) {
    const before = tombstones.find(change.old);
    return before && isOlder(version(merged(before, change)), version(before)) ? 'older' : 'lost';
  }
  if (isMoved(change)) bury(known, place, change.old, change.row);
  return insert(known, place, change.row);
}

function remove(known: Known, place: Place, old: Row): Taken {
  const { relation, rows, tombstones, version } = known;
  const key = old.slice(0, relation.scan.key.length);
  const told = old.length === relation.scan.tombstone ? version(old) : null;
  const standing = rows.find(key);
  if (standing && told !== null && isOlder(told, version(standing))) return 'older';
  if (!standing && told === null) return tombstones.find(key) ? 'taken' : 'lost';
  if (standing) rows.delete(key);
  bury(known, place, key, told === null && standing ? standing : old);
  return 'taken';
}

/** Leaves a tombstone with the version of a row; one that is newer stays. */
function bury({ relation, tombstones, version }: Known, place: Place, key: Row, row: Row): void {
  const tombstone = [...key, ...row.slice(key.length, relation.scan.tombstone)];
  const before = tombstones.find(key);
  if (!before) tombstones.insert(place, tombstone);
  else if (!isOlder(version(tombstone), version(before)))
    tombstones.update(place, [...tombstone.keys()], tombstone, key);
}

/** Whether all is told that is in use. */
function isWhole({ own, relation: { scan } }: Known, { columns }: Update): boolean {
  return own.every((n) => n >= scan.used || columns.has(n));
}

/** Whether another key is told. One that is only written otherwise passes for another: its row is deleted and comes again. */
function isMoved({ columns, row, old }: Update): boolean {
  return old.some((value, n) => columns.has(n) && value !== row[n]);
}

/** What stands there, with what is told in its place. */
function merged(standing: Row, { columns, row }: Update): Row {
  return standing.map((value, n) => (columns.has(n) ? (row[n] ?? null) : value));
}
