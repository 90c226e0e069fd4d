/** What `version` does: the order in which changes come does not matter, for their versions say which is the latest. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunOptions } from '../../engine/pipeline/options.ts';
import type { RunResult } from '../../engine/pipeline/result.ts';
import { run } from '../../engine/pipeline/run.ts';
import { verifySource, verifyState } from '../../engine/verify/verify.ts';
import { asLines, digits, insert, type LoggedRow, type LoggedValue, remove, update } from '../log/log.ts';
import * as version2 from '../log/version2.ts';
import { runs } from '../support/counts.ts';
import { mappingOf, rowsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';
import { tell } from '../support/tally.ts';
import { inAnyOrder } from './law.ts';

interface Look {
  /** The rows of the metric, in order. */
  readonly rows: readonly string[];
  readonly result: RunResult;
  /** What the state remembers of keys that were deleted. */
  readonly tombstones: number;
}

/** The metric after each of the files that come, one a run; it is verified each time. */
async function looks(yaml: string, files: readonly string[], options: RunOptions = {}): Promise<readonly Look[]> {
  return inScratch(async (folder) => {
    const [input, output] = [join(folder, 'log'), join(folder, 'metrics.db')];
    mkdirSync(input);
    const [mapping, own] = [mappingOf(yaml), { inputs: new Map([['', input]]), output, ...options }];
    const all: Look[] = [];
    for (const [n, text] of files.entries()) {
      writeFileSync(join(input, `${String(n).padStart(3, '0')}.json`), text);
      const result = await run(mapping, own);
      expect(verifyState(mapping, own)).toMatchObject({ missing: 0, unexpected: 0 });
      const rows = rowsOf(output, 'items').map(String).sort();
      all.push({ rows, result, tombstones: rowsOf(output, '_etl_tombstone_1').length });
    }
    expect(await verifySource(mapping, own)).toMatchObject({ missing: 0, unexpected: 0 });
    return all;
  });
}

const mapping = (table: string, source = 'format: wal2json') => `
metric: items
source: { ${source}, path: log }
tables:
  item: { key: id, ${table} }
from: item
columns:
  - item.id
  - item.name
sink: { sqlite: metrics.db }
`;

const row = (id: number, name: string, version: LoggedValue, type = 'integer'): LoggedRow => [
  ['id', 'integer', id],
  ['name', 'text', name],
  ['v', type, version],
];
const keyOf = (id: number): LoggedRow => row(id, '', null).slice(0, 1);
const put = (...of: Parameters<typeof row>) => insert('item', row(...of));
const change = (...of: Parameters<typeof row>) => update('item', keyOf(of[0]), row(...of));

/** The rows after one record after the other, each in a run of its own. */
async function rowsAfter(...records: readonly string[]): Promise<readonly string[]> {
  const all = await looks(
    mapping('version: v'),
    records.map((record) => asLines([record])),
  );
  const [once] = await looks(mapping('version: v'), [asLines(records)]);
  expect(once?.rows).toEqual(all.at(-1)?.rows);
  return all.at(-1)?.rows ?? [];
}

