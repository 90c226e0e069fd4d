import type { Type, Value } from '../../engine/change.ts';
import { readNumeric } from '../../engine/expression/operation/numeric.ts';
import { type Dialect, sayOperation } from '../../engine/sql/dialect.ts';

/** A database, asked in the words of its dialect. */
export interface Contender {
  readonly name: string;
  readonly dialect: Dialect;
  /** Runs statements, one after another. */
  run(statements: readonly string[]): Promise<void>;
  /** The rows of a SELECT whose columns are texts. */
  rows(select: string): Promise<readonly (readonly (string | null)[])[]>;
  /** Does the work in a place of its own, whose tables are gone afterwards. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

/** A value as text that is equal for equal values on every database; the type tells how it is written. */
export function asText(sql: string, type: Type | null, dialect: Dialect): string {
  if (type === null || type === 'text' || type === 'character' || type === 'json') return sql;
  return sayOperation(`${type}_to_text`, [sql], [type], dialect);
}

/** The text that a database gave for a value of a type. What has no type is JSON there, and a value of its own in SQLite. */
export function plain(value: Value, type: Type | null, { name }: Dialect): string | null {
  if (value === null) return null;
  if (type === 'double') return value === '-0' ? '0' : String(value);
  if (type !== null) return String(value);
  if (name !== 'sqlite') return plainJson(String(value));
  return typeof value === 'string' ? value : readNumeric(String(value));
}

function plainJson(json: string): string {
  return json.startsWith('"') ? JSON.parse(json) : readNumeric(json);
}
