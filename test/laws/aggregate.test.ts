/** Aggregates as no random case shows them, or shows them too seldom. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Row } from '../../engine/change.ts';
import { EtlError } from '../../engine/diagnostic/diagnostic.ts';
import { run } from '../../engine/pipeline/run.ts';
import { asLines, digits, insert, type LoggedRow, type LoggedValue, remove, update } from '../log/log.ts';
import { mappingOf, rowsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';

/** A metric over the table `t`. */
function mapping(groups: string, ...columns: readonly string[]): string {
  const lines = columns.map((expr, n) => `  - { name: c${n}, expr: ${JSON.stringify(expr)} }`);
  return `
metric: m
source: { format: wal2json, path: log }
tables:
  t: { key: id }
from: t
group_by: ${groups}
columns:
${lines.join('\n')}
sink: { sqlite: metrics.db }
`;
}

/** The rows after each of some logs that come one after another. */
async function rowsAfter(yaml: string, ...parts: readonly (readonly string[])[]): Promise<(readonly Row[])[]> {
  return inScratch(async (folder) => {
    const [log, output] = [join(folder, 'log'), join(folder, 'metrics.db')];
    mkdirSync(log);
    const found: (readonly Row[])[] = [];
    for (const [n, records] of parts.entries()) {
      writeFileSync(join(log, `${n}.json`), asLines(records));
      await run(mappingOf(yaml), { inputs: new Map([['', log]]), output });
      found.push(rowsOf(output, 'm'));
    }
    return found;
  });
}

const row = (id: number, type: string, x: LoggedValue): LoggedRow => [
  ['id', 'integer', id],
  ['x', type, x],
];
const put = (id: number, type: string, x: LoggedValue): string => insert('t', row(id, type, x));
const gone = (id: number): string => remove('t', [['id', 'integer', id]]);

describe('one row over everything', () => {
  test('is there without an aggregate', async () => {
    expect(await rowsAfter(mapping('[]', "'x'"), [], [put(1, 'integer', 1)], [gone(1)])).toEqual([
      [['x']],
      [['x']],
      [['x']],
    ]);
  });

  test('is there before the first row and after the last', async () => {
    const yaml = mapping('[]', 'count(*)', 'sum(t.x)', 'coalesce(max(t.x), 0)');
    const [before, between, after] = await rowsAfter(yaml, [], [put(1, 'integer', 5)], [gone(1)]);
    expect(before).toEqual([[0n, null, 0n]]);
    expect(between).toEqual([[1n, 5n, 5n]]);
    expect(after).toEqual(before);
  });
});

describe('doubles', () => {
  const DOUBLE = 'double precision';
  const yaml = mapping('[]', 'sum(t.x)', 'avg(t.x)');

  test('that come and go leave nothing of themselves in a sum', async () => {
    const large = [put(1, DOUBLE, 0.1), put(2, DOUBLE, 1e16), put(3, DOUBLE, 0.2)];
    const [, after] = await rowsAfter(yaml, large, [gone(2)]);
    expect(after).toEqual([[0.1 + 0.2, (0.1 + 0.2) / 2]]);
  });

  test('are summed as if they were rounded once', async () => {
    const [rows] = await rowsAfter(yaml, [put(1, DOUBLE, 1e300), put(2, DOUBLE, 5e-324), put(3, DOUBLE, -1e300)]);
    expect(rows).toEqual([[5e-324, 0]]);
  });
});

describe('a group', () => {
  test('of NULL is one, and goes with its last row', async () => {
    const yaml = mapping('[t.x]', 't.x', 'count(*)');
    const both = [put(1, 'integer', null), put(2, 'integer', null), put(3, 'integer', 3)];
    expect(await rowsAfter(yaml, both, [gone(1)], [gone(2)])).toEqual([
      expect.arrayContaining([
        [null, 2n],
        [3n, 1n],
      ]),
      expect.arrayContaining([
        [null, 1n],
        [3n, 1n],
      ]),
      [[3n, 1n]],
    ]);
  });

  test('of numerics that are written otherwise is one', async () => {
    const yaml = mapping('[t.x]', 't.x', 'count(*)', 'count(distinct t.x)');
    const [rows] = await rowsAfter(yaml, [put(1, 'numeric', digits('1.0')), put(2, 'numeric', digits('1.00'))]);
    expect(rows).toEqual([[1n, 2n, 1n]]);
  });

  test('of character(n) is counted once whatever blanks pad it', async () => {
    const rows = [put(1, 'character(3)', 'a  '), put(2, 'character(3)', null)];
    expect(await rowsAfter(mapping('[]', "count(distinct coalesce(t.x, 'a'))"), rows)).toEqual([[[1n]]]);
  });

  test('whose row moves to another one loses it', async () => {
    const yaml = mapping('[t.x]', 't.x', 'count(*)', 'max(t.id)');
    const [, after] = await rowsAfter(
      yaml,
      [put(1, 'text', 'a'), put(2, 'text', 'a'), put(3, 'text', 'b')],
      [update('t', [['id', 'integer', 2]], row(2, 'text', 'b'))],
    );
    expect(after).toEqual(
      expect.arrayContaining([
        ['a', 1n, 1n],
        ['b', 2n, 3n],
      ]),
    );
  });
});

