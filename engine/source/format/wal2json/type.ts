import type { Type } from '../../../change.ts';

/**
 * The type of the language for a type of PostgreSQL as wal2json writes it: `numeric(10,2)`, `timestamp(3) without
 * time zone`. What has no type of its own here (varchar, enums, arrays, inet, interval, time, ...) is text, as
 * PostgreSQL writes it.
 */
export function typeOf(name: string): Type {
  return TYPES.get(name.replace(/ ?\(\d+(?:, ?-?\d+)?\)/, '')) ?? 'text';
}

const TYPES = new Map<string, Type>([
  ['smallint', 'integer'],
  ['integer', 'integer'],
  ['bigint', 'integer'],
  ['int2', 'integer'],
  ['int4', 'integer'],
  ['int8', 'integer'],
  ['oid', 'integer'],
  ['numeric', 'numeric'],
  ['decimal', 'numeric'],
  ['real', 'double'],
  ['double precision', 'double'],
  ['float4', 'double'],
  ['float8', 'double'],
  ['boolean', 'boolean'],
  ['bool', 'boolean'],
  ['uuid', 'uuid'],
  ['json', 'json'],
  ['jsonb', 'json'],
  ['bytea', 'bytes'],
  ['date', 'date'],
  ['timestamp', 'timestamp'],
  ['timestamp without time zone', 'timestamp'],
  ['timestamptz', 'timestamptz'],
  ['timestamp with time zone', 'timestamptz'],
  ['character', 'character'],
  ['char', 'character'],
  ['bpchar', 'character'],
]);
