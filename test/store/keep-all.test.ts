/** `keep: all`: whatever a source has is there for a later mapping, without being read again. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Row } from '../../engine/change.ts';
import { explainRow } from '../../engine/commands/why.ts';
import type { RunOptions } from '../../engine/pipeline/options.ts';
import { run } from '../../engine/pipeline/run.ts';
import { asLines, insert, inserted, type LoggedRow, remove, transaction, update } from '../log/log.ts';
import * as version2 from '../log/version2.ts';
import { execute, findingsOf, mappingOf, rowsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';

const mapping = (table: string, columns: string, source = 'format: wal2json, path: log') => `
metric: things
source: { ${source} }
tables:
  thing: { ${table} }
from: thing
columns: [${columns}]
sink: { sqlite: metrics.db }
`;

const ALL = 'key: id, keep: all';

const thing = (id: number, ...others: LoggedRow): LoggedRow => [['id', 'integer', id], ...others];
const details = (json: string): LoggedRow[number] => ['details', 'jsonb', json];
const note = (text: string): LoggedRow[number] => ['note', 'text', text];

/** Runs the mappings one after the other over a log; the first one alone reads it. Gives the rows of the last one. */
async function rowsAfter(log: string, ...mappings: readonly string[]): Promise<readonly Row[]> {
  return inScratch(async (folder) => {
    const [path, output] = [join(folder, 'log'), join(folder, 'metrics.db')];
    writeFileSync(path, log);
    for (const each of mappings) {
      const { read } = await run(mappingOf(each), { inputs: new Map([['', path]]), output });
      expect(read.changes > 0).toBe(each === mappings[0]);
    }
    return rowsOf(output, 'things');
  });
}

const SEEN = 'thing.id, thing.details.a.b, thing.note';

/** The column `note` comes with the second row, `details` is left out of an update of the first one. */
const rows = [
  [1n, '1.10', null],
  [2n, null, 'x'],
];

describe('what is kept of every column is there for a later mapping, also of a column that comes in the midst', () => {
  const json = '{"a":{"b":1.10}}';

  test('of wal2json, version 1', async () => {
    const log = asLines([
      insert('thing', thing(1, details(json))),
      insert('thing', thing(2, details('{}'), note('x'))),
      update('thing', null, thing(1, ['other', 'text', 'y'])),
    ]);
    expect(await rowsAfter(log, mapping(ALL, 'thing.id'), mapping(ALL, SEEN))).toEqual(rows);
  });

  test('of wal2json, version 2', async () => {
    const log = asLines([
      version2.inserted('thing', thing(1, details(json))),
      version2.inserted('thing', thing(2, details('{}'), note('x'))),
    ]);
    expect(await rowsAfter(log, mapping(ALL, 'thing.id'), mapping('key: id', SEEN))).toEqual(rows);
  });

  test('of json', async () => {
    const log = `{"id":1,"details":${json}}\n{"id":2,"details":{},"note":"x"}\n`;
    const [before, after] = ['thing.id', SEEN].map((columns) => mapping(ALL, columns, 'format: json, path: log'));
    expect(await rowsAfter(log, before as string, after as string)).toEqual(rows);
  });

  test('of csv', async () => {
    const log = `id,details,note\n1,"${json.replaceAll('"', '""')}",\n2,{},x\n`;
    const typed = `${ALL}, types: { id: integer }`;
    const [before, after] = ['thing.id', SEEN].map((columns) => mapping(typed, columns, 'format: csv, path: log'));
    expect(await rowsAfter(log, before as string, after as string)).toEqual(rows);
  });

  test.each(['mode: snapshot', 'watermark: id'])('of a database, by %s', async (manner) => {
    await inScratch(async (folder) => {
      const [shop, output] = [join(folder, 'shop.db'), join(folder, 'metrics.db')];
      const of = (columns: string) =>
        mappingOf(mapping(ALL, columns, `format: table, url: "sqlite:${shop}", ${manner}`));
      execute(shop, `CREATE TABLE thing (id INTEGER, details JSON); INSERT INTO thing VALUES (1, '${json}')`);
      await run(of('thing.id'), { output });
      execute(shop, `ALTER TABLE thing ADD COLUMN note TEXT; INSERT INTO thing VALUES (2, '{}', 'x')`);
      expect((await run(of('thing.id'), { output })).read.changes).toBe(1);
      expect((await run(of('thing.id'), { output })).read.changes).toBe(0);
      await run(of(SEEN), { output });
      expect(rowsOf(output, 'things')).toEqual(rows);
    });
  });
});

