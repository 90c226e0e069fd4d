/** What becomes of rows that fail a check of their table. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runMappings } from '../../engine/commands/run.ts';
import type { RunResult } from '../../engine/pipeline/result.ts';
import { run } from '../../engine/pipeline/run.ts';
import { verifyState } from '../../engine/verify/verify.ts';
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
      const options = { inputs: new Map([['', log]]), output };
      const result = await run(mappingOf(yaml), options);
      expect(verifyState(mappingOf(yaml), options)).toMatchObject({ missing: 0, unexpected: 0 });
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
    expect(count?.first).toMatchObject({ text: 'sale id=1', place: { record: 1 } });
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

describe('a row of the metric', () => {
  const tables = 'tables: { sale: { key: id } }';
  const metric = (columns: string, checks: string, rest = '') => `
metric: sales
source: { format: wal2json, path: wal.json }
${tables}
from: sale
${rest}
columns: [${columns}]
checks: [${checks}]
sink: { sqlite: metrics.db }
`;
  const PLAIN = 'sale.id, { name: double, expr: sale.quantity * 2 }';
  const TOTALS = 'sale.day, { name: total, expr: sum(sale.quantity) }';
  const RUNNING = 'sale.id, { name: balance, expr: sum(sale.quantity) over (order by sale.id) }';
  const at = (id: number, day: string, quantity: number) =>
    transaction([inserted('sale', [...row(id, quantity), ['day', 'text', day]])]);

  test('that is rejected is left out as long as it fails, and told when it comes to fail', async () => {
    const yaml = metric(PLAIN, '{ expr: double > 0, on_fail: reject }');
    const all = await looks(yaml, [put(1, 1), put(2, 0), put(3, -1)], [change(1, -5)], [put(4, 1)], [change(1, 3)]);
    expect(all.map(({ rows }) => rows)).toEqual([['1,2'], [], ['4,2'], ['1,6', '4,2']]);
    expect(all.map(({ result }) => result.checks.map(({ rows }) => rows))).toEqual([[2], [1], [], []]);
    expect(all[0]?.result.checks[0]).toMatchObject({
      alias: 'sales',
      check: 'double > 0',
      first: { text: 'sales id=2 double=0', reason: null, place: null },
    });
  });

  test('is a group, or stands behind its windows, which are computed of all rows', async () => {
    const log = [at(1, 'a', 2), at(2, 'b', -3), at(3, 'a', 4)];
    const more = [at(4, 'b', 9), at(5, 'a', -7)];
    const grouped = metric(TOTALS, '{ expr: total > 0, on_fail: reject }', 'group_by: [sale.day]');
    const groups = await looks(grouped, log, more);
    expect(groups.map(({ rows }) => rows)).toEqual([['a,6'], ['b,6']]);
    const windowed = metric(RUNNING, '{ expr: balance > 0, on_fail: reject }');
    const windows = await looks(windowed, log, more);
    expect(windows.map(({ rows }) => rows)).toEqual([
      ['1,2', '3,3'],
      ['1,2', '3,3', '4,12', '5,5'],
    ]);
    expect(windows.map(({ result }) => result.checks.map(({ rows }) => rows))).toEqual([[1], []]);
  });

  test('of which the check or the column cannot be computed fails it with the reason', async () => {
    const yaml = metric('sale.id, { name: n, expr: sale.quantity, type: integer }', '{ expr: n > 0, on_fail: reject }');
    const [look] = await looks(yaml, [write(1, '2'), write(2, 'abc'), write(3, '-1')]);
    expect(look?.rows).toEqual(['1,2']);
    expect(look?.result.checks).toMatchObject([
      { rows: 2, first: { text: 'sales id=2 n=NULL', reason: '"abc" is no integer' } },
    ]);
  });

  test('that only warns stays, and is shown', async () => {
    const [look] = await looks(metric(PLAIN, '{ expr: double > 0, on_fail: warn }'), [put(1, 1), put(2, 0)]);
    expect(look?.rows).toEqual(['1,2', '2,0']);
    expect(look?.result.warnings).toMatchObject([{ code: 'CHECK_WARNED', notes: ['row: sales id=2 double=0'] }]);
  });

  test('at which the run stops leaves nothing of its batch', async () => {
    const yaml = metric(PLAIN, '{ expr: double > 0, on_fail: stop }');
    const text = await findingsOf(() => looks(yaml, [put(1, 1)], [put(2, 0), put(3, 5)]));
    expect(text).toContain('error CHECK_FAILED: a row of "sales" fails the check "double > 0"');
    expect(text).toContain('in row: sales id=2 double=0');
    expect(text).toContain('kept: state and metric as they were before this run');
  });

  test('that is rejected is counted among those that the where keeps, and appended to the dead letters', async () => {
    await inScratch(async (folder) => {
      const [log, output, file, dead] = ['wal.json', 'metrics.db', 'mapping.yaml', 'dead.jsonl'].map((name) =>
        join(folder, name),
      ) as [string, string, string, string];
      writeFileSync(log, asLines([put(1, 1), put(2, 0), put(3, 50)]));
      writeFileSync(file, metric(PLAIN, '{ expr: double > 0, on_fail: reject }', 'where: sale.quantity < 10'));
      const answer = await runMappings([file], { input: [log], output, deadLetter: dead }, {});
      expect(answer.text).toContain('where   2 of 3 kept');
      expect(answer.text).toContain('reject  1 row of sales not double > 0, the first: sales id=2 double=0');
      expect(JSON.parse(readFileSync(dead, 'utf8'))).toEqual({
        metric: 'sales',
        source: null,
        code: 'ROW_REJECTED',
        reason: 'double > 0',
        file: null,
        record: null,
        table: null,
        row: { id: '2', double: '0' },
      });
    });
  });
});