describe('an older version', () => {
  test('does not take the place of a newer one, and is counted', async () => {
    expect(await rowsAfter(put(1, 'b', 2), change(1, 'a', 1), put(1, 'a', 1))).toEqual(['1,b']);
    const [look] = await looks(mapping('version: v'), [asLines([put(1, 'b', 2), change(1, 'a', 1), put(1, 'a', 1)])]);
    expect(look?.result).toMatchObject({ older: 2, lost: { changes: 0 } });
  });

  test('does not bring back what was deleted with a newer one', async () => {
    expect(await rowsAfter(put(1, 'b', 2), remove('item', row(1, 'b', 2)), put(1, 'a', 1))).toEqual([]);
    expect(await rowsAfter(remove('item', row(1, 'b', 2)), put(1, 'a', 1))).toEqual([]);
  });

  test('does not delete a newer one', async () => {
    expect(await rowsAfter(put(1, 'b', 2), remove('item', row(1, 'a', 1)))).toEqual(['1,b']);
  });

  test('is NULL, beside any other', async () => {
    expect(await rowsAfter(put(1, 'a', 1), put(1, 'none', null))).toEqual(['1,a']);
    expect(await rowsAfter(put(1, 'none', null), put(1, 'a', 1))).toEqual(['1,a']);
    expect(await rowsAfter(put(1, 'none', null), put(1, 'other', null))).toEqual(['1,other']);
  });

  test('leaves the row that has another key now, and the one that has that key', async () => {
    const moved = update('item', keyOf(1), row(2, 'moved', 5));
    expect(await rowsAfter(put(1, 'a', 1), moved, put(1, 'late', 4))).toEqual(['2,moved']);
    expect(await rowsAfter(moved, put(1, 'late', 4))).toEqual(['2,moved']);
    expect(await rowsAfter(put(1, 'newer', 6), moved)).toEqual(['1,newer', '2,moved']);
    expect(await rowsAfter(put(1, 'a', 1), put(2, 'newer', 6), moved)).toEqual(['2,newer']);
  });
});

test('of equal versions the one read later wins, also over a delete', async () => {
  expect(await rowsAfter(put(1, 'a', 1), put(1, 'b', 1))).toEqual(['1,b']);
  expect(await rowsAfter(put(1, 'a', 1), remove('item', row(1, 'a', 1)))).toEqual([]);
  expect(await rowsAfter(put(1, 'a', 1), remove('item', row(1, 'a', 1)), put(1, 'again', 1))).toEqual(['1,again']);
});

describe('a delete that tells no version', () => {
  test('takes the row as it stands, and what was older stays away', async () => {
    expect(await rowsAfter(put(1, 'a', 5), remove('item', keyOf(1)), put(1, 'old', 4))).toEqual([]);
    expect(await rowsAfter(put(1, 'a', 5), remove('item', keyOf(1)), put(1, 'new', 6))).toEqual(['1,new']);
  });

  test('is lost where no row was ever seen, and is not where one was deleted', async () => {
    const [never] = await looks(mapping('version: v'), [asLines([remove('item', keyOf(1))])]);
    expect(never?.result.lost.changes).toBe(1);
    const twice = asLines([put(1, 'a', 1), remove('item', keyOf(1)), remove('item', keyOf(1))]);
    const [gone] = await looks(mapping('version: v'), [twice]);
    expect(gone).toMatchObject({ rows: [], tombstones: 1, result: { lost: { changes: 0 } } });
  });
});

test('a truncate is a delete of each row', async () => {
  const { inserted, truncated, transaction } = version2;
  const records = [
    transaction([inserted('item', row(1, 'a', 5))]),
    transaction([truncated('item')]),
    transaction([inserted('item', row(1, 'old', 4)), inserted('item', row(2, 'b', 1))]),
  ];
  const all = await looks(
    mapping('version: v'),
    records.map((lines) => asLines(lines)),
  );
  expect(all.map(({ rows, tombstones }) => [rows, tombstones])).toEqual([
    [['1,a'], 0],
    [[], 1],
    [['2,b'], 1],
  ]);
});

describe('an update that leaves values out', () => {
  test('keeps those of the row, whose version it passes', async () => {
    const part = (version: number) => update('item', keyOf(1), [...keyOf(1), ['v', 'integer', version]]);
    expect(await rowsAfter(put(1, 'large', 1), part(3), put(1, 'late', 2))).toEqual(['1,large']);
    expect(await rowsAfter(put(1, 'large', 4), part(3), put(1, 'late', 5))).toEqual(['1,late']);
  });

  test('is of the version of the row where it leaves out that', async () => {
    const named = update('item', keyOf(1), row(1, 'named', 0).slice(0, 2));
    expect(await rowsAfter(put(1, 'a', 4), named, put(1, 'late', 3))).toEqual(['1,named']);
  });
});

