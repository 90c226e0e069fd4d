/** What is said of a row before a change, and of the columns that the log leaves out of it. */
import { describe, expect, test } from 'vitest';
import type { LoggedRow } from '../log/log.ts';
import * as log from '../log/log.ts';
import * as version2 from '../log/version2.ts';
import { columns, decode } from './reading.ts';

const row: LoggedRow = [
  ['id', 'integer', 1],
  ['a', 'text', null],
  ['b', 'text', 'x'],
];
const key = row.slice(0, 1);
const [id, a, b] = ['id', 'a', 'b'];

function beforeIn(text: string, interest?: Parameters<typeof decode>[2]) {
  const [item] = decode(Buffer.from(text), [], interest).items;
  const before = item?.op === 'update' || item?.op === 'delete' ? item.before : null;
  return before && { names: before.header.columns.map(({ name }) => name), missing: before.missing };
}

/** The same change with the primary key of its table, as include-pk writes it. */
function with1(change: string, names: readonly string[]): string {
  return change.replace('"kind"', `"pk":${JSON.stringify({ pknames: names, pktypes: names })},"kind"`);
}

function with2(record: string, names: readonly string[]): string {
  return record.replace('"action"', `"pk":${JSON.stringify(names.map((name) => ({ name, type: 'x' })))},"action"`);
}

describe('version 1', () => {
  test('leaves NULLs out of a whole row, so that a missing column was NULL', () => {
    expect(beforeIn(log.remove('t', row))).toEqual({ names: [id, b], missing: 'null' });
    expect(beforeIn(log.update('t', row, row))).toEqual({ names: [id, b], missing: 'null' });
    expect(beforeIn(log.remove('t', [['a', 'text', null]]))).toEqual({ names: [], missing: 'null' });
  });

  test('tells a key from a row by the primary key, where that is logged', () => {
    expect(beforeIn(with1(log.remove('t', key), [id]))).toEqual({ names: [id], missing: 'unknown' });
    expect(beforeIn(with1(log.update('t', key, row), [id]))).toEqual({ names: [id], missing: 'unknown' });
    expect(beforeIn(with1(log.remove('t', row), [id]))).toMatchObject({ missing: 'null' });
    expect(beforeIn(with1(log.remove('t', row.slice(2)), [id]))).toEqual({ names: [b], missing: 'unknown' });
    expect(beforeIn(with1(log.remove('t', row), []))).toMatchObject({ missing: 'null' });
  });

  test('does not tell them apart without', () => {
    expect(beforeIn(log.remove('t', key))).toEqual({ names: [id], missing: 'null' });
  });
});

describe('version 2', () => {
  test('writes the NULLs of a whole row', () => {
    expect(beforeIn(version2.removed('t', row))).toEqual({ names: [id, a, b], missing: 'null' });
    expect(beforeIn(version2.updated('t', row, row.slice(0, 2)))).toEqual({ names: [id, a, b], missing: 'null' });
  });

  test('shows a key by the columns that it lacks', () => {
    expect(beforeIn(version2.updated('t', key, row))).toEqual({ names: [id], missing: 'unknown' });
    expect(beforeIn(with2(version2.removed('t', key), [id]))).toEqual({ names: [id], missing: 'unknown' });
    expect(beforeIn(with2(version2.removed('t', row.slice(2)), [id]))).toEqual({ names: [b], missing: 'unknown' });
    expect(beforeIn(with2(version2.removed('t', row), [id]))).toMatchObject({ missing: 'null' });
    expect(beforeIn(with2(version2.removed('t', row), []))).toMatchObject({ missing: 'null' });
  });
});

test('it is decided by all columns of the record, not only by those of interest', () => {
  const interest = columns({ t: ['id'] });
  expect(beforeIn(with1(log.remove('t', row), [id]), interest)).toEqual({ names: [id], missing: 'null' });
  expect(beforeIn(version2.updated('t', key, row), interest)).toEqual({ names: [id], missing: 'unknown' });
});
