import type { Row } from '../../change.ts';
import type { PostgresClient } from '../../server/postgres.ts';
import { quote } from '../../sql/dialect.ts';
import { columnTypes, type TargetColumn } from '../../sql/target.ts';
import { refuseNul, written } from './value.ts';

/** Rows, and characters of them, that go to the server in one statement. */
const [ROWS, CHARACTERS] = [2000, 1 << 20];

/** Sends rows to the server, some at a time, as the arrays of their columns; `say` makes of these a statement. Gives how many they were. */
export async function sendRows(
  { query }: PostgresClient,
  columns: readonly TargetColumn[],
  rows: Iterable<Row>,
  place: string,
  say: (arrays: string) => string,
): Promise<number> {
  const types = columns.map(({ type }) => columnTypes[type ?? 'unknown'].postgres);
  const statement = say(`unnest(${types.map((type, n) => `$${n + 1}::${type}[]`).join(', ')})`);
  let count = 0;
  for (const part of inParts(rows, columns, place)) {
    await query(statement, part);
    count += part[0]?.length ?? 0;
  }
  return count;
}

/** Column by column. */
function* inParts(
  rows: Iterable<Row>,
  columns: readonly TargetColumn[],
  place: string,
): Generator<readonly (string | null)[][]> {
  let [part, characters]: [(string | null)[][], number] = [columns.map(() => []), 0];
  for (const row of rows) {
    refuseNul(row, columns, place);
    for (const [n, { type }] of columns.entries()) {
      const text = written(row[n] ?? null, type);
      part[n]?.push(text);
      characters += text?.length ?? 4;
    }
    if (characters < CHARACTERS && (part[0]?.length ?? 0) < ROWS) continue;
    yield part;
    [part, characters] = [columns.map(() => []), 0];
  }
  if ((part[0]?.length ?? 0) > 0) yield part;
}

/** Puts rows in the place of those with their keys. What `from` selects has the columns in order. */
export function upsert(table: string, columns: readonly string[], key: readonly string[], from: string): string {
  const names = columns.map(quote).join(', ');
  const rest = columns.filter((column) => !key.includes(column)).map(quote);
  const set = rest.map((column) => `${column} = excluded.${column}`).join(', ');
  const conflict = rest.length === 0 ? 'NOTHING' : `UPDATE SET ${set}`;
  return `INSERT INTO ${table} (${names}) ${from} ON CONFLICT (${key.map(quote).join(', ')}) DO ${conflict}`;
}

/** Whether two rows have one key. */
export function sameKey(a: string, b: string, key: readonly string[]): string {
  return key.map((column) => `${a}.${quote(column)} = ${b}.${quote(column)}`).join(' AND ');
}
