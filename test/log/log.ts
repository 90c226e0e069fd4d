/**
 * Small logs for tests: records of wal2json version 1 as text, and the ways a file may hold them. `version2.ts` has the
 * same builders for version 2.
 */

/** A number with digits that JavaScript would not keep. */
export interface Digits {
  readonly digits: string;
}

export type LoggedValue = null | boolean | string | number | bigint | Digits;

/** A column of a row: its name, its type as PostgreSQL names it, its value. */
export type LoggedColumn = readonly [name: string, type: string, value: LoggedValue];

/** A number as it is written: `digits('1.10')`. */
export function digits(written: string): Digits {
  return { digits: written };
}

/** A row, or what a log tells of it. */
export type LoggedRow = readonly LoggedColumn[];

/** A record (one transaction) that inserts one row. */
export function insert(table: string, columns: LoggedRow, schema = 'public'): string {
  return transaction([inserted(table, columns, schema)]);
}

/** A record that updates one row. */
export function update(table: string, before: LoggedRow | null, after: LoggedRow, schema = 'public'): string {
  return transaction([updated(table, before, after, schema)]);
}

/** A record that deletes one row. */
export function remove(table: string, before: LoggedRow, schema = 'public'): string {
  return transaction([removed(table, before, schema)]);
}

/** A record of a message outside of a transaction. */
export function message(content = ''): string {
  return transaction([messaged(content, false)]);
}

/** A change for `transaction`: one row inserted. */
export function inserted(table: string, columns: LoggedRow, schema = 'public'): string {
  return `{"kind":"insert",${place(table, schema)},${lists('column', columns)}}`;
}

/**
 * One row updated. `before` is its key (REPLICA IDENTITY DEFAULT), or the whole row (FULL); what `after` leaves out is a
 * TOAST value that did not change.
 */
export function updated(table: string, before: LoggedRow | null, after: LoggedRow, schema = 'public'): string {
  const old = before === null ? '' : `,${oldKeys(before)}`;
  return `{"kind":"update",${place(table, schema)},${lists('column', after)}${old}}`;
}

/** One row deleted. */
export function removed(table: string, before: LoggedRow, schema = 'public'): string {
  return `{"kind":"delete",${place(table, schema)},${oldKeys(before)}}`;
}

/** A message, which no table has. */
export function messaged(content = '', transactional = true): string {
  return `{"kind":"message","transactional":${transactional},"prefix":"p","content":${JSON.stringify(content)}}`;
}

/** A record of several changes; of none, as PostgreSQL logs what left no trace. The LSN is written as `0/1ED6BAA0`. */
export function transaction(changes: readonly string[], lsn?: string): string {
  const head = lsn === undefined ? '' : `"nextlsn":"${lsn}",`;
  return `{${head}"change":[${changes.join(',')}]}`;
}

/** Records laid out as `write-in-chunks` does: a line for each bracket and each change. */
export function asChunks(transactions: readonly (readonly string[])[]): string {
  const lines = transactions.map((changes) => [
    '{"change":[',
    ...changes.map((change, index) => `${index > 0 ? ',' : ''}${change}`),
    ']}',
  ]);
  return asLines(lines.flat());
}

/** A JSON array, one record a line. */
export function asArray(records: readonly string[]): string {
  return records.length === 0 ? '[]\n' : `[\n${records.join(',\n')}\n]\n`;
}

/** A JSON array on one line. */
export function asLineArray(records: readonly string[]): string {
  return `[${records.join(',')}]`;
}

/** One record a line. */
export function asLines(records: readonly string[]): string {
  return records.map((record) => `${record}\n`).join('');
}

/** Records over many lines each, one after another. */
export function asPretty(records: readonly string[]): string {
  return records.map((record) => `${indented(record)}\n`).join('');
}

/** What says which table a change is of. */
export function place(table: string, schema: string): string {
  return `"schema":${JSON.stringify(schema)},"table":${JSON.stringify(table)}`;
}

/** Version 1 leaves out what is NULL. */
function oldKeys(before: LoggedRow): string {
  const told = before.filter(([, , value]) => value !== null);
  return `"oldkeys":{${lists('key', told)}}`;
}

function lists(of: 'column' | 'key', columns: LoggedRow): string {
  const names = columns.map(([name]) => JSON.stringify(name));
  const types = columns.map(([, type]) => JSON.stringify(type));
  const values = columns.map(([, , value]) => literal(value));
  return `"${of}names":[${names}],"${of}types":[${types}],"${of}values":[${values}]`;
}

/** A value as it stands in a record. */
export function literal(value: LoggedValue): string {
  if (typeof value === 'object' && value !== null) return value.digits;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/** The same JSON with a line for each bracket and element; no value is read, so no digit is lost. */
function indented(json: string): string {
  let depth = 0;
  const line = (): string => `\n${'\t'.repeat(depth)}`;
  return json.replace(/"(?:[^"\\]|\\.)*"|[{}[\],:]/gs, (token) => {
    if ('{['.includes(token)) depth++;
    if ('}]'.includes(token)) depth--;
    if ('{[,'.includes(token)) return token + line();
    if ('}]'.includes(token)) return line() + token;
    return token === ':' ? ': ' : token;
  });
}
