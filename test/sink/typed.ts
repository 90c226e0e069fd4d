/** A row with a column of each type, as it goes to targets elsewhere. */
import { digits, insert, type LoggedRow } from '../log/log.ts';
import { type ItemMetric, log, ship, verify } from './target.ts';

/** What not every target can hold. */
interface Odd {
  readonly small: string;
  readonly name: string;
  readonly day: string;
}

export function typedRow({ small, name, day }: Odd): LoggedRow {
  return [
    ['id', 'bigint', 9007199254740993n],
    ['num', 'numeric(60,30)', digits('12345678901234567890.123456789012345678901234567891')],
    ['small', 'numeric', digits(small)],
    ['real8', 'double precision', digits('0.1')],
    ['ok', 'boolean', false],
    ['name', 'text', name],
    ['blank', 'text', ''],
    ['code', 'character(4)', 'ab  '],
    ['day', 'date', day],
    ['at', 'timestamp without time zone', '2024-02-29 23:59:59.123456'],
    ['instant', 'timestamp with time zone', '2024-02-29 23:59:59.5+02'],
    ['uid', 'uuid', '0189F7A2-7C7A-7CCC-8CCC-0189F7A27C7A'],
    ['doc', 'jsonb', '{"a": [1.50, "\\u0000", "ü"], "b":1e400 , "b": null}'],
    ['raw', 'bytea', '00ff27'],
  ];
}

/** Ships the row, and one that is NULL but for its key 1; what arrives is what the state has. */
export async function shipTyped(items: ItemMetric, row: LoggedRow): Promise<boolean> {
  const empty = row.map(([name, type], n) => [name, type, n === 0 ? 1 : null] as const);
  log(items, insert('item', row), insert('item', empty));
  await ship(items);
  const { rows, missing, unexpected } = await verify(items);
  return rows === 2 && missing === 0 && unexpected === 0;
}

/** SQL that is true of the row of NULLs. */
export function allNull(row: LoggedRow): string {
  return row
    .slice(1)
    .map(([name]) => `${name} IS NULL`)
    .join(' AND ');
}
