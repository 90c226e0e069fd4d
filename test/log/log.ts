/** Small logs for tests: records of wal2json version 1 as text, and the ways a file may hold them. */

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

/** A record (one transaction) that inserts one row. */
export function insert(table: string, columns: readonly LoggedColumn[], schema = 'public'): string {
  return transaction([inserted(table, columns, schema)]);
}

/** A change for `transaction`: one row inserted. */
export function inserted(table: string, columns: readonly LoggedColumn[], schema = 'public'): string {
  const place = `"schema":${JSON.stringify(schema)},"table":${JSON.stringify(table)}`;
  const names = columns.map(([name]) => JSON.stringify(name));
  const types = columns.map(([, type]) => JSON.stringify(type));
  const values = columns.map(([, , value]) => literal(value));
  return `{"kind":"insert",${place},"columnnames":[${names}],"columntypes":[${types}],"columnvalues":[${values}]}`;
}

/** A change for `transaction`: one row updated. `columns` lacks what is not logged; `old` is what is told of the old row. */
export function updated(
  table: string,
  columns: readonly LoggedColumn[],
  old: readonly LoggedColumn[],
  schema = 'public',
): string {
  const insert = inserted(table, columns, schema).replace('"kind":"insert"', '"kind":"update"');
  return `${insert.slice(0, -1)},${oldKeys(old)}}`;
}

/** A change for `transaction`: one row deleted. */
export function removed(table: string, old: readonly LoggedColumn[], schema = 'public'): string {
  const place = `"schema":${JSON.stringify(schema)},"table":${JSON.stringify(table)}`;
  return `{"kind":"delete",${place},${oldKeys(old)}}`;
}

function oldKeys(old: readonly LoggedColumn[]): string {
  const names = old.map(([name]) => JSON.stringify(name));
  const types = old.map(([, type]) => JSON.stringify(type));
  const values = old.map(([, , value]) => literal(value));
  return `"oldkeys":{"keynames":[${names}],"keytypes":[${types}],"keyvalues":[${values}]}`;
}

/** A record of several changes; of none, as PostgreSQL logs what left no trace. */
export function transaction(changes: readonly string[]): string {
  return `{"change":[${changes.join(',')}]}`;
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

function literal(value: LoggedValue): string {
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
