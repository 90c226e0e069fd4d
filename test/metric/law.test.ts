/** Metrics over metrics are what their SELECTs, one inside the other, give: computed here from the rows alone. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifyState } from '../../engine/verify/verify.ts';
import { asLines, digits, insert, type LoggedRow, remove, update } from '../log/log.ts';
import { type Dice, diceOf } from '../postgres/dice.ts';
import { seeds } from '../support/counts.ts';
import { execute } from '../support/engine.ts';
import { tell } from '../support/tally.ts';
import { onTrial, type Trial } from './trial.ts';

/** A payment as the log last told it; the amount in cents. */
interface Payment {
  readonly customer: number | null;
  readonly cents: number;
}

const ROUNDS = 10;

/** Who reads what the others are. */
const READERS = ['all', 'large_by_customer'];

const METRICS = ['by_customer', 'spread', 'all', 'large', 'large_by_customer'] as const;

test.for(seeds(2, 6))('law 1: a metric over a metric is what one SELECT in the other gives. ETL_SEED=%i', (seed) =>
  onTrial(async (trial) => {
    const dice = diceOf(seed);
    const world = openWorld(trial, dice);
    for (let round = 0; round < ROUNDS; round++) {
      world.write();
      if (dice.chance(15)) await trial.run('by_customer', { fullRefresh: true });
      if (dice.chance(15)) execute(trial.database, 'VACUUM');
      if (dice.chance(15)) execute(trial.database, 'DROP TABLE IF EXISTS large');
      const ran = dice.weigh<readonly string[]>([3, READERS], [3, ['by_customer', 'large']], [2, ['spread', 'large']]);
      for (const metric of ran) await trial.run(metric, { batchSize: 1 + dice.below(40) });
      if (ran === READERS) await compare(trial, world.payments);
    }
    for (const metric of READERS) await trial.run(metric);
    await compare(trial, world.payments);
    tell('metrics over metrics, round by round', ROUNDS);
  }),
);

async function compare(trial: Trial, payments: ReadonlyMap<number, Payment>): Promise<void> {
  for (const [metric, rows] of Object.entries(expected([...payments.values()]))) {
    expect(trial.rows(metric), metric).toEqual(rows.map(String).sort());
  }
  for (const metric of METRICS) {
    const found = verifyState(await trial.load(metric), { output: trial.database });
    expect(found, metric).toMatchObject({ missing: 0, unexpected: 0 });
  }
}

function expected(payments: readonly Payment[]): Readonly<Record<string, readonly (readonly unknown[])[]>> {
  const customers = grouped(payments, ({ customer }) => customer ?? 0).map(([customer, all]) => ({
    customer,
    payments: all.length,
    cents: sum(all.map(({ cents }) => cents)),
  }));
  const spread = grouped(customers, (each) => each.payments).map(
    ([count, all]) => [count, all.length, euros(sum(all.map(({ cents }) => cents)))] as const,
  );
  const large = payments.filter(({ cents }) => cents > 500);
  return {
    by_customer: customers.map(({ customer, payments: count, cents }) => [customer, count, euros(cents)]),
    spread,
    all: [[spread.length, customers.length]].map(([counts, all]) => [counts, all === 0 ? null : all]),
    large_by_customer: grouped(large, ({ customer }) => customer).map(([customer, all]) => [
      customer,
      all.length,
      new Set(all.map(({ cents }) => cents)).size,
    ]),
  };
}

function grouped<T, K>(items: readonly T[], keyOf: (item: T) => K): readonly (readonly [K, readonly T[]])[] {
  const groups = new Map<K, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function euros(cents: number): number {
  return cents / 100;
}

interface World {
  readonly payments: ReadonlyMap<number, Payment>;
  /** Some transactions more. */
  write(): void;
}

function openWorld({ folder, write }: Trial, dice: Dice): World {
  const file = join(folder, 'wal.json');
  writeFileSync(file, '');
  const over = (metric: string, table: string, lines: readonly string[]) => [
    `source: { metric: ${metric} }`,
    `tables: { r: ${table} }`,
    'from: r',
    ...lines,
  ];
  const payment = [`source: { format: wal2json, path: ${file} }`, 'tables: { payment: { key: id } }', 'from: payment'];
  write('by_customer', [
    ...payment,
    'group_by: ["coalesce(payment.customer, 0)"]',
    'columns: [{ name: customer, expr: "coalesce(payment.customer, 0)" }, { name: payments, expr: count(*) }, { name: total, expr: sum(payment.amount) }]',
  ]);
  write('spread', [
    ...over('by_customer', '{ key: customer }', ['group_by: [r.payments]']),
    'columns: [r.payments, { name: customers, expr: count(*) }, { name: total, expr: sum(r.total) }]',
  ]);
  write('all', [
    ...over('spread', '{ key: payments }', ['group_by: []']),
    'columns: [{ name: counts, expr: count(*) }, { name: customers, expr: sum(r.customers) }]',
  ]);
  write('large', [...payment, 'where: payment.amount > 5', 'columns: [payment.customer, payment.amount]']);
  write('large_by_customer', [
    ...over('large', '{ key: [] }', ['group_by: [r.customer]']),
    'columns: [r.customer, { name: payments, expr: count(*) }, { name: amounts, expr: count(distinct r.amount) }]',
  ]);
  const payments = new Map<number, Payment>();
  let last = 0;
  const draw = () => (dice.chance(60) || payments.size === 0 ? ++last : dice.pick([...payments.keys()]));
  const change = (): string => {
    const id = draw();
    const before = payments.get(id);
    if (before && dice.chance(40)) {
      payments.delete(id);
      return remove('payment', keyOf(id));
    }
    const row = {
      customer: dice.chance(15) ? null : 1 + dice.below(6),
      cents: 100 * dice.below(10) + 25 * dice.below(4),
    };
    payments.set(id, row);
    const columns = [...keyOf(id), ...columnsOf(row)];
    return before ? update('payment', keyOf(id), columns) : insert('payment', columns);
  };
  return {
    payments,
    write: () => appendFileSync(file, asLines(Array.from({ length: dice.below(60) }, change))),
  };
}

function keyOf(id: number): LoggedRow {
  return [['id', 'integer', id]];
}

function columnsOf({ customer, cents }: Payment): LoggedRow {
  return [
    ['customer', 'integer', customer],
    ['amount', 'numeric(9,2)', digits((cents / 100).toFixed(2))],
  ];
}
