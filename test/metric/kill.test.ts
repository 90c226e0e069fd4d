/** Runs over a metric over a metric are killed in the midst of each step, of the one or of the other. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Step } from '../../engine/store/step.ts';
import { runAndKill, runToEnd } from '../crash/process.ts';
import { asLines, insert, remove } from '../log/log.ts';
import { type Dice, diceOf } from '../postgres/dice.ts';
import { runs, seeds } from '../support/counts.ts';
import { rowsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';
import { tell } from '../support/tally.ts';

const STEPS: readonly Step[] = ['read', 'stage', 'derive', 'write', 'commit'];

const BY_CUSTOMER = `metric: by_customer
source: { format: wal2json, path: wal.json }
tables: { payment: { key: id } }
from: payment
group_by: [payment.customer]
columns: [payment.customer, { name: payments, expr: count(*) }]
sink: { sqlite: metrics.db }
`;

const SPREAD = `metric: spread
source: { metric: by_customer.yaml }
tables: { c: { key: customer } }
from: c
group_by: [c.payments]
columns: [c.payments, { name: customers, expr: count(*) }]
sink: { sqlite: metrics.db }
`;

test.for(seeds(1, 2))('law 4: killed and started again, both are what they should be. ETL_SEED=%i', (seed) =>
  inScratch(async (folder) => {
    const dice = diceOf(seed);
    for (const [name, text] of [
      ['by_customer.yaml', BY_CUSTOMER],
      ['spread.yaml', SPREAD],
      ['wal.json', ''],
    ] as const)
      writeFileSync(join(folder, name), text);
    let last = 0;
    for (let kills = 0, round = 0; kills < runs(6, 15); round++) {
      expect(round).toBeLessThan(runs(40, 120));
      const change = () =>
        dice.chance(70) ? payment(++last, dice) : remove('payment', [['id', 'integer', dice.below(last)]]);
      appendFileSync(join(folder, 'wal.json'), asLines(Array.from({ length: 20 }, change)));
      const aim = { step: dice.pick(STEPS), nth: 1 + dice.below(6), statements: dice.below(8) };
      const { exit, text } = await runAndKill(folder, ['run', 'spread.yaml', '--batch-size', '15'], aim);
      expect(exit ?? 0, text).toBe(0);
      if (exit === null) kills++;
    }
    for (const args of [
      ['run', 'spread.yaml'],
      ['run', 'spread.yaml', '--output', 'once.db'],
      ['verify', 'spread.yaml'],
    ]) {
      const { exit, text } = await runToEnd(folder, args);
      expect(exit, text).toBe(0);
    }
    for (const metric of ['by_customer', 'spread'])
      expect(rowsIn(folder, 'metrics.db', metric)).toEqual(rowsIn(folder, 'once.db', metric));
    tell('kills of a metric over a metric', runs(6, 15));
  }),
);

function payment(id: number, dice: Dice): string {
  return insert('payment', [
    ['id', 'integer', id],
    ['customer', 'integer', dice.below(12)],
  ]);
}

function rowsIn(folder: string, database: string, metric: string): readonly string[] {
  return rowsOf(join(folder, database), metric).map(String).sort();
}
