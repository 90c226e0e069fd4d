import { describe, expect, test } from 'vitest';
import { readWal2json } from '../oracle/wal2json.ts';
import { asArray, asLineArray, asLines, asPretty, digits, insert, inserted, transaction } from './log.ts';

const RECORDS = [
  insert('odd "name"', [
    ['id', 'bigint', 9007199254740993n],
    ['amount', 'numeric', digits('1.10')],
    ['doc', 'jsonb', '{"a": [1, "x, y: \\"z\\""]}'],
    ['__proto__', 'text', null],
  ]),
  transaction([inserted('t', [['b', 'boolean', true]]), inserted('t', [], 'other')]),
  transaction([]),
];

describe('a small log', () => {
  test('keeps every digit and every name', () => {
    expect(RECORDS[0]).toContain('"columnnames":["id","amount","doc","__proto__"]');
    expect(RECORDS[0]).toContain('"columnvalues":[9007199254740993,1.10,"{');
  });

  test.each([asArray, asLineArray, asLines, asPretty])('says the same laid out by $name', (layout) => {
    const changes = readWal2json(layout(RECORDS));
    expect(changes).toEqual(readWal2json(RECORDS.join('\n')));
    expect(changes.map(({ schema, table }) => `${schema}.${table}`)).toEqual([
      'public.odd "name"',
      'public.t',
      'other.t',
    ]);
  });

  test('may hold nothing', () => {
    expect([asArray([]), asLineArray([]), asLines([]), asPretty([])].flatMap(readWal2json)).toEqual([]);
  });

  test('laid out prettily has many lines a record', () => {
    expect(asPretty(RECORDS).split('\n').length).toBeGreaterThan(40);
  });
});
