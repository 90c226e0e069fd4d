import type { Type } from '../change.ts';
import type { Remote } from './dialect.ts';
import { columnTypes } from './target.ts';

/**
 * What a column of a relation is on another database: as in a target, but for what is computed with it.
 *
 * What is not known to be of any type is JSON: there 1 and '1' are two values, and 1 and 1.0 are one. In ClickHouse, whose
 * own JSON would write numbers anew, it is the text of it, and every column is told that it may be NULL.
 */
export function relationColumn(type: Type | null, name: Remote['name']): string {
  if (name === 'clickhouse') return `Nullable(${columnTypes[type ?? 'unknown'].clickhouse})`;
  return IN_POSTGRES[type ?? 'unknown'] ?? columnTypes[type ?? 'unknown'].postgres;
}

/** Of a character(n) PostgreSQL alone knows that the blanks at its end mean nothing. */
const IN_POSTGRES: Partial<Record<Type | 'unknown', string>> = { character: 'bpchar', unknown: 'jsonb' };
