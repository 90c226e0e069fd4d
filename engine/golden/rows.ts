import type { Row, Value } from '../change.ts';
import { quote } from '../sql/dialect.ts';
import { readDatabase } from '../store/database/database.ts';

/** The rows of a target as lines of JSON: cells in column order, all digits, bytes as hex, lines sorted. */
export function readRows(database: string, table: string): readonly string[] {
  const db = readDatabase(database);
  try {
    const select = db.prepare(`SELECT * FROM ${quote(table)}`);
    const columns = select.columns().map((column) => column.name);
    const rows = select.raw().all() as Row[];
    return rows.map((row) => rowText(columns, row)).sort();
  } finally {
    db.close();
  }
}

function rowText(columns: readonly string[], row: Row): string {
  return `{${columns.map((column, n) => `${JSON.stringify(column)}: ${valueText(row[n] ?? null)}`).join(', ')}}`;
}

function valueText(value: Value): string {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return `"${Buffer.from(value).toString('hex')}"`;
  if (typeof value === 'number' && !Number.isFinite(value)) return `"${value}"`;
  return JSON.stringify(value);
}
