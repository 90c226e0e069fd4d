/** Which changes of a mapping the state of the old one suffices for, one by one: those are made in place, and give what a first run gives. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Mapping } from '../../engine/mapping/mapping.ts';
import type { RunOptions } from '../../engine/pipeline/options.ts';
import { run } from '../../engine/pipeline/run.ts';
import { verifySource } from '../../engine/verify/verify.ts';
import { asLines, digits, insert, type LoggedRow, remove, update } from '../log/log.ts';
import { columnsOf, findingsOf, mappingOf, rowsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';

/** Sales and their shops; each part may be another one. */
function salesWith(parts: Partial<Record<'sale' | 'from' | 'columns' | 'rest', string>>): string {
  const { sale = 'sale: { key: id }', from = 'from: sale', columns = COLUMNS, rest = '' } = parts;
  return `
metric: sales
source: { format: wal2json, path: log }
tables: { ${sale}, shop: { key: id } }
${from}
columns: [${columns}]
${rest}
sink: { sqlite: metrics.db }
`;
}

const COLUMNS = 'sale.id, sale.amount, sale.shop_id, { name: shop, expr: shop.name }';
const JOINED = 'from: sale\njoin: [sale.shop_id = shop.id]';

const sale = (id: number, amount: string, shop: number | null): LoggedRow => [
  ['id', 'integer', id],
  ['amount', 'numeric', digits(amount)],
  ['shop_id', 'integer', shop],
];
const shop = (id: number, name: string): LoggedRow => [
  ['id', 'integer', id],
  ['name', 'text', name],
];

const LOG = [
  insert('shop', shop(1, 'north')),
  insert('shop', shop(2, 'south')),
  insert('sale', sale(1, '1.50', 1)),
  insert('sale', sale(2, '-2', 2)),
  insert('sale', sale(3, '30.25', 1)),
  insert('sale', sale(4, '4', null)),
  update('sale', null, sale(3, '-30.25', 2)),
  remove('sale', sale(4, '4', null)),
];

const LATER = [insert('sale', sale(5, '5', 1)), update('shop', null, shop(2, 'west'))];

