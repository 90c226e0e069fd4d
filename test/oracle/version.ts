/**
 * A relation whose rows have versions: an older version never overwrites a newer one, nor brings a deleted row back; of
 * equal versions the one read later wins. NULL is older than any other version.
 *
 * A delete that tells no version takes the row that is there, as a truncate does, and has its version. A change of the key
 * deletes the row of the old key and brings that of the new one. Of an update that finds no row only one that tells all
 * that the mapping asks for brings one.
 */
import type { Fields, OracleChange } from './change.ts';
import { isLess, keyOf } from './compare.ts';
import type { Datum } from './datum.ts';
import type { OracleImage } from './row.ts';

export interface Versioned {
  readonly rows: readonly OracleImage[];
  /** The version of each key that was deleted. */
  readonly deleted: ReadonlyMap<string, Datum>;
}

export const NOTHING: Versioned = { rows: [], deleted: new Map() };

export interface Rules {
  readonly key: readonly string[];
  readonly used: ReadonlySet<string>;
  readonly versionOf: (row: OracleImage) => Datum;
}

export function applyVersion(
  rules: Rules,
  so: Versioned,
  change: OracleChange,
  read: (fields: Fields) => OracleImage,
): Versioned {
  switch (change.op) {
    case 'insert':
      return put(rules, so, read(change.after));
    case 'update': {
      const after = read(change.after);
      return update(rules, so, change.before ? read(change.before) : after, after);
    }
    case 'delete':
      return remove(rules, so, read(change.before));
    case 'truncate':
      return so.rows.reduce((left, row) => withoutRow(rules, left, row, rules.versionOf(row)), so);
  }
}

function put(rules: Rules, so: Versioned, row: OracleImage): Versioned {
  const [id, standing] = [idOf(rules, row), find(rules, so, row)];
  const known = standing ? rules.versionOf(standing) : so.deleted.get(id);
  if (known !== undefined && isOlder(rules.versionOf(row), known)) return so;
  const deleted = new Map(so.deleted);
  deleted.delete(id);
  return { rows: [...so.rows.filter((each) => each !== standing), row], deleted };
}

function update(rules: Rules, so: Versioned, before: OracleImage, after: OracleImage): Versioned {
  const standing = find(rules, so, before);
  const isWhole = [...rules.used].every((column) => after.has(column));
  const whole: OracleImage = new Map([...(standing ?? []), ...after]);
  const version = rules.versionOf(whole);
  const isMoved = idOf(rules, before) !== idOf(rules, whole);
  if (!standing) return isWhole ? put(rules, isMoved ? deleted(so, idOf(rules, before), version) : so, after) : so;
  if (isOlder(version, rules.versionOf(standing))) return isMoved && isWhole ? put(rules, so, after) : so;
  return put(rules, isMoved ? withoutRow(rules, so, standing, version) : so, whole);
}

function remove(rules: Rules, so: Versioned, before: OracleImage): Versioned {
  const [standing, told] = [find(rules, so, before), rules.versionOf(before)];
  if (!standing) return told === null ? so : deleted(so, idOf(rules, before), told);
  const version = rules.versionOf(standing);
  if (told !== null && isOlder(told, version)) return so;
  return withoutRow(rules, so, standing, told ?? version);
}

function withoutRow(rules: Rules, so: Versioned, row: OracleImage, version: Datum): Versioned {
  return deleted({ ...so, rows: so.rows.filter((each) => each !== row) }, idOf(rules, row), version);
}

function deleted(so: Versioned, id: string, version: Datum): Versioned {
  const known = so.deleted.get(id);
  if (known !== undefined && isOlder(version, known)) return so;
  return { ...so, deleted: new Map([...so.deleted, [id, version]]) };
}

function find(rules: Rules, { rows }: Versioned, image: OracleImage): OracleImage | undefined {
  return rows.find((row) => idOf(rules, row) === idOf(rules, image));
}

function idOf({ key }: Rules, row: OracleImage): string {
  return JSON.stringify(key.map((column) => keyOf(row.get(column) ?? null)));
}

function isOlder(a: Datum, b: Datum): boolean {
  return b !== null && (a === null || isLess(a, b));
}
