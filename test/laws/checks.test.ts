/** What becomes of rows that fail a check of their table. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runMappings } from '../../engine/commands/run.ts';
import type { RunResult } from '../../engine/pipeline/result.ts';
import { run } from '../../engine/pipeline/run.ts';
import { asLines, inserted, type LoggedRow, removed, transaction, updated } from '../log/log.ts';
import { findingsOf, mappingOf, rowsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';

const mapping = (checks: string, rest = '') => `
metric: sales
source: { format: wal2json, path: wal.json }
tables:
  sale: { key: id, checks: [${checks}]${rest} }
from: sale
columns:
  - sale.id
  - sale.quantity
sink: { sqlite: metrics.db }
`;

const REJECT = '{ expr: quantity > 0, on_fail: reject }';

const row = (id: number, quantity: number | null): LoggedRow => [
  ['id', 'integer', id],
  ['quantity', 'integer', quantity],
];
const put = (id: number, quantity: number | null) => transaction([inserted('sale', row(id, quantity))]);
const change = (id: number, quantity: number | null) =>
  transaction([updated('sale', row(id, 0).slice(0, 1), row(id, quantity))]);

interface Look {
  readonly rows: readonly string[];
  readonly result: RunResult;
}

/** The rows after each of the texts by which the log grows. */
async function looks(yaml: string, ...texts: readonly (readonly string[])[]): Promise<readonly Look[]> {
  return inScratch(async (folder) => {
    const [log, output] = [join(folder, 'wal.json'), join(folder, 'metrics.db')];
    const found: Look[] = [];
    for (const records of texts) {
      appendFileSync(log, asLines(records));
      const result = await run(mappingOf(yaml), { inputs: new Map([['', log]]), output });
      found.push({ rows: rowsOf(output, 'sales').map(String).sort(), result });
    }
    return found;
  });
}

describe('a row that is rejected', () => {
  test('is not in the metric, and one of which the check is NULL is', async () => {
    const [look] = await looks(mapping(REJECT), [put(1, 1), put(2, 0), put(3, null)]);
    expect(look?.rows).toEqual(['1,1', '3,']);
  });

  test('goes where an update made it fail, and comes back where another one mends it', async () => {
    const all = await looks(mapping(REJECT), [put(1, 1), put(2, 1)], [change(1, -1)], [change(1, 7)]);
    expect(all.map(({ rows }) => rows)).toEqual([['1,1', '2,1'], ['2,1'], ['1,7', '2,1']]);
  });

  test('is counted when it comes, with the check, its key and its record, and not again later', async () => {
    const [first, second] = await looks(mapping(REJECT), [put(1, 0), put(2, -1), put(3, 1)], [put(4, 1)]);
    const [count, ...others] = first?.result.checks ?? [];
    expect(others).toEqual([]);
    expect(count).toMatchObject({ alias: 'sale', check: 'sale.quantity > 0', onFail: 'reject', rows: 2 });
    expect(count?.first).toMatchObject({ text: 'sale id=1', record: 1 });
    expect(second?.result.checks).toEqual([]);
  });

  test('is known when its update or delete comes', async () => {
    const gone = transaction([removed('sale', row(1, 0).slice(0, 1))]);
    const [, second] = await looks(mapping(REJECT), [put(1, 0)], [gone]);
    expect(second?.result.lost.changes).toBe(0);
  });

  test('is not looked at by the where of its table, which may rely on the check', async () => {
    const yaml = mapping('{ expr: quantity <> 0, on_fail: reject }', ', where: 10 / quantity > 1');
    const [look] = await looks(yaml, [put(1, 0), put(2, 3), put(3, 20)]);
    expect(look?.rows).toEqual(['2,3']);
  });

  test('is appended to the file of dead letters', async () => {
    await inScratch(async (folder) => {
      const [log, output, file, dead] = ['wal.json', 'metrics.db', 'mapping.yaml', 'dead.jsonl'].map((name) =>
        join(folder, name),
      ) as [string, string, string, string];
      writeFileSync(log, asLines([put(1, 1), put(2, 0)]));
      writeFileSync(file, mapping(REJECT));
      const answer = await runMappings([file], { input: [log], output, deadLetter: dead }, {});
      expect(answer.exit).toBe(0);
      expect(answer.text).toContain('reject  1 row of sale not sale.quantity > 0, the first: wal.json #2 sale id=2');
      expect(JSON.parse(readFileSync(dead, 'utf8'))).toEqual({
        metric: 'sales',
        source: 'source',
        code: 'ROW_REJECTED',
        reason: 'sale.quantity > 0',
        file: log,
        record: 2,
        table: 'sale',
        row: { id: '2', quantity: '0' },
      });
    });
  });
});

/** A sale of which a CSV file would say all as text. */
const written = (id: number, quantity: string): LoggedRow => [
  ['id', 'integer', id],
  ['quantity', 'text', quantity],
];
const write = (id: number, quantity: string) => transaction([inserted('sale', written(id, quantity))]);
const IS_NUMBER = 'cast(quantity as integer) > 0';

