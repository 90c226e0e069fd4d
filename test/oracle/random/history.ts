/** What happens to some tables, row by row, as a database with them would have it. */
import { type LoggedColumn, type LoggedRow, literal } from '../../log/log.ts';
import { keyOf } from '../compare.ts';
import { ofLog, typeOfLog } from '../datum.ts';
import { parseOne } from '../json.ts';
import type { Draw } from './draw.ts';
import { drawRow, type RandomTable } from './table.ts';

/** What a log tells of one row, or of all rows of a table. */
export type RandomChange = { readonly table: string } & (
  | { readonly op: 'insert'; readonly after: LoggedRow }
  | { readonly op: 'update'; readonly before: LoggedRow; readonly after: LoggedRow }
  | { readonly op: 'delete'; readonly before: LoggedRow }
  | { readonly op: 'truncate' }
);

export type RandomTransaction = readonly RandomChange[];

export interface History {
  readonly transactions: readonly RandomTransaction[];
  /** A delete of each row that is there at the end. */
  readonly removals: readonly RandomChange[];
}

/** What a history may hold. */
export interface Manner {
  /** Truncates, which only version 2 of wal2json logs. */
  readonly truncates: boolean;
  /** Each row has a key, and an update that changes it leaves nothing out: then a log may be told again from anywhere. */
  readonly repeatable: boolean;
  /** Updates leave nothing out. */
  readonly whole?: boolean;
}

/** A table as the database has it. */
interface Live {
  readonly table: RandomTable;
  /** REPLICA IDENTITY FULL: old images are whole. A table without a key logs changes in no other way. */
  readonly full: boolean;
  rows: LoggedRow[];
}

/** Transactions of one to three changes each; fewer inserts than other changes once there are some rows. */
export function drawHistory(draw: Draw, tables: readonly RandomTable[], manner: Manner, most: number): History {
  const all = tables.map((table): Live => ({ table, full: table.key.length === 0 || draw.chance(30), rows: [] }));
  const drawOne = (): RandomTransaction =>
    Array.from({ length: draw.pick([1, 1, 2, 3]) }, () => drawChange(draw, draw.pick(all), manner));
  const transactions = Array.from({ length: draw.count(0, most) }, drawOne);
  return { transactions, removals: all.flatMap((live) => live.rows.map((row) => removal(live, row))) };
}

function drawChange(draw: Draw, live: Live, manner: Manner): RandomChange {
  const kind =
    live.rows.length < 2 ? 'insert' : draw.pick(['insert', 'insert', 'update', 'update', 'update', 'delete']);
  if (kind === 'insert') return drawInsert(draw, live);
  if (manner.truncates && draw.chance(5)) return truncate(live);
  const row = draw.pick(live.rows);
  live.rows = live.rows.filter((each) => each !== row);
  return kind === 'delete' ? removal(live, row) : drawUpdate(draw, live, row, manner);
}

function drawInsert(draw: Draw, live: Live): RandomChange {
  const bare = live.table.key.length === 0 && live.rows.length > 0;
  const row = bare && draw.chance(50) ? drawAlike(draw, draw.pick(live.rows)) : drawRow(draw, live.table);
  live.rows = [...live.rows.filter((each) => !hasSameKey(live, each, row)), row];
  return { table: live.table.name, op: 'insert', after: row };
}

/** A row that is equal to another one, or but for some NULLs. */
function drawAlike(draw: Draw, row: LoggedRow): LoggedRow {
  return row.map(([name, type, value]) => [name, type, draw.chance(20) ? null : value]);
}

function truncate(live: Live): RandomChange {
  live.rows = [];
  return { table: live.table.name, op: 'truncate' };
}

function removal(live: Live, row: LoggedRow): RandomChange {
  return { table: live.table.name, op: 'delete', before: oldImage(live, row) };
}

/** Some values are others afterwards; of those that are not, large ones are not logged. */
function drawUpdate(
  draw: Draw,
  live: Live,
  row: LoggedRow,
  { repeatable, whole: always = false }: Manner,
): RandomChange {
  const others = drawRow(draw, live.table);
  const after = row.map((column, n) =>
    draw.chance(isKey(live, column) ? 15 : 40) ? (others[n] as LoggedColumn) : column,
  );
  const whole = always || (repeatable && !hasSameKey(live, row, after));
  live.rows = [...live.rows.filter((each) => !hasSameKey(live, each, after)), after];
  const logged = after.filter((column, n) => whole || column !== row[n] || isKey(live, column) || !draw.chance(30));
  return { table: live.table.name, op: 'update', before: oldImage(live, row), after: logged };
}

function oldImage(live: Live, row: LoggedRow): LoggedRow {
  return live.full ? row : row.filter((column) => isKey(live, column));
}

function isKey({ table }: Live, [name]: LoggedColumn): boolean {
  return table.key.includes(name);
}

/** As the database compares: 1 and 1.0 are one key. */
function hasSameKey(live: Live, a: LoggedRow, b: LoggedRow): boolean {
  const keysOf = (row: LoggedRow) => row.filter((column) => isKey(live, column)).map(keyOfColumn);
  return live.table.key.length > 0 && keysOf(a).join() === keysOf(b).join();
}

function keyOfColumn([, type, value]: LoggedColumn): string | null {
  const json = parseOne(literal(value));
  return json && keyOf(ofLog(json, typeOfLog(type)));
}
