/** Logs in which rows come, change and go, as a database with these tables would write them. */
import { inserted, type LoggedColumn, literal, removed, transaction, updated } from '../../log/log.ts';
import { keyOf } from '../compare.ts';
import { ofLog, typeOfLog } from '../datum.ts';
import { parseOne } from '../json.ts';
import type { Draw } from './draw.ts';
import { drawRow, type RandomTable } from './table.ts';

type LiveRow = readonly LoggedColumn[];

/** A table as the database has it. */
interface Live {
  readonly table: RandomTable;
  /** REPLICA IDENTITY FULL: old images are whole. A table without a key logs changes in no other way. */
  readonly full: boolean;
  rows: LiveRow[];
}

/** Records of one to three changes each; fewer inserts than other changes once there are some rows. */
export function drawHistory(draw: Draw, tables: readonly RandomTable[], most: number): string[] {
  const live = tables.map((table): Live => ({ table, full: table.key.length === 0 || draw.chance(30), rows: [] }));
  return Array.from({ length: draw.count(0, most) }, () =>
    transaction(Array.from({ length: draw.pick([1, 1, 2, 3]) }, () => drawChange(draw, draw.pick(live)))),
  );
}

function drawChange(draw: Draw, live: Live): string {
  const kind =
    live.rows.length < 2 ? 'insert' : draw.pick(['insert', 'insert', 'update', 'update', 'update', 'delete']);
  if (kind === 'insert') return drawInsert(draw, live);
  const row = draw.pick(live.rows);
  live.rows = live.rows.filter((each) => each !== row);
  return kind === 'delete' ? removed(live.table.name, oldImage(live, row)) : drawUpdate(draw, live, row);
}

function drawInsert(draw: Draw, live: Live): string {
  const row = drawRow(draw, live.table);
  live.rows = [...live.rows.filter((each) => !hasSameKey(live, each, row)), row];
  return inserted(live.table.name, row);
}

/** Some values are others afterwards; of those that are not, large ones are not logged. */
function drawUpdate(draw: Draw, live: Live, row: LiveRow): string {
  const others = drawRow(draw, live.table);
  const after = row.map((column, n) =>
    draw.chance(isKey(live, column) ? 15 : 40) ? (others[n] as LoggedColumn) : column,
  );
  live.rows = [...live.rows.filter((each) => !hasSameKey(live, each, after)), after];
  const logged = after.filter((column, n) => column !== row[n] || isKey(live, column) || !draw.chance(30));
  return updated(live.table.name, oldImage(live, row), logged);
}

/** Version 1 leaves NULL out of a whole old row. */
function oldImage(live: Live, row: LiveRow): LiveRow {
  return row.filter((column) => (live.full ? column[2] !== null : isKey(live, column)));
}

function isKey({ table }: Live, [name]: LoggedColumn): boolean {
  return table.key.includes(name);
}

/** As the database compares: 1 and 1.0 are one key. */
function hasSameKey(live: Live, a: LiveRow, b: LiveRow): boolean {
  const keysOf = (row: LiveRow) => row.filter((column) => isKey(live, column)).map(keyOfColumn);
  return live.table.key.length > 0 && keysOf(a).join() === keysOf(b).join();
}

function keyOfColumn([, type, value]: LoggedColumn): string | null {
  const json = parseOne(literal(value));
  return json && keyOf(ofLog(json, typeOfLog(type)));
}
