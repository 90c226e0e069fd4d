/** What changed rows do to the groups they belong to, as SQL over the tables of the state. */
import { GROUP } from '../expression/group/grouping.ts';
import type { Scan } from '../plan/plan.ts';
import { quote } from '../sql/dialect.ts';
import type { Kept } from '../sql/fold.ts';
import type { GroupColumn } from '../sql/group.ts';
import type { Database } from '../store/database/database.ts';
import { ensureTemporary } from '../store/database/temporary.ts';
import { addTouched, emptyTouched, touchedOf } from '../store/derive/touched.ts';
import type { Relation } from '../store/state/stock.ts';

/**
 * The groups of a metric. Their table holds, beside a relation's columns, how many rows a group has (`n`), and for each
 * aggregate how many values are not NULL (`n<column>`) and its state (`s<column>`): the value itself where it is looked
 * up.
 */
export interface Groups {
  readonly relation: Relation;
  /** The table of what is computed of each row. */
  readonly rows: string;
  readonly columns: readonly GroupColumn[];
}

export function groupsIn(table: string, rows: string, scan: Scan, columns: readonly GroupColumn[]): Groups {
  const relation = {
    id: 0n,
    table,
    scan,
    numbers: [...columns.keys()],
    types: columns.map(({ type }) => type),
    seen: columns.map(() => true),
  };
  return { relation, rows, columns };
}

/** Makes all groups anew out of the rows. One that is there keeps its number. */
export function replaceByDelta(db: Database, groups: Groups): void {
  const { table } = groups.relation;
  ensureTables(db, groups);
  indexRows(db, groups);
  const parts = aggregatesOf(groups).flatMap(({ column, fold }) => [
    `count(${column})`,
    fold.kept ? (fold.kept.state?.of(column) ?? 'NULL') : fold.whole(column),
  ]);
  fillDelta(db, groups, `SELECT ${[...keysOf(groups), 'count(*)', ...parts].join(', ')} FROM ${groups.rows}`);
  insertNew(db, groups);
  db.exec(`DELETE FROM ${table} WHERE NOT EXISTS (SELECT 1 FROM temp._etl_delta AS d WHERE ${same(groups, table)})`);
  const set = statesOf(groups).map((name) => `${name} = d.${name}`);
  db.exec(`UPDATE ${table} SET ${set.join(', ')} FROM temp._etl_delta AS d WHERE ${same(groups, table)}`);
  setValues(db, groups, '');
}

/** Takes on what `temp._etl_gone` and `temp._etl_come` say of the rows; `apply` writes these to the rows' own table. */
export function addDelta(db: Database, groups: Groups, apply: () => void): void {
  const { table } = groups.relation;
  ensureTables(db, groups);
  fillDelta(db, groups, signedDelta(groups));
  apply();
  const looked = aggregatesOf(groups).filter(({ fold }) => fold.kept === null);
  for (const { name, fold, column } of looked) {
    const of = `SELECT ${fold.whole(column)} FROM ${groups.rows} WHERE ${sameAsRow(groups)}`;
    db.exec(`UPDATE temp._etl_delta AS d SET s${name} = (${of})`);
  }
  insertNew(db, groups);
  emptyTouched(db, touchedOf(GROUP));
  const pairs = `temp._etl_delta AS d CROSS JOIN ${table} AS g WHERE ${same(groups, 'g')}`;
  addTouched(db, `SELECT g.rid FROM ${pairs}`, touchedOf(GROUP));
  const set = ['n = g.n + d.n', ...aggregatesOf(groups).flatMap(({ name, fold }) => addition(name, fold.kept))];
  db.exec(`UPDATE ${table} AS g SET ${set.join(', ')} FROM temp._etl_delta AS d WHERE ${same(groups, 'g')}`);
  // Without keys there is one row, also over nothing.
  if (keysOf(groups).length > 0) db.exec(`DELETE FROM ${table} WHERE n = 0 AND ${TOUCHED}`);
  setValues(db, groups, `WHERE ${TOUCHED}`);
}

const TOUCHED = `rid IN (SELECT rid FROM temp.${touchedOf(GROUP)})`;

function addition(name: string, kept: Kept | null): readonly string[] {
  const state = kept?.state ?? null;
  const zero = (each: string) => `coalesce(${each}, ${state?.zero})`;
  const added = state ? [`s${name} = ${state.add(zero(`g.s${name}`), zero(`d.s${name}`))}`] : [];
  return [`n${name} = g.n${name} + d.n${name}`, ...added, ...(kept ? [] : [`s${name} = d.s${name}`])];
}

interface AggregateColumn {
  /** The column's number. */
  readonly name: string;
  readonly fold: NonNullable<GroupColumn['fold']>;
  /** What rows bring to it. */
  readonly column: string;
}

function aggregatesOf({ columns }: Groups): readonly AggregateColumn[] {
  return columns.flatMap(({ name, fold }, n) => (fold ? [{ name: String(n), fold, column: quote(name) }] : []));
}