test('from all columns to a list, from a column to one that no record had: in place; from a list to all the log is read again', async () => {
  const log = asLines([insert('thing', thing(1, note('x')))]);
  const list = mapping('key: id, keep: [note]', 'thing.id, thing.note');
  expect(await rowsAfter(log, mapping(ALL, 'thing.id'), list)).toEqual([[1n, 'x']]);
  const unseen = mapping(ALL, 'thing.id, thing.nowhere, thing.details.a');
  expect(await rowsAfter(log, mapping(ALL, 'thing.id'), unseen)).toEqual([[1n, null, null]]);
  expect(await findingsOf(() => rowsAfter(log, list, mapping(ALL, 'thing.id')))).toContain('every column of "thing"');
});

test('names of columns may be anything, and a type that is declared is that of a kept column too', async () => {
  const odd = ['a.b', 'say "x"', 'source', '__proto__', 'jsonpath(x)'];
  const log = asLines([insert('thing', thing(1, ...odd.map((name): LoggedRow[number] => [name, 'text', name])))]);
  const columns = odd.map((name, n) => `{ name: c${n}, expr: 'thing."${name.replaceAll('"', '""')}"' }`).join(', ');
  expect(await rowsAfter(log, mapping(ALL, 'thing.id'), mapping('key: id', columns))).toEqual([odd]);
  const typed = `${ALL}, types: { n: numeric }`;
  const numbers = asLines([insert('thing', thing(1, ['n', 'text', '1.10']))]);
  expect(await rowsAfter(numbers, mapping(typed, 'thing.id'), mapping(typed, 'thing.n'))).toEqual([[1.1]]);
});

/** The metric of a run over the log in one file, and what went on. */
async function ran(log: string, table: string, options: RunOptions = {}) {
  return inScratch(async (folder) => {
    const [path, output] = [join(folder, 'log'), join(folder, 'metrics.db')];
    writeFileSync(path, log);
    const { lost, read } = await run(mappingOf(mapping(table, 'thing.id')), {
      inputs: new Map([['', path]]),
      output,
      ...options,
    });
    return { lost: lost.changes, changes: read.changes, rows: rowsOf(output, 'things') };
  });
}

test.each(['key: []', 'key: id'])('with %s the metric is the same with and without', async (key) => {
  const b: LoggedRow[number] = ['b', 'integer', 2];
  const log = asLines([
    insert('thing', thing(1, b)),
    insert('thing', thing(1, b)),
    insert('thing', thing(2, b, note('x'))),
    // The column went, and another one came with a value that the log does not tell.
    remove('thing', thing(1)),
    remove('thing', thing(2, ['c', 'integer', 5])),
  ]);
  const without = await ran(log, key);
  for (const batchSize of [1, 10_000]) expect(await ran(log, `${key}, keep: all`, { batchSize })).toEqual(without);
});

test('of a row that never was seen, what is in use suffices', async () => {
  const log = asLines([insert('thing', thing(1, note('x'))), update('thing', null, thing(2))]);
  expect(await ran(log, ALL)).toEqual(await ran(log, 'key: id'));
  const versions = 'key: id, version: n';
  const n = (value: number): LoggedRow[number] => ['n', 'integer', value];
  const moved = asLines([insert('thing', thing(1, n(1), note('x'))), update('thing', thing(1), thing(2, n(0)))]);
  expect(await ran(moved, `${versions}, keep: all`)).toEqual(await ran(moved, versions));
});

test('a transaction that is left out leaves no column, and one in its place another', async () => {
  const log = asLines([
    insert('thing', thing(1)),
    transaction([inserted('thing', thing(2, ['a', 'text', 'a'])), inserted('thing', [['id', 'integer', null]])]),
    insert('thing', thing(3, ['b', 'integer', 7])),
  ]);
  await inScratch(async (folder) => {
    const [path, output] = [join(folder, 'log'), join(folder, 'metrics.db')];
    writeFileSync(path, log);
    const options = { inputs: new Map([['', path]]), output, onRejected: () => {} };
    await run(mappingOf(mapping(ALL, 'thing.id')), options);
    await run(mappingOf(mapping(ALL, 'thing.id, thing.a, thing.b')), options);
    expect(rowsOf(output, 'things')).toEqual([
      [1n, null, null],
      [3n, null, 7n],
    ]);
  });
});

test('why shows every column', async () => {
  await inScratch(async (folder) => {
    const [log, output, file] = [join(folder, 'log.json'), join(folder, 'metrics.db'), join(folder, 'things.yaml')];
    writeFileSync(log, asLines([insert('thing', thing(1, details('{}'), note('x')))]));
    writeFileSync(file, mapping(ALL, 'thing.id'));
    await run(mappingOf(mapping(ALL, 'thing.id'), file), { inputs: new Map([['', log]]), output });
    const { text } = await explainRow(file, ['id=1'], { output }, {});
    expect(text).toContain('note="x"');
    expect(text).toContain('details="{}"');
  });
});
