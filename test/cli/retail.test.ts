/** A supermarket: a file a day goes into a table that holds the history, and metrics are made of that table. */
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Row } from '../../engine/change.ts';
import { execute, rowsOf } from '../support/engine.ts';
import { type Bench, onBench, ROOT } from './etl.ts';

const SHARED = join(ROOT, '..', 'shared', 'data', 'retail');
const [HISTORY, DAY] = [join(SHARED, 'retail_history.db'), join(SHARED, 'retail_15_01_2022.csv')];
const SAMPLE = join(ROOT, 'data', 'retail_17_03_2024.csv');

const mapping = (metric: string): string => join(ROOT, 'mappings', `${metric}.yaml`);
const METRICS = ['retail_days', 'retail_categories', 'retail_balances'];

/** The table as somebody has it, without a key. */
const TABLE = `CREATE TABLE transactions (id TEXT, transaction_date TEXT, category TEXT, name TEXT, quantity BIGINT,
  amount_excl_tax FLOAT, amount_inc_tax FLOAT)`;

interface Shop extends Bench {
  /** Loads files, and brings the metrics over the table up to date. Gives what was printed. */
  readonly load: (files: string, ...flags: readonly string[]) => Promise<string>;
  readonly transactions: () => readonly Row[];
  /** The rows of a metric by their first cell. */
  readonly metric: (name: string) => readonly Row[];
}

function inShop(prepare: (database: string) => void, work: (shop: Shop) => Promise<void>): Promise<void> {
  return onBench({}, async (bench) => {
    const database = join(bench.folder, 'retail.db');
    prepare(database);
    const run = async (args: readonly string[], files: string): Promise<string> => {
      const { exit, stdout, stderr } = await bench.etl(['run', ...args], { env: { RETAIL: files } });
      expect([exit, stderr]).toEqual([0, expect.not.stringContaining('error')]);
      return stdout + stderr;
    };
    await work({
      ...bench,
      load: async (files, ...flags) => {
        const printed = await run([mapping('retail_transactions'), ...flags], files);
        await run(METRICS.map(mapping), files);
        return printed;
      },
      transactions: () => rowsOf(database, 'transactions'),
      metric: (name) => [...rowsOf(join(bench.folder, 'metrics.db'), name)].sort(),
    });
  });
}

describe.skipIf(!existsSync(HISTORY))('on the history and the file of a day (skipped where ../shared has none)', () => {
  const inRealShop = (work: (shop: Shop) => Promise<void>) =>
    inShop((database) => copyFileSync(HISTORY, database), work);

  test('the day is added to the history, of which no row is changed, and once only', async () => {
    await inRealShop(async ({ load, transactions, etl }) => {
      const history = transactions();
      expect(history).toHaveLength(681);
      const printed = await load(DAY);
      expect(printed).toContain('retail.db   transactions   54 rows   +54 ~0 -0\n');
      expect(transactions()).toHaveLength(735);
      expect(transactions().slice(0, 681)).toEqual(history);
      expect(await load(DAY)).toContain('nothing to write');
      expect(await load(DAY, '--full-refresh')).toContain('54 rows   nothing to write');
      expect(transactions()).toHaveLength(735);
      expect((await etl(['verify', mapping('retail_transactions')])).stdout).toBe(
        'retail_transactions: equal to the metric derived from its state, 54 rows; 681 rows of others stand beside them\n',
      );
    });
  });

  test('transactions per day, totals by category and balances are what they are, to the cent', async () => {
    await inRealShop(async ({ load, metric }) => {
      await load(DAY);
      const days = new Map(metric('retail_days') as [string, bigint][]);
      expect([...days.values()].reduce((sum, count) => sum + count, 0n)).toBe(735n);
      expect(days.get('2022-01-14')).toBe(47n);
      expect(metric('retail_categories')).toEqual([
        ['BUY', 382n, 412030.09],
        ['SELL', 353n, 360448.98],
      ]);
      const echo = metric('retail_balances').filter(([name]) => name === 'Amazon Echo Dot');
      const balances = new Map(echo.map(([_, day, balance]) => [day, balance]));
      const some = ['2022-01-01', '2022-01-08', '2022-01-15'].map((day) => balances.get(day));
      expect(some).toEqual([-59.98, -659.72, -239.89]);
      expect(echo.map(([_name, _day, _balance, running]) => running)).toEqual([
        -59.98, 179.92, 389.83, 479.79, 989.58, 929.6, 1079.54, 419.82, 509.79, 119.95, 179.92, 239.9, 299.88, 329.88,
        89.99,
      ]);
    });
  });

  test('a file that grows over the day, and one that tells of the history again, change what they bring', async () => {
    await inRealShop(async ({ folder, write, load, transactions, metric }) => {
      const [header, ...lines] = readFileSync(DAY, 'utf8').trimEnd().split('\n');
      const day = (count: number): void =>
        write('days/retail_15_01_2022.csv', `${[header, ...lines.slice(0, count)].join('\n')}\n`);
      const total = (): unknown => metric('retail_categories').at(-1);
      day(20);
      await load(join(folder, 'days'));
      expect(transactions()).toHaveLength(701);
      day(54);
      await load(join(folder, 'days'));
      expect(total()).toEqual(['SELL', 353n, 360448.98]);
      const [[id, , category, name, quantity, excluded] = []] = transactions();
      write('days/retail_16_01_2022.csv', `${header}\n${[id, category, name, quantity, excluded, '1.00'].join()}\n`);
      const printed = await load(join(folder, 'days'));
      expect(printed).toContain('54 rows   nothing to write   1 more is there already, of others (1 differs)');
      expect(printed).toContain(`the first: id="${id}": transaction_date is "2022-01-01" and should be "2022-01-16"`);
      expect(printed).toContain('warning CHECK_WARNED: a row of "sale" fails the check');
      expect(transactions()).toHaveLength(735);
      expect(total()).toEqual(['SELL', 353n, 360448.98]);
    });
  });
});

