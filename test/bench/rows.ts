import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { digits, insert, type LoggedRow, type LoggedValue, remove, update } from '../log/log.ts';
import { readWal2json } from '../oracle/wal2json.ts';

/** A row that a log inserts, with all its columns as they are written. */
export interface LogRow {
  readonly table: string;
  readonly columns: LoggedRow;
}

/** What identifies a row, by table. */
const KEYS: Readonly<Record<string, string>> = {
  event_v2_data: 'event_id',
  transaction: 'transaction_id',
  transaction_request: 'transaction_request_id',
  payment_instrument_token_data: 'token_id',
};

/** The row that a record of one insert is of. */
export function rowOf(record: string): LogRow {
  const [change] = readWal2json(record);
  if (change?.op !== 'insert') throw new Error(`no insert: ${record.slice(0, 200)}`);
  const columns = [...change.after].map(([name, { type, json }]): LoggedRow[number] => {
    return [name, type ?? '', json.kind === 'string' ? json.value : digits(json.raw)];
  });
  return { table: change.table, columns };
}

/** The same row but for some values. */
export function withValues({ table, columns }: LogRow, values: Readonly<Record<string, LoggedValue>>): LogRow {
  return { table, columns: columns.map(([name, type, value]) => [name, type, values[name] ?? value]) };
}

/** Records of a row, each a transaction of its own. */
export const inserted = ({ table, columns }: LogRow): string => insert(table, columns);
export const updated = (row: LogRow): string => update(row.table, keyOf(row), row.columns);
export const deleted = (row: LogRow): string => remove(row.table, keyOf(row));

function keyOf({ table, columns }: LogRow): LoggedRow {
  return columns.filter(([name]) => name === KEYS[table]);
}

/** So many rows of a log with one record a line, spread evenly over it, each another. */
export function sampleOf(log: string, count: number): readonly LogRow[] {
  const file = openSync(log, 'r');
  try {
    const step = fstatSync(file).size / (count + 1);
    const rows: LogRow[] = [];
    for (let at = 0; rows.length < count; ) {
      const { text, end } = lineBehind(file, Math.max(at, Math.floor(step * rows.length)));
      rows.push(rowOf(text));
      at = end;
    }
    return rows;
  } finally {
    closeSync(file);
  }
}

/** The first whole line behind a byte of a file; `end` is its last byte. */
function lineBehind(file: number, from: number): { readonly text: string; readonly end: number } {
  const bytes = Buffer.alloc(1 << 16);
  const read = bytes.subarray(0, readSync(file, bytes, 0, bytes.length, from));
  const start = from === 0 ? 0 : read.indexOf('\n') + 1;
  const end = read.indexOf('\n', start);
  if (end < 0 || (from > 0 && start === 0)) throw new Error(`no line within ${bytes.length} bytes behind byte ${from}`);
  return { text: read.toString('utf8', start, end), end: from + end };
}
