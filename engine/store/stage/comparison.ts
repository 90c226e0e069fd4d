/**
 * Holds rows that are read again against those that stand in their relations.
 *
 * It knows the relations as they are when it is opened, with nothing of the table pending. A row that stands there as it
 * came is not staged again. Which rows came is kept in a bit for each; those of the table that did not are gone from it,
 * if it was read as a whole. Rows that are staged meanwhile stand behind the highest row there was, and are not asked for.
 */
import type { Statement } from 'better-sqlite3';
import type { Position, Value } from '../../change.ts';
import type { Plan } from '../../plan/plan.ts';
import { type Database, transaction } from '../database/database.ts';
import type { Picked } from '../pick/pick.ts';
import type { Shape } from '../pick/shape.ts';
import type { State } from '../state/state.ts';
import { columnOf, type Relation } from '../state/stock.ts';
import { indexKey, isKeyed, keyForms } from './indexes.ts';

export interface Comparison {
  /** Whether a row stands as it came. */
  stands(picked: Picked): boolean;
  /** Whether a key came as another type than the rows have by which it is found: then not all that came are known. */
  readonly isBlind: boolean;
  /** The rows of the table that did not come, as deletes. */
  vanished(at: Position): Iterable<Picked>;
}

/** Opens the comparison for one table of a source; `path` is what the table is called. */
export function openComparison(db: Database, plan: Plan, state: State, source: string, path: string): Comparison {
  const file = fileNumber(db, state, source, path);
  const standing = Array.from(state.relations.entries(), (each) => standingIn(db, plan, each, file));
  let isBlind = false;
  return {
    stands({ shape, row }) {
      const rows = standing[shape.relation];
      if (!rows) return false;
      isBlind ||= rows.relation.scan.key.some((_, n) => shape.types[n] !== rows.relation.types[n]);
      rows.shape = shape;
      return rows.take(row);
    },
    get isBlind() {
      return isBlind;
    },
    *vanished(at) {
      for (const rows of standing) if (rows) yield* gone(db, rows, file, at);
    },
  };
}

/** The rows that a relation had when the comparison was opened. */
interface Standing {
  readonly relation: Relation;
  /** That of the last row that came: what was learned since the comparison was opened stays. */
  shape: Shape;
  readonly high: bigint;
  readonly seen: Uint8Array;
  /** Notes that the row of this key came; says whether it is the same. */
  take(row: readonly Value[]): boolean;
}

/** Null where there is nothing to compare with. */
function standingIn(
  db: Database,
  plan: Plan,
  [place, relation]: readonly [number, Relation],
  file: bigint | null,
): Standing | null {
  const high = db.prepare(`SELECT max(rid) FROM ${relation.table}`).pluck().get() as bigint | null;
  if (high === null || file === null) return null;
  // A first load that was broken off has no index yet, by which a row is found.
  if (!isKeyed(db, relation)) transaction(db, () => indexKey(db, plan, relation));
  const find = db.prepare(findingOf(plan, relation)).raw();
  const seen = new Uint8Array(Number(high / 8n) + 1);
  const width = relation.scan.columns.length;
  const told = relation.scan.columns.flatMap(({ path }, n) => (path.kind === 'fact' ? [] : [n]));
  const take = (row: readonly Value[]) => {
    const values = [file, ...told.map((n) => row[n] ?? null), ...row.slice(0, relation.scan.key.length)];
    const [rid = null, same] = (find.get(values) as readonly [bigint, bigint] | undefined) ?? [];
    if (rid === null || rid > high) return false;
    const isFirst = !has(seen, rid);
    mark(seen, rid);
    // Of two rows with one key that came together the later one stays, also where the first was another one.
    return isFirst && same === 1n && row.slice(width).every((value) => value === null);
  };
  const shape = { relation: place, columns: relation.scan.columns, types: relation.types, seen: relation.seen };
  return { relation, shape, high, seen, take };
}

/** A row of another table is not this one, for it goes with that. */
function findingOf(plan: Plan, relation: Relation): string {
  const told = relation.scan.columns.flatMap(({ path }, n) =>
    path.kind === 'fact' ? [] : [`${columnOf(relation, n)} IS ?`],
  );
  const values = keyForms(plan, relation, '?');
  const key = keyForms(plan, relation).map((form, n) => `${form} = ${values[n]}`);
  return `SELECT rid, ${['file = ?', ...told].join(' AND ')} FROM ${relation.table} WHERE ${key.join(' AND ')}`;
}

function* gone(
  db: Database,
  { relation, shape, high, seen }: Standing,
  file: bigint | null,
  at: Position,
): Iterable<Picked> {
  const { table, scan } = relation;
  const next: Statement = db
    .prepare(
      `SELECT rid, ${scan.key.map((_, n) => columnOf(relation, n)).join(', ')} FROM ${table}
       WHERE file = ? AND rid > ? AND rid <= ? ORDER BY rid LIMIT 1000`,
    )
    .raw();
  // Page by page, for whoever takes the rows may commit in between, and no statement may be open then.
  for (let last = 0n; ; ) {
    const rows = next.all(file, last, high) as (readonly [bigint, ...Value[]])[];
    for (const [rid, ...old] of rows) if (!has(seen, rid)) yield { op: 'delete', shape, row: [], old, at };
    const end = rows.at(-1);
    if (end === undefined) return;
    last = end[0];
  }
}

function fileNumber(db: Database, state: State, source: string, path: string): bigint | null {
  const id = db
    .prepare('SELECT id FROM _etl_file WHERE stock = ? AND source = ? AND path = ? AND NOT replaced')
    .pluck()
    .get(state.stock, source, path);
  return (id as bigint | undefined) ?? null;
}

function has(bits: Uint8Array, n: bigint): boolean {
  return (((bits[Number(n >> 3n)] ?? 0) >> Number(n & 7n)) & 1) === 1;
}

function mark(bits: Uint8Array, n: bigint): void {
  const place = Number(n >> 3n);
  bits[place] = (bits[place] ?? 0) | (1 << Number(n & 7n));
}
