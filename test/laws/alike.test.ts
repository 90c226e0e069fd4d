/** What must not matter: the names of things, and the order in which tables arrive. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { columnNames } from '../oracle/evaluate.ts';
import type { RandomTransaction } from '../oracle/random/history.ts';
import { randomHistory, renamedHistory } from '../oracle/random.ts';
import { columnsOf } from '../support/engine.ts';
import { cuts, expected, grow, law, partsOf } from './law.ts';

law(
  'law 6: with other names of tables, columns and aliases the metric has the same rows, under the names declared',
  fc.tuple(renamedHistory, cuts),
  { small: 20, full: 250 },
  async ([drawn, { places, batchSize }], folder) => {
    const metrics = [];
    for (const [name, { mapping, log }] of Object.entries(drawn)) {
      const own = join(folder, name);
      mkdirSync(own);
      const grown = await grow(own, mapping, partsOf(log, places), { batchSize });
      expect(columnsOf(grown.output, 'random_metric')).toEqual(columnNames(mapping));
      metrics.push(grown.metrics);
    }
    expect(metrics[0]).toEqual(metrics[1]);
  },
);

law(
  'law 8: transactions of different tables may arrive in any order',
  fc.tuple(randomHistory, fc.infiniteStream(fc.nat()), cuts),
  { small: 20, full: 300 },
  async ([drawn, turns, { places, batchSize }], folder) => {
    const log = rearranged(drawn.transactions, turns).map((n) => drawn.log[n] ?? []);
    const { metrics } = await grow(folder, drawn.mapping, partsOf(log, places), { batchSize });
    expect(metrics.at(-1)).toEqual(expected(drawn.mapping, drawn.log));
  },
);

/** Places of transactions in another order, in which those that share a table stand as before. */
function rearranged(transactions: readonly RandomTransaction[], turns: Iterator<number>): readonly number[] {
  const left = transactions.map((changes, place) => ({ place, tables: changes.map(({ table }) => table) }));
  return transactions.map(() => {
    const taken = new Set<string>();
    const free = left.filter(({ tables }) => {
      const isFree = !tables.some((table) => taken.has(table));
      for (const table of tables) taken.add(table);
      return isFree;
    });
    const next = free[Number(turns.next().value) % free.length];
    if (!next) throw new Error('the first one is always free');
    left.splice(left.indexOf(next), 1);
    return next.place;
  });
}