describe('a row of which a check cannot be computed', () => {
  const casting = (onFail: string) =>
    mapping(`{ expr: ${IS_NUMBER}, on_fail: ${onFail} }`).replace(
      '- sale.quantity',
      '- { name: quantity, expr: sale.quantity, type: integer }',
    );
  const LOG = [write(1, '2'), write(2, 'abc'), write(3, '0'), write(4, '5')];

  test('is rejected with the reason, and the columns are computed of the other rows', async () => {
    const [look] = await looks(casting('reject'), LOG);
    expect(look?.rows).toEqual(['1,2', '4,5']);
    expect(look?.result.checks).toMatchObject([
      { rows: 2, first: { text: 'sale id=2', reason: '"abc" is no integer' } },
    ]);
  });

  test('comes back where an update mends it', async () => {
    const mended = transaction([updated('sale', written(2, '').slice(0, 1), written(2, '3'))]);
    const all = await looks(casting('reject'), LOG, [mended]);
    expect(all.map(({ rows }) => rows)).toEqual([
      ['1,2', '4,5'],
      ['1,2', '2,3', '4,5'],
    ]);
  });

  test('is shown with the reason where it only warns', async () => {
    const [look] = await looks(mapping(`{ expr: ${IS_NUMBER}, on_fail: warn }`), LOG);
    expect(look?.rows).toHaveLength(4);
    expect(look?.result.warnings[0]?.notes?.join('\n')).toMatch(/row: sale id=2, read at .*:2: "abc" is no integer\n/);
  });

  test('stops the run where that is what the check says, with the reason', async () => {
    const text = await findingsOf(() => looks(casting('stop'), LOG));
    expect(text).toContain('error CHECK_FAILED: 2 rows of "sale" fail the check "cast(sale.quantity as integer) > 0"');
    expect(text).toContain('in row: sale id=2: "abc" is no integer');
  });

  test('is no partner, and nothing that relies on the check is computed of it', async () => {
    const tables = (join: string, rest: string) => `
metric: sales
source: { format: wal2json, path: wal.json }
tables:
  sale: { key: id, checks: [{ expr: ${IS_NUMBER}, on_fail: reject }] }
  order: { key: id }
from: order
join: [{ ${join}: order.sale = sale.id }]
${rest}
sink: { sqlite: metrics.db }
`;
    const order = (id: number): string =>
      transaction([
        inserted('order', [
          ['id', 'integer', id],
          ['sale', 'integer', id],
        ]),
      ]);
    const log = [...LOG, order(1), order(2), order(4)];
    const number = 'cast(sale.quantity as integer)';
    const columns = `columns: [order.id, { name: n, expr: ${number} }]`;
    const rows = async (join: string, rest: string) => {
      const [all, grown] = [
        await looks(tables(join, rest), log),
        await looks(tables(join, rest), [], ...log.map((each) => [each])),
      ];
      expect(grown.at(-1)?.rows).toEqual(all[0]?.rows);
      return all[0]?.rows;
    };
    expect(await rows('inner', columns)).toEqual(['1,2', '4,5']);
    expect(await rows('left', columns)).toEqual(['1,2', '2,', '4,5']);
    expect(await rows('left', `where: sale.id > 0 and ${number} > 3\n${columns}`)).toEqual(['4,5']);
    expect(await rows('left', `columns: [{ name: n, expr: sum(${number}) }]\ngroup_by: []`)).toEqual(['7']);
    expect(await rows('left', `columns: [{ name: n, expr: max(${number}) over (order by order.id) }]`)).toEqual([
      '2',
      '2',
      '5',
    ]);
    expect(
      await rows(
        'inner',
        `columns: [{ name: n, expr: ${number} }, { name: c, expr: count(*) }]\ngroup_by: [${number}]`,
      ),
    ).toEqual(['2,1', '5,1']);
  });
});

test('a row that is only warned of stays, and is shown', async () => {
  const [look] = await looks(mapping('{ expr: quantity > 0, on_fail: warn }'), [put(1, 1), put(2, 0)]);
  expect(look?.rows).toEqual(['1,1', '2,0']);
  expect(look?.result.warnings.map(({ code, notes }) => [code, notes?.length])).toEqual([['CHECK_WARNED', 1]]);
});

test('a row at which the run stops leaves nothing of its batch, and what was committed before stays', async () => {
  await inScratch(async (folder) => {
    const [log, output] = [join(folder, 'wal.json'), join(folder, 'metrics.db')];
    const yaml = mapping('{ expr: quantity > 0, on_fail: stop }');
    const options = { inputs: new Map([['', log]]), output, batchSize: 2 };
    writeFileSync(log, asLines([put(1, 1)]));
    await run(mappingOf(yaml), options);
    appendFileSync(log, asLines([put(2, 1), put(3, 1), put(4, 1), put(5, 0)]));
    const text = await findingsOf(() => run(mappingOf(yaml), options));
    expect(text).toContain('error CHECK_FAILED: a row of "sale" fails the check "sale.quantity > 0"');
    expect(text).toContain('kept: everything up to record 3');
    expect(rowsOf(output, 'sales').map(String).sort()).toEqual(['1,1', '2,1', '3,1']);
  });
});

test('a check sees the values that an update leaves out', async () => {
  const yaml = mapping('{ expr: quantity > 0 or note is null, on_fail: reject }');
  const noted: LoggedRow = [...row(1, 1), ['note', 'text', 'large']];
  const [, second] = await looks(yaml, [transaction([inserted('sale', noted)])], [change(1, 0)]);
  expect(second?.rows).toEqual([]);
});