/** The change of a mapping, made by a run that reads nothing; then more of the log comes. Gives what was told of it. */
async function change(before: string, after: string, options: RunOptions = {}) {
  return inScratch(async (folder) => {
    const [log, output, first] = ['log.json', 'metrics.db', 'first.db'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const inputs = new Map([['', log]]);
    writeFileSync(log, asLines(LOG));
    await run(mappingOf(before), { ...options, inputs, output });
    const made = await run(mappingOf(after), { ...options, inputs, output });
    const rejected = rowsOf(output, '_etl_rejected').length;
    for (const records of [LOG, [...LOG, ...LATER]]) {
      writeFileSync(log, asLines(records));
      await run(mappingOf(after), { inputs, output });
      await run(mappingOf(after), { inputs, output: first, fullRefresh: true });
      expect(columnsOf(output, 'sales')).toEqual(columnsOf(first, 'sales'));
      expect(rowsOf(output, 'sales').map(String).sort()).toEqual(rowsOf(first, 'sales').map(String).sort());
      expect(await verifySource(mappingOf(after), { inputs, output })).toMatchObject({ missing: 0, unexpected: 0 });
    }
    return { ...made, rejected };
  });
}

const JOINS = { from: JOINED };

describe('made in place', () => {
  test.each([
    ['a filter of the metric', salesWith(JOINS), salesWith({ ...JOINS, rest: 'where: sale.amount > 0' })],
    ['a filter of a table', salesWith(JOINS), salesWith({ ...JOINS, sale: 'sale: { key: id, where: amount > 0 }' })],
    ['a left join', salesWith(JOINS), salesWith({ from: 'from: sale\njoin: [{ left: sale.shop_id = shop.id }]' })],
    ['other joins', salesWith(JOINS), salesWith({ from: 'from: shop\njoin: [shop.id = sale.shop_id]' })],
    [
      'the order of columns, their names and expressions',
      salesWith(JOINS),
      salesWith({
        ...JOINS,
        columns: '{ name: place, expr: upper(shop.name) }, sale.shop_id, { name: id, expr: -sale.id }, sale.amount',
      }),
    ],
    [
      'groups',
      salesWith(JOINS),
      salesWith({
        ...JOINS,
        columns: 'shop.name, { name: total, expr: sum(sale.amount) }',
        rest: 'group_by: [shop.name]',
      }),
    ],
    [
      'another alias',
      salesWith({ ...JOINS, sale: 'sale: { key: id, checks: [{ expr: amount > 0, on_fail: reject }] }' }),
      salesWith({
        sale: 's: { table: sale, key: id, checks: [{ expr: amount > 0, on_fail: reject }] }',
        from: 'from: s\njoin: [s.shop_id = shop.id]',
        columns: COLUMNS.replaceAll('sale.', 's.'),
      }),
    ],
    [
      'another alias of a table with versions',
      salesWith({ ...JOINS, sale: 'sale: { key: id, version: sale.amount }' }),
      salesWith({
        sale: 's: { table: sale, key: id, version: s.amount }',
        from: 'from: s\njoin: [s.shop_id = shop.id]',
        columns: COLUMNS.replaceAll('sale.', 's.'),
      }),
    ],
    [
      'a second alias of a table',
      salesWith(JOINS),
      salesWith({
        sale: 'sale: { key: id }, other: { table: sale, key: id }',
        from: `${JOINED.slice(0, -1)}, { left: sale.id = other.shop_id }]`,
        columns: `${COLUMNS}, { name: other, expr: other.amount }`,
      }),
    ],
    [
      'a type that the log tells',
      salesWith(JOINS),
      salesWith({ ...JOINS, sale: 'sale: { key: id, types: { amount: numeric } }' }),
    ],
    [
      'the schema that is meant anyway',
      salesWith(JOINS),
      salesWith({ ...JOINS, sale: 'sale: { key: id, schema: public }' }),
    ],
    [
      'the order of a key',
      salesWith({ ...JOINS, sale: 'sale: { key: [id, amount] }' }),
      salesWith({ ...JOINS, sale: 'sale: { key: [amount, id] }' }),
    ],
    [
      'checks of the metric',
      salesWith(JOINS),
      salesWith({ ...JOINS, rest: 'checks: [{ expr: amount > 0, on_fail: reject }]' }),
    ],
  ])('%s', async (_, before, after) => {
    expect(await change(before, after)).toMatchObject({ migrated: true, read: { changes: 0 } });
  });
});

describe('what the state held and the changed mapping does not keep is told', () => {
  const nested = (keep: string, columns = COLUMNS) =>
    salesWith({ ...JOINS, sale: `sale: { key: id${keep} }`, columns });

  test.each([
    ['nothing, where all of it is kept', salesWith(JOINS), salesWith({ ...JOINS, rest: 'where: sale.id > 0' }), []],
    ['a column', salesWith(JOINS), salesWith({ ...JOINS, columns: 'sale.id, shop.name' }), ['sale.amount']],
    [
      'a table',
      salesWith(JOINS),
      salesWith({ columns: 'sale.id, sale.amount, sale.shop_id' }).replace(', shop: { key: id }', ''),
      ['shop'],
    ],
    ['a column that all kept', nested(', keep: all'), nested('', 'sale.id, shop.name'), ['sale.amount']],
    ['a path in a column that is kept', nested(', keep: [note, note.x]'), nested(', keep: [note]'), []],
    ['a column but for a path in it', nested(', keep: [note]'), nested(', keep: [note.x]'), ['sale.note']],
  ])('%s', async (_, before, after, forgotten) => {
    expect(await change(before, after)).toMatchObject({ migrated: true, forgotten });
  });
});

const checked = (onFail: string) =>
  salesWith({ ...JOINS, sale: `sale: { key: id, checks: [{ expr: amount > 0, on_fail: ${onFail} }] }` });

describe('checks are changed in place: rows that they reject are kept, and told of as they stand', () => {
  test.each([
    ['none', 'reject', [2, 3]],
    ['warn', 'reject', [2, 3]],
    ['reject', 'warn', []],
  ])('%s to %s', async (from, to, rejected) => {
    const told: unknown[] = [];
    const made = await change(from === 'none' ? salesWith(JOINS) : checked(from), checked(to), {
      onRejectedRow: ({ source, table, row }) => told.push([source, table, Number(row.id)]),
    });
    expect(made).toMatchObject({
      migrated: true,
      checks: [{ alias: 'sale', onFail: to, rows: 2 }],
      rejected: rejected.length,
    });
    // Told once by each mapping that rejects them, whichever ran first; the row that was mended since by neither.
    const times = from === 'reject' ? 1 : 0;
    expect(told.slice(times * 2)).toEqual(rejected.map((id) => ['source', 'sale', id]));
  });

  test('none to one that stops the run: it stops, and all stays as it was', async () => {
    const findings = await findingsOf(() => change(salesWith(JOINS), checked('stop')));
    expect(findings).toContain('error CHECK_FAILED: 2 rows of "sale" fail the check "sale.amount > 0"');
    expect(findings).toContain('kept: state and metric as they were before this run');
  });
});

describe('the log is read again, and what is missing is said', () => {
  test.each([
    ['another key', 'sale: { key: [id, shop_id] }', 'rows of "sale" by another key'],
    ['another version', 'sale: { key: id, version: amount }', 'rows of "sale" by another version'],
    ['another schema', 'sale: { key: id, schema: other }', 'rows of "sale" by another schema'],
    ['other tables', 'sale: { key: id, table: [sale, sale_old] }', 'rows of "sale" by other tables'],
    ['another type', 'sale: { key: id, types: { amount: text } }', 'another type of sale.amount'],
    ['every column', 'sale: { key: id, keep: all }', 'every column of "sale"'],
    ['a path', 'sale: { key: id, keep: [note.x] }', 'sale.note.x'],
  ])('%s', async (_, table, lack) => {
    const findings = await findingsOf(() => change(salesWith(JOINS), salesWith({ ...JOINS, sale: table })));
    expect(findings).toContain(`needs what its state does not hold: ${lack}`);
    expect(findings).toContain('--full-refresh');
  });
});

test('what rows remember of their files does not grow with the number of changes', () =>
  inScratch(async (folder) => {
    const [log, output] = [join(folder, 'log.json'), join(folder, 'metrics.db')];
    const options = { inputs: new Map([['', log]]), output };
    writeFileSync(log, asLines(LOG));
    const mappings = [salesWith(JOINS), salesWith({ ...JOINS, rest: 'where: sale.amount > 0' })].map((text) =>
      mappingOf(text),
    );
    await run(mappings[0] as Mapping, options);
    const numbers = () => rowsOf(output, '_etl_file').map(([number]) => number);
    const before = numbers();
    for (let n = 1; n <= 12; n++)
      expect(await run(mappings[n % 2] as Mapping, options)).toMatchObject({ migrated: true });
    expect(numbers()).toEqual(before);
  }));
