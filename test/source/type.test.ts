import { expect, test } from 'vitest';
import { typeOf } from '../../engine/source/format/wal2json/type.ts';

test.each([
  ['integer', 'smallint', 'integer', 'bigint', 'int2', 'int4', 'int8', 'oid'],
  ['numeric', 'numeric', 'numeric(10,2)', 'numeric(5)', 'numeric(3,-2)', 'decimal(4, 1)'],
  ['double', 'real', 'double precision', 'float4', 'float8'],
  ['boolean', 'boolean', 'bool'],
  ['uuid', 'uuid'],
  ['json', 'json', 'jsonb'],
  ['bytes', 'bytea'],
  ['date', 'date'],
  ['timestamp', 'timestamp', 'timestamp without time zone', 'timestamp(3) without time zone', 'timestamp(0)'],
  ['timestamptz', 'timestamptz', 'timestamp with time zone', 'timestamp(6) with time zone', 'timestamptz(3)'],
  ['character', 'character', 'character(3)', 'char(1)', 'bpchar'],
  ['text', 'text', 'character varying', 'character varying(36)', 'varchar(3)', 'name', '"char"', 'bit(3)', 'money', ''],
  ['text', 'integer[]', 'numeric(10,2)[]', 'timestamp(3) without time zone[]', 'jsonb[]', 'int4range'],
  [
    'text',
    'time(3) without time zone',
    'interval',
    'inet',
    'token_type',
    'public.date',
    '"Date"',
    '__proto__',
    'constructor',
  ],
])('%s', (type, ...names) => {
  for (const name of names) expect([name, typeOf(name)]).toEqual([name, type]);
});