describe('an aggregate that can not be computed', () => {
  const LARGE = 1.5e308;
  const double = (id: number, g: string, x: number): string => {
    return insert('t', [...row(id, 'double precision', x), ['g', 'text', g]]);
  };
  const date = (id: number, x: string): string => insert('t', [...row(id, 'date', x), ['g', 'text', 'a']]);
  const stop = async (yaml: string, ...parts: readonly (readonly string[])[]): Promise<unknown> => {
    const error = await rowsAfter(yaml, ...parts).catch((caught: unknown) => caught);
    const [finding] = error instanceof EtlError ? error.diagnostics : [];
    const { start = 0, end = 0 } = finding?.mapping?.span ?? {};
    return [finding?.code, finding?.mapping?.text.slice(start, end), finding?.notes?.slice(0, -1)];
  };
  const plain = mapping('[t.g]', 't.g', 'sum(t.x)');
  const windowed = mapping('', 't.id', 'sum(t.x) over (partition by t.g)').replace('group_by: \n', '');
  const both = mapping('[t.g]', 't.g', 'sum(sum(t.x)) over (partition by t.g)');

  test.for([
    [plain, 'sum(t.x)', 'group t.g=b'],
    [windowed, 'sum(t.x) over (partition by t.g)', 'window t.g=b'],
    [both, 'sum(t.x)', 'group t.g=b'],
  ] as const)('is named with its group, at once and when rows come: %#', async ([yaml, aggregate, group]) => {
    const [first, second] = [[double(1, 'a', 1), double(2, 'b', LARGE)], [double(3, 'b', LARGE)]];
    const expected = ['OUT_OF_RANGE', aggregate, [`in row: ${group}`]];
    expect(await stop(yaml, [...first, ...second])).toEqual(expected);
    expect(await stop(yaml, first, second)).toEqual(expected);
  });

  test('is named where a window over groups can not be ordered or told apart', async () => {
    const log = [date(1, '9/3/2024'), date(2, '10/3/2024')];
    const ordered = mapping('[t.x]', 't.x', 'count(*)', 'count(*) over (order by t.x)');
    expect(await stop(ordered, log)).toEqual(['BAD_CAST', 'count(*) over (order by t.x)', []]);
    const least = mapping('[t.g]', 'min(t.x)');
    expect(await stop(least, log)).toEqual(['BAD_CAST', 'min(t.x)', ['in row: group t.g=a']]);
  });
});

test('values of a log without types are summed by their digits', async () => {
  const untyped = (id: number, x: string): string =>
    `{"change":[{"kind":"insert","schema":"public","table":"t","columnnames":["id","x"],"columnvalues":[${id},${x}]}]}`;
  const [rows] = await rowsAfter(mapping('[]', 'sum(t.x)', 'avg(t.x)', 'max(t.x)'), [
    untyped(1, '0.1'),
    untyped(2, '0.2'),
    untyped(3, '9007199254740993'),
  ]);
  expect(rows).toEqual([['9007199254740993.3', '3002399751580331.1', 9007199254740993n]]);
});

test('a sum of integers is no integer, so that it may grow past them', async () => {
  const most = 9223372036854775807n;
  const [rows] = await rowsAfter(mapping('[]', 'sum(t.x)', 'avg(t.x)'), [
    put(1, 'bigint', most),
    put(2, 'bigint', most),
  ]);
  expect(rows).toEqual([['18446744073709551614', '9223372036854775807']]);
});
