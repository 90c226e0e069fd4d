/**
 * A relation: the newest row of each key, or a bag of rows where the table has no key.
 *
 * A column missing from an update keeps its value, also when the key changes with it.
 * With versions it is `version.ts` that says which changes count.
 */
import type { Fields, OracleChange } from './change.ts';
import { keyOf } from './compare.ts';
import { type OracleType, ofLog, typeOfLog } from './datum.ts';
import { evaluate } from './expression.ts';
import type { OracleTable } from './mapping.ts';
import { type OracleImage, rowScope } from './row.ts';
import { applyVersion, NOTHING, type Versioned } from './version.ts';

export interface Relation {
  readonly rows: readonly OracleImage[];
  /** What the mapping says of a column, else what the log said first. */
  readonly types: ReadonlyMap<string, OracleType>;
}

/** The relation after all changes of a log; those of other tables are passed over. */
export function relationOf(alias: string, table: OracleTable, changes: readonly OracleChange[]): Relation {
  const types = new Map(table.types);
  const { version, key, used } = table;
  let rows: OracleImage[] = [];
  let versioned: Versioned = NOTHING;
  for (const change of changes) {
    if (!isOf(table, change)) continue;
    if ('after' in change) learn(types, change.after);
    const read = (fields: Fields) => imageOf(fields, types);
    if (version) {
      const versionOf = (row: OracleImage) => evaluate(version, rowScope(alias, types, row));
      versioned = applyVersion({ key, used, versionOf }, versioned, change, read);
    } else rows = apply(key, rows, change, read);
  }
  return { rows: version ? versioned.rows : rows, types };
}

function isOf(table: OracleTable, change: OracleChange): boolean {
  return (change.schema ?? 'public') === table.schema && table.tables.some((pattern) => isNamed(pattern, change.table));
}

function isNamed(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(name);
}

function learn(types: Map<string, OracleType>, fields: Fields): void {
  for (const [name, { type }] of fields) {
    if (type !== null && !types.has(name)) types.set(name, typeOfLog(type));
  }
}

function imageOf(fields: Fields, types: ReadonlyMap<string, OracleType>): OracleImage {
  return new Map([...fields].map(([name, { json }]) => [name, ofLog(json, types.get(name) ?? null)]));
}

function apply(
  key: readonly string[],
  rows: readonly OracleImage[],
  change: OracleChange,
  imageOfFields: (fields: Fields) => OracleImage,
): OracleImage[] {
  switch (change.op) {
    case 'truncate':
      return [];
    case 'delete':
      return without(rows, find(key, rows, imageOfFields(change.before)));
    case 'insert': {
      const after = imageOfFields(change.after);
      return [...without(rows, key.length > 0 ? find(key, rows, after) : -1), after];
    }
    case 'update': {
      const after = imageOfFields(change.after);
      const old = find(key, rows, change.before ? imageOfFields(change.before) : after);
      const updated: OracleImage = new Map([...(rows[old] ?? []), ...after]);
      const others = without(rows, old);
      return [...without(others, key.length > 0 ? find(key, others, updated) : -1), updated];
    }
  }
}

/** The place of the row that an old image means: by key, or in a bag one that is equal in all columns; -1 where none is. */
function find(key: readonly string[], rows: readonly OracleImage[], image: OracleImage): number {
  if (key.length > 0) return rows.findIndex((row) => key.every((column) => isAlike(row, image, column)));
  return rows.findIndex((row) =>
    [...new Set([...row.keys(), ...image.keys()])].every((column) => isAlike(row, image, column)),
  );
}

function isAlike(row: OracleImage, image: OracleImage, column: string): boolean {
  return keyOf(row.get(column) ?? null) === keyOf(image.get(column) ?? null);
}

function without(rows: readonly OracleImage[], place: number): OracleImage[] {
  return place < 0 ? [...rows] : rows.toSpliced(place, 1);
}