/** The keys, over the columns of the rows. */
function keysOf({ columns }: Groups): readonly string[] {
  return columns.flatMap(({ name, fold, key }) => (fold ? [] : [key(quote(name))]));
}

function keyColumns(groups: Groups): readonly string[] {
  return keysOf(groups).map((_, n) => `c${n}`);
}

/** What is kept of a group beside its keys. */
function statesOf(groups: Groups): readonly string[] {
  return ['n', ...aggregatesOf(groups).flatMap(({ name }) => [`n${name}`, `s${name}`])];
}

/** Whether a group is the one of a delta. NULL is a key like others. */
function same(groups: Groups, group: string): string {
  return (
    keyColumns(groups)
      .map((key) => `${group}.${key} IS d.${key}`)
      .join(' AND ') || 'TRUE'
  );
}

function sameAsRow(groups: Groups): string {
  return (
    keysOf(groups)
      .map((key, n) => `${key} IS d.c${n}`)
      .join(' AND ') || 'TRUE'
  );
}

function ensureTables(db: Database, groups: Groups): void {
  const { table } = groups.relation;
  const keys = keyColumns(groups);
  const columns = groups.columns.map((_, n) => `c${n}`);
  const create = `CREATE TABLE ${table} (rid INTEGER PRIMARY KEY, file, record, ${[...columns, ...statesOf(groups)].join(', ')})`;
  const known = db.prepare('SELECT sql FROM sqlite_master WHERE name = ?').pluck().get(table);
  if (known !== create) {
    db.exec(`DROP TABLE IF EXISTS ${table}`);
    db.exec(create);
    if (keys.length > 0) db.exec(`CREATE INDEX ${table}_key ON ${table} (${keys.join(', ')})`);
  }
  ensureTemporary(db, 'TABLE', '_etl_delta', `(${[...keys, ...statesOf(groups)].join(', ')})`);
}

/** Whoever looks at a group's rows again finds them by it. */
function indexRows(db: Database, groups: Groups): void {
  const keys = keysOf(groups);
  const isLookedUp = aggregatesOf(groups).some(({ fold }) => fold.kept === null);
  if (isLookedUp && keys.length > 0) db.exec(`CREATE INDEX ${groups.rows}_key ON ${groups.rows} (${keys.join(', ')})`);
}

function fillDelta(db: Database, groups: Groups, select: string): void {
  const keys = keyColumns(groups).map((_, n) => n + 1);
  db.exec('DELETE FROM temp._etl_delta');
  db.exec(`INSERT INTO temp._etl_delta ${select}${keys.length > 0 ? ` GROUP BY ${keys.join(', ')}` : ''}`);
}

/** Over the rows that come and go, each with its sign. */
function signedDelta(groups: Groups): string {
  const names = groups.columns.map(({ name }) => quote(name));
  const come = names.map((name, n) => `c${n} AS ${name}`);
  const parts = aggregatesOf(groups).flatMap(({ column, fold }) => [
    `coalesce(sum(sign) FILTER (WHERE ${column} IS NOT NULL), 0)`,
    signedState(column, fold.kept),
  ]);
  return `SELECT ${[...keysOf(groups), 'coalesce(sum(sign), 0)', ...parts].join(', ')} FROM (
    SELECT 1 AS sign, ${come.join(', ')} FROM temp._etl_come UNION ALL
    SELECT -1, ${names.join(', ')} FROM ${groups.rows} WHERE rid IN (SELECT id FROM temp._etl_gone))`;
}

function signedState(column: string, kept: Kept | null): string {
  if (!kept?.state) return 'NULL';
  const { of, zero, add, negate } = kept.state;
  const side = (sign: 1 | -1) => `coalesce(${of(column)} FILTER (WHERE sign = ${sign}), ${zero})`;
  return add(side(1), negate(side(-1)));
}

function insertNew(db: Database, groups: Groups): void {
  const { table } = groups.relation;
  const keys = keyColumns(groups);
  const states = statesOf(groups);
  const zeros = states.map((name) => (name.startsWith('n') ? '0' : 'NULL'));
  db.exec(`INSERT INTO ${table} (${[...keys, ...states].join(', ')})
    SELECT ${[...keys.map((key) => `d.${key}`), ...zeros].join(', ')} FROM temp._etl_delta AS d
    WHERE NOT EXISTS (SELECT 1 FROM ${table} AS g WHERE ${same(groups, 'g')})`);
}

function setValues(db: Database, groups: Groups, where: string): void {
  const set = aggregatesOf(groups).map(({ name, fold }) => {
    const value = fold.kept ? fold.kept.value('n', `n${name}`, `s${name}`) : `s${name}`;
    return `c${name} = ${value}`;
  });
  if (set.length > 0) db.exec(`UPDATE ${groups.relation.table} SET ${set.join(', ')} ${where}`);
}