describe('versions are compared as PostgreSQL compares them', () => {
  const later = async (type: string, older: LoggedValue, newer: LoggedValue) => {
    expect(await rowsAfter(put(1, 'new', newer, type), put(1, 'old', older, type))).toEqual(['1,new']);
    expect(await rowsAfter(put(1, 'old', older, type), put(1, 'new', newer, type))).toEqual(['1,new']);
  };

  test.each<[string, LoggedValue, LoggedValue]>([
    ['bigint', 9007199254740992n, 9007199254740993n],
    ['numeric', digits('9.5'), digits('10')],
    ['numeric', digits('-1.0000000000000000000002'), digits('-1.0000000000000000000001')],
    ['timestamp without time zone', '2024-01-01 09:00:00', '2024-01-01 10:00:00.5'],
    ['timestamp with time zone', '2024-01-01 12:30:00+05', '2024-01-01 08:00:00+00'],
    ['date', '9999-12-31', '10000-01-01'],
    ['text', 'Z', 'a'],
  ])('%s: %s before %s', later);

  test('without types in the log, numbers as numbers', async () => {
    const untyped = (name: string, v: string) => `{"id":1,"name":"${name}","v":${v}}\n`;
    const all = await looks(mapping('version: v', 'format: json'), [untyped('new', '10'), untyped('old', '9.5')]);
    expect(all.at(-1)?.rows).toEqual(['1,new']);
  });

  test('also where their type widens meanwhile', async () => {
    const wide = (name: string, v: string) => put(1, name, digits(v), 'numeric');
    expect(await rowsAfter(put(1, 'ten', 10), wide('late', '9.5'), wide('new', '10.5'))).toEqual(['1,new']);
    const gone = remove('item', row(1, 'ten', 10));
    expect(await rowsAfter(put(1, 'ten', 10), gone, wide('late', '9.5'))).toEqual([]);
  });
});

test('a version may be computed, and is where the row is told in part', async () => {
  const times = (id: number, name: string, created: number, updated: number | null): LoggedRow => [
    ...row(id, name, null).slice(0, 2),
    ['created', 'integer', created],
    ['updated', 'integer', updated],
  ];
  const yaml = mapping('version: "coalesce(updated, created)"');
  const part = update('item', keyOf(1), [...keyOf(1), ['updated', 'integer', 7]]);
  const [look] = await looks(yaml, [
    asLines([insert('item', times(1, 'a', 5, null)), part, update('item', null, times(1, 'late', 6, null))]),
  ]);
  expect(look?.rows).toEqual(['1,a']);
});

test('a record of which the version cannot be computed can be left out', async () => {
  const yaml = mapping('version: "cast(v as integer)"');
  const [look] = await looks(yaml, [asLines([put(1, 'a', '2', 'text'), put(1, 'bad', 'x', 'text')])], {
    onRejected: () => {},
  });
  expect(look?.rows).toEqual(['1,a']);
  expect(look?.result.rejected).toMatchObject({ transactions: 1, first: { code: 'BAD_CAST', record: 2 } });
});

test('keys that become one when their type is learned keep what is newer, a row or its end', async () => {
  const untyped = (name: string, id: string, v: number, kind = 'insert') =>
    `{"change":[{"kind":"${kind}","schema":"public","table":"item",` +
    (kind === 'delete'
      ? `"oldkeys":{"keynames":["id","name","v"],"keyvalues":[${id},"${name}",${v}]}}]}`
      : `"columnnames":["id","name","v"],"columnvalues":[${id},"${name}",${v}]}]}`);
  const typed = (id: number) => insert('item', [['id', 'numeric', digits(`${id}.0`)], ...row(id, 'typed', 0).slice(1)]);
  const learned = async (...records: readonly string[]) =>
    (await looks(mapping('version: v'), [asLines(records)]))[0]?.rows;
  expect(await learned(untyped('row', '1', 5), untyped('gone', '"1"', 6, 'delete'), typed(2))).toEqual(['2,typed']);
  expect(await learned(untyped('row', '1', 6), untyped('gone', '"1"', 5, 'delete'), typed(2))).toEqual([
    '1,row',
    '2,typed',
  ]);
  expect(await learned(untyped('row', '1', 5), untyped('other', '"1"', 4), typed(2))).toEqual(['1,row', '2,typed']);
});

