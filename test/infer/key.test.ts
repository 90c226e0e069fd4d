import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digits, inserted, type LoggedRow, removed, transaction, updated } from '../log/log.ts';
import { inScratch } from '../support/scratch.ts';
import { proposedFor } from './infer.ts';

const row = (a: number, b: number, c: string | null = 'c'): LoggedRow => [
  ['a', 'integer', a],
  ['b', 'integer', b],
  ['c', 'text', c],
];

const primaryKey = (...names: readonly string[]) => `"pk":{"pknames":${JSON.stringify(names)},"pktypes":[]},`;

/** A change with its primary key, as `include-pk` has it. */
const withKey = (change: string, ...names: readonly string[]) => change.replace('{', `{${primaryKey(...names)}`);

/** The key that is proposed for the one table of these changes. */
function keyOf(...changes: readonly string[]): Promise<readonly string[] | undefined> {
  return inScratch(async (folder) => {
    const path = join(folder, 'wal.json');
    writeFileSync(path, changes.map((change) => transaction([change])).join('\n'));
    const [proposed] = await proposedFor(path);
    return proposed?.proposal.root.known.key.columns;
  });
}

const insert = (columns: LoggedRow) => inserted('t', columns);
const two = [insert(row(1, 1)), insert(row(2, 2))];

test('the first column, if it is unique', async () => {
  expect(await keyOf(...two)).toEqual(['a']);
});

test('the first columns together, where one alone is not', async () => {
  expect(await keyOf(insert(row(1, 1)), insert(row(1, 2)))).toEqual(['a', 'b']);
  expect(await keyOf(insert(row(1, 1, 'x')), insert(row(1, 1, 'y')))).toEqual(['a', 'b', 'c']);
});

test('none where rows are equal, or their first column is NULL', async () => {
  expect(await keyOf(insert(row(1, 1)), insert(row(1, 1)))).toEqual([]);
  expect(await keyOf(insert([['a', 'integer', null]]), insert([['a', 'integer', 1]]))).toEqual([]);
});

test('a column that is named like one, wherever it stands', async () => {
  const named = (n: number): LoggedRow => [...row(n, n), ['code', 'text', `${n}`], ['id', 'integer', n]];
  expect(await keyOf(insert(named(1)), insert(named(2)))).toEqual(['id']);
});

test('what is measured is no key, unique or not', async () => {
  const measured = (n: number): LoggedRow => [
    ['at', 'timestamp with time zone', `2024-01-0${n} 00:00:00+00`],
    ['degrees', 'double precision', digits(`${n}.5`)],
  ];
  expect(await keyOf(insert(measured(1)), insert(measured(2)))).toEqual([]);
});

test('the primary key, where the log tells it, whatever the rows are', async () => {
  expect(await keyOf(...two.map((change) => withKey(change, 'b', 'a')))).toEqual(['b', 'a']);
  expect(await keyOf(...two.map((change) => withKey(change)))).toEqual([]);
});

test('not the primary key, where old rows are told by other columns', async () => {
  const old: LoggedRow = row(1, 1).slice(1, 2);
  const changes = [...two, updated('t', old, row(1, 1, 'x'))];
  expect(await keyOf(...changes.map((change) => withKey(change, 'a')))).toEqual(['b']);
  expect(await keyOf(...changes.map((change) => withKey(change)))).toEqual(['b']);
});

test('the columns of old keys, where nothing else stands in them', async () => {
  const key: LoggedRow = row(1, 1).slice(0, 2);
  expect(await keyOf(...two, updated('t', key, row(1, 1, 'x')))).toEqual(['a', 'b']);
  expect(await keyOf(...two, removed('t', key))).toEqual(['a', 'b']);
});

test('old rows that are whole say nothing of the key', async () => {
  expect(await keyOf(...two, updated('t', row(1, 1), row(1, 3)))).toEqual(['a']);
  expect(await keyOf(insert(row(1, 1)), insert(row(1, 1)), removed('t', row(1, 1)))).toEqual([]);
});

test('old rows are whole but for a NULL, where two rows have what they tell, or one lacks it', async () => {
  const old: LoggedRow = row(1, 1).slice(0, 2);
  const changed = updated('t', old, row(1, 2, null));
  const others = [insert(row(3, 1, 'y')), insert(row(4, 1, 'z'))];
  expect(await keyOf(insert(row(1, 1, 'x')), ...others, insert(row(1, 1, null)), changed)).toEqual([]);
  const lacking: LoggedRow = [['a', 'integer', 9], ['b', 'integer', null], ...row(9, 9, 'x').slice(2)];
  expect(await keyOf(insert(row(1, 1, null)), ...others, insert(lacking), changed)).toEqual(['a']);
});

test('old rows that leave out what a row has are of its key, however often it is delivered', async () => {
  const old: LoggedRow = row(1, 1).slice(1, 2);
  expect(await keyOf(insert(row(1, 1)), insert(row(2, 1)), updated('t', old, row(2, 1, null)))).toEqual(['b']);
});

test('a column that changes may be the key, one that two rows have at a time is not', async () => {
  const moved = updated('t', row(1, 1), row(3, 1));
  expect(await keyOf(...two, moved, insert(row(1, 9)))).toEqual(['a']);
  expect(await keyOf(...two, moved, insert(row(3, 9)))).toEqual(['a', 'b']);
  expect(await keyOf(...two, removed('t', row(1, 1)), insert(row(1, 5)))).toEqual(['a']);
});
