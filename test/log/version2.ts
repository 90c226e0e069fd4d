/** Records of wal2json version 2 as text, one for each change: what `log.ts` has for version 1, with the same arguments. */
import { type LoggedColumn, type LoggedRow, literal, place } from './log.ts';

/** One row inserted. */
export function inserted(table: string, columns: LoggedRow, schema = 'public'): string {
  return `{"action":"I",${place(table, schema)},"columns":${list(columns)}}`;
}

/** One row updated; `before` is its key, or the whole row. */
export function updated(table: string, before: LoggedRow | null, after: LoggedRow, schema = 'public'): string {
  const old = before === null ? '' : `,"identity":${list(before)}`;
  return `{"action":"U",${place(table, schema)},"columns":${list(after)}${old}}`;
}

/** One row deleted. */
export function removed(table: string, before: LoggedRow, schema = 'public'): string {
  return `{"action":"D",${place(table, schema)},"identity":${list(before)}}`;
}

/** One table emptied, which version 1 does not log. */
export function truncated(table: string, schema = 'public'): string {
  return `{"action":"T",${place(table, schema)}}`;
}

/** A message. Outside of a transaction it stands before the one it was sent in. */
export function messaged(content = '', transactional = true): string {
  return `{"action":"M","transactional":${transactional},"prefix":"p","content":${JSON.stringify(content)}}`;
}

/** The records of a transaction. The LSN is written as `0/1ED6BAA0`. */
export function transaction(records: readonly string[], lsn?: string): readonly string[] {
  const rest = lsn === undefined ? '' : `,"nextlsn":"${lsn}"`;
  return [`{"action":"B"${rest}}`, ...records, `{"action":"C"${rest}}`];
}

function list(columns: LoggedRow): string {
  return `[${columns.map(column)}]`;
}

function column([name, type, value]: LoggedColumn): string {
  return `{"name":${JSON.stringify(name)},"type":${JSON.stringify(type)},"value":${literal(value)}}`;
}