test('a snapshot keeps the row that it tells of an older version, and what it tells no more is deleted', async () => {
  await inScratch(async (folder) => {
    const [input, output] = [join(folder, 'items.csv'), join(folder, 'metrics.db')];
    const yaml = mapping('version: v, types: { v: integer }', 'format: csv, mode: snapshot');
    const rows = async (...lines: readonly string[]) => {
      rmSync(input, { force: true });
      writeFileSync(input, asLines(['id,name,v', ...lines]));
      await run(mappingOf(yaml), { inputs: new Map([['', input]]), output });
      return rowsOf(output, 'items').map(String).sort();
    };
    expect(await rows('1,a,5', '2,b,5')).toEqual(['1,a', '2,b']);
    expect(await rows('1,old,4')).toEqual(['1,a']);
    expect(await rows('2,old,4', '3,c,1')).toEqual(['3,c']);
    expect(await rows('2,back,5')).toEqual(['2,back']);
  });
});

/** What is done to a key, with the version that it is done under: each version is given once. */
interface Deed {
  readonly key: number;
  readonly name: string;
  /** The key that the row comes from or goes to; null where it has another one only. */
  readonly from: number | null;
  readonly gone: boolean;
}

/** Ways to write the n-th version, each in order. */
const VERSIONS: Readonly<Record<string, (n: number) => LoggedValue>> = {
  integer: (n) => n * 3,
  'numeric(9,3)': (n) => digits(`${Math.floor(n / 2)}.${n % 2 === 0 ? '125' : '5'}`),
  'timestamp with time zone': (n) =>
    `2024-01-01 ${String(n % 2 === 0 ? 12 : 7).padStart(2, '0')}:00:${String(n).padStart(2, '0')}+0${n % 2 === 0 ? 5 : 0}`,
  text: (n) => `v${String(n).padStart(3, '0')}`,
};

const deeds = fc.array(
  fc.record<Deed>({
    key: fc.nat(3),
    name: fc.constantFrom('a', 'b', 'c'),
    from: fc.option(fc.nat(3), { freq: 2 }),
    gone: fc.boolean(),
  }),
  { minLength: 1, maxLength: 10 },
);

/** Which deed comes when: all of them, in any order, some several times. */
const delivery = fc.array(fc.nat(), { maxLength: 12 });

test('law 3: with versions, any order and any repetition of whole changes gives the same metric', async () => {
  const property = fc.asyncProperty(
    deeds,
    fc.constantFrom(...Object.keys(VERSIONS)),
    fc.infiniteStream(fc.nat()),
    delivery,
    fc.record({ batchSize: fc.integer({ min: 1, max: 5 }), cut: fc.integer({ min: 1, max: 6 }) }),
    async (all, type, order, again, { batchSize, cut }) => {
      const records = all.map((deed, n) => recordOf(deed, VERSIONS[type]?.(n) ?? null, type));
      const shuffled = inAnyOrder([...records, ...again.map((n) => records[n % records.length] ?? '')], order);
      const files = Array.from({ length: Math.ceil(shuffled.length / cut) }, (_, n) =>
        asLines(shuffled.slice(n * cut, (n + 1) * cut)),
      );
      const found = await looks(mapping('version: v'), files, { batchSize });
      expect(found.at(-1)?.rows).toEqual(latest(all));
      tell('deliveries in any order');
    },
  );
  await fc.assert(property, { numRuns: runs(25, 150) });
});

/** Its delete tells the version of the delete, as the envelope of a document would. */
function recordOf({ key, name, from, gone }: Deed, version: LoggedValue, type: string): string {
  const whole = row(key, name, version, type);
  if (gone) return remove('item', whole);
  return from === null ? insert('item', whole) : update('item', keyOf(from), whole);
}

/** Of each key what was done to it last. */
function latest(all: readonly Deed[]): readonly string[] {
  const names = new Map<number, string>();
  for (const { key, name, from, gone } of all) {
    if (from !== null && !gone) names.delete(from);
    if (gone) names.delete(key);
    else names.set(key, name);
  }
  return [...names].map(([key, name]) => `${key},${name}`).sort();
}
