import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Row } from '../../engine/change.ts';
import type { RunResult } from '../../engine/pipeline/result.ts';
import { run } from '../../engine/pipeline/run.ts';
import { readDatabase } from '../../engine/store/database/database.ts';
import { asLines, digits, insert, type LoggedColumn } from '../log/log.ts';
import { mappingOf, rowsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';

const PAIRS = `
metric: pairs
source: { format: wal2json, path: log }
tables:
  a: { key: id }
  b: { key: id }
from: a
join:
  - a.x = b.y
columns:
  - { name: a, expr: a.id }
  - { name: b, expr: b.id }
sink: { sqlite: metrics.db }
`;

const VALUES = `
metric: vals
source: { format: wal2json, path: log }
tables:
  a: { key: id }
from: a
columns:
  - a.x
sink: { sqlite: metrics.db }
`;

/** Each number with its place among them. */
const COUNTED = `
metric: counted
source: { format: wal2json, path: log }
tables:
  a: { key: id }
from: a
columns:
  - { name: place, expr: count(*) over (order by a.x) }
  - a.x
sink: { sqlite: metrics.db }
`;

interface Ran {
  readonly rows: readonly Row[];
  readonly result: RunResult;
}

/** Runs a mapping over records that come in so many files, with a run after each. */
async function ran(mapping: string, ...files: readonly (readonly string[])[]): Promise<Ran> {
  return inScratch(async (folder) => {
    const [log, output] = [join(folder, 'log'), join(folder, 'metrics.db')];
    mkdirSync(log);
    const parsed = mappingOf(mapping);
    let result: RunResult | undefined;
    for (const [n, records] of files.entries()) {
      writeFileSync(join(log, `${n}.json`), asLines(records));
      result = await run(parsed, { inputs: new Map([['', log]]), output });
    }
    if (!result) throw new Error('no file');
    return { rows: rowsOf(output, parsed.metric), result };
  });
}

const a = (id: number, ...x: LoggedColumn): string => insert('a', [['id', 'integer', id], x]);
const b = (id: number, ...y: LoggedColumn): string => insert('b', [['id', 'integer', id], y]);

describe('a join of two types', () => {
  test.for<[string, LoggedColumn, LoggedColumn, boolean]>([
    ['integer and numeric meet by value', ['x', 'integer', 1], ['y', 'numeric', digits('1.00')], true],
    ['numeric and double meet by value', ['x', 'numeric', digits('0.50')], ['y', 'double precision', 0.5], true],
    [
      'integers beyond doubles stay apart',
      ['x', 'bigint', 9007199254740993n],
      ['y', 'bigint', 9007199254740992n],
      false,
    ],
    ['numeric text and text do not meet', ['x', 'numeric', digits('1.5')], ['y', 'text', '1.5'], false],
    ['integer and text do not meet', ['x', 'integer', 1], ['y', 'text', '1'], false],
    ['boolean and integer do not meet', ['x', 'boolean', true], ['y', 'integer', 1], false],
    [
      'blanks behind a character(n) mean nothing',
      ['x', 'character(3)', 'a  '],
      ['y', 'character varying(3)', 'a'],
      true,
    ],
    ['blanks behind a text mean something', ['x', 'text', 'a '], ['y', 'text', 'a'], false],
    ['case means something', ['x', 'text', 'A'], ['y', 'text', 'a'], false],
    [
      'an instant is one in every zone',
      ['x', 'timestamp with time zone', '2024-02-29 12:00:00+02'],
      ['y', 'timestamp with time zone', '2024-02-29 10:00:00+00'],
      true,
    ],
    [
      'a date meets its midnight',
      ['x', 'date', '2024-02-29'],
      ['y', 'timestamp without time zone', '2024-02-29 00:00:00'],
      true,
    ],
    [
      'uuid and text meet by characters',
      ['x', 'uuid', '00000000-0000-0000-0000-00000000000a'],
      ['y', 'text', '00000000-0000-0000-0000-00000000000a'],
      true,
    ],
  ])('%s', async ([, x, y, meets]) => {
    const { rows } = await ran(PAIRS, [a(1, ...x), b(2, ...y)]);
    expect(rows).toEqual(meets ? [[1n, 2n]] : []);
  });

  test('that can never meet is warned of', async () => {
    const { result } = await ran(PAIRS, [a(1, 'x', 'integer', 1), b(2, 'y', 'text', '1')]);
    expect(result.warnings.map((warning) => warning.code)).toEqual(['TYPES_NEVER_MEET']);
  });
});

describe('a column that changes its type in mid-stream', () => {
  const files = [
    [a(1, 'x', 'integer', 7)],
    [a(2, 'x', 'numeric(40,2)', digits('12345678901234567890.50'))],
    [a(3, 'x', 'integer', 8)],
  ];

  test.for([
    ['in one file', [files.flat()]],
    ['from run to run', files],
  ] as const)('widens from integer to numeric %s', async ([, parts]) => {
    const { rows } = await ran(VALUES, ...parts);
    expect(rows.flat()).toEqual([7n, '12345678901234567890.5', 8n]);
  });

  test('widens from one written type to text', async () => {
    const uuid = '00000000-0000-0000-0000-00000000000a';
    const { rows } = await ran(VALUES, [a(1, 'x', 'uuid', uuid)], [a(2, 'x', 'text', 'n/a')]);
    expect(rows.flat()).toEqual([uuid, 'n/a']);
  });

  test('meets its partners by value before and after', async () => {
    const early = [a(1, 'x', 'integer', 7), b(1, 'y', 'integer', 7)];
    const late = [a(2, 'x', 'numeric', digits('7.0')), b(2, 'y', 'numeric', digits('7.00'))];
    const { rows } = await ran(PAIRS, early, late);
    expect(rows).toHaveLength(4);
  });
});

describe('a log without types', () => {
  const untyped = (id: number, x: string): string =>
    `{"change":[{"kind":"insert","schema":"public","table":"a","columnnames":["id","x"],"columnvalues":[${id},${x}]}]}`;

  test('keeps every value as it came', async () => {
    const literals = ['9007199254740993', '"9007199254740993"', '1.5', '12345678901234.5678', 'true', 'null', '"{}"'];
    const { rows } = await ran(
      VALUES,
      literals.map((literal, n) => untyped(n, literal)),
    );
    expect(rows.flat()).toEqual([9007199254740993n, '9007199254740993', 1.5, '12345678901234.5678', 1n, null, '{}']);
  });

  test('has its numbers in order, however many digits they have', async () => {
    const numbers = ['12345678901234567890', '5', '-12345678901234567890', '0.5', '9007199254740993', '-7'];
    const { rows } = await ran(
      COUNTED,
      numbers.map((number, n) => untyped(n, number)),
    );
    expect(rows.map(([place]) => place).toSorted()).toEqual([1n, 2n, 3n, 4n, 5n, 6n]);
    const inOrder = rows.toSorted(([a], [b]) => Number(a) - Number(b)).map(([, x]) => String(x));
    expect(inOrder).toEqual(numbers.toSorted((a, b) => Number(a) - Number(b)));
  });

  test('may tell them later', async () => {
    const { rows } = await ran(VALUES, [untyped(1, '5')], [a(2, 'x', 'numeric', digits('2.50'))]);
    expect(rows.flat()).toEqual([5n, 2.5]);
  });
});

describe('a time that only the mapping calls one', () => {
  /** Of a sheet whose second column has the type, how often each value stands there. */
  const counted = (type: string, ...values: readonly string[]): Promise<readonly Row[]> =>
    inScratch(async (folder) => {
      const [sheet, output] = [join(folder, 'sheet.csv'), join(folder, 'metrics.db')];
      writeFileSync(sheet, `id,x\n${values.map((value, n) => `${n},${value}\n`).join('')}`);
      const mapping = mappingOf(`
metric: counted
source: { format: csv, path: sheet.csv }
tables: { a: { key: id, types: { x: ${type} } } }
from: a
group_by: [a.x]
columns: [a.x, { name: n, expr: count(*) }]
sink: { sqlite: metrics.db }
`);
      await run(mapping, { inputs: new Map([['', sheet]]), output });
      return rowsOf(output, 'counted');
    });

  test('is kept as PostgreSQL writes it, however it is written', async () => {
    expect(await counted('date', '2024-3-9', '2024-03-09', '2024-03-09 23:59')).toEqual([['2024-03-09', 3n]]);
    expect(await counted('timestamp', '2024-03-09T10:00:00Z', '2024-03-09 10:00')).toEqual([
      ['2024-03-09 10:00:00', 2n],
    ]);
    expect(await counted('timestamptz', '2024-03-09T10:00:00.50+02:00', '2024-03-09 08:00:00.5Z')).toEqual([
      ['2024-03-09 08:00:00.5+00', 2n],
    ]);
  });

  test('stops the run where it is none', async () => {
    for (const none of ['09/03/2024', '2024-02-30', '1709978400', '""'])
      await expect(counted('date', '2024-03-09', none)).rejects.toThrow(/BAD_CAST|VALUE_OUT_OF_RANGE/);
  });
});

test('a table of another schema is another table', async () => {
  const other = insert(
    'a',
    [
      ['id', 'integer', 1],
      ['x', 'integer', 1],
    ],
    'archive',
  );
  const { rows, result } = await ran(VALUES, [other, a(2, 'x', 'integer', 2)]);
  expect(rows).toEqual([[2n]]);
  expect(result.read.unnamed).toEqual([{ table: 'archive.a', changes: 1 }]);
});

test('a column that no record has is warned of, and NULL', async () => {
  const { rows, result } = await ran(VALUES, [insert('a', [['id', 'integer', 1]])]);
  expect(rows).toEqual([[null]]);
  expect(result.warnings.map((warning) => warning.code)).toEqual(['COLUMN_NEVER_SEEN']);
});

/** Each row of the owned with that of its owner, and what the owner counts. */
const OWNED = `
metric: owned
source: { format: wal2json, path: log }
tables:
  thing: { key: id }
  owner: { key: id }
from: thing
join:
  - thing.owner = owner.id
columns: [thing.id, owner.count]
sink: { sqlite: metrics.db }
`;

test('what a table is indexed by is made anew where a learned type changes it, and only there', () =>
  inScratch(async (folder) => {
    const [log, output] = [join(folder, 'log.json'), join(folder, 'metrics.db')];
    const thing = (id: number, type: string) =>
      insert('thing', [
        ['id', 'integer', id],
        ['owner', type, 1],
      ]);
    const owner = (id: number, type: string) =>
      insert('owner', [
        ['id', 'integer', id],
        ['count', type, 5],
      ]);
    const later = [owner(2, 'integer'), owner(3, 'numeric'), thing(2, 'numeric'), thing(3, 'numeric')];
    const found: (readonly [name: string, page: bigint])[][] = [];
    for (const n of [0, 1, 2, 3, 4]) {
      writeFileSync(log, asLines([thing(1, 'integer'), owner(1, 'integer'), ...later.slice(0, n)]));
      await run(mappingOf(OWNED), { inputs: new Map([['', log]]), output });
      found.push(lookupsIn(output));
    }
    expect(found.map((lookups) => lookups.map(([name]) => name))).toEqual([
      [],
      ['_etl_relation_1 by c1'],
      ['_etl_relation_1 by c1'],
      [],
      ['_etl_relation_1 by etl_key_number(c1)'],
    ]);
    expect(found[2]).toEqual(found[1]);
  }));

function lookupsIn(database: string): [string, bigint][] {
  const db = readDatabase(database);
  const made = "SELECT name, rootpage FROM sqlite_master WHERE type = 'index' AND name GLOB '* by *' ORDER BY name";
  try {
    return db.prepare(made).raw().all() as [string, bigint][];
  } finally {
    db.close();
  }
}