test('rows with a missing field, a quantity that is none or a malformed number are left out and told with the reason', async () => {
  const prepare = (database: string) => execute(database, TABLE);
  await inShop(prepare, async ({ folder, load, transactions, metric }) => {
    const dead = join(folder, 'dead.jsonl');
    const printed = await load(SAMPLE, '--dead-letter', dead);
    const letters = readFileSync(dead, 'utf8').trimEnd().split('\n');
    const told = letters.map((line) => JSON.parse(line) as { record: number; reason: string });
    expect(new Map(told.map(({ record, reason }) => [record, reason]))).toEqual(
      new Map([
        [6, 'cast(sale.quantity as integer) > 0'],
        [7, "coalesce(sale.description, '') <> ''"],
        [8, 'cast(sale.amount_excl_tax as numeric) is not null: "4O.50" is no numeric'],
        [9, 'cast(sale.quantity as integer) > 0: "two" is no integer'],
        [11, 'cast(sale.amount_inc_tax as numeric) is not null'],
      ]),
    );
    // Of a figure that is not 20 % more; its row comes with the right one.
    expect(printed).toContain('warning CHECK_WARNED');
    expect(printed).toContain('row: sale id=ee41aa03, read at');
    expect(transactions()).toContainEqual(['ee41aa03', '2024-03-17', 'SELL', 'Kettle', 1n, 29.99, 35.99]);
    expect(transactions()).toHaveLength(5);
    expect(metric('retail_days')).toEqual([['2024-03-17', 5n]]);
  });
});

test('a row without an id and one with a field too few are left out and told where a file takes them', async () => {
  await inShop(
    (database) => execute(database, TABLE),
    async ({ folder, write, load, transactions }) => {
      const header = 'id,category,description,quantity,amount_excl_tax,amount_inc_tax';
      const rows = [',SELL,Chair,1,49.50,59.40', 'a1,SELL,Chair,1,49.50', 'a2,SELL,Chair,1,49.50,59.40'];
      write('retail_01_02_2024.csv', `${[header, ...rows].join('\n')}\n`);
      const dead = join(folder, 'dead.jsonl');
      const printed = await load(join(folder, 'retail_01_02_2024.csv'), '--dead-letter', dead);
      expect(printed).toContain('2 transactions, the first: retail_01_02_2024.csv #1 KEY_MISSING: "id" is the key');
      expect(readFileSync(dead, 'utf8')).toContain('FIELD_COUNT');
      expect(transactions()).toEqual([['a2', '2024-02-01', 'SELL', 'Chair', 1n, 49.5, 59.4]]);
    },
  );
});

test('a file whose name tells no day stops the run', async () => {
  await onBench({}, async ({ folder, write, etl }) => {
    write('retail_today_2024.csv', readFileSync(SAMPLE, 'utf8'));
    const { exit, stderr } = await etl(['run', mapping('retail_transactions')], {
      env: { RETAIL: join(folder, '*.csv') },
    });
    expect([exit, stderr]).toEqual([1, expect.stringContaining('is no date')]);
  });
});
