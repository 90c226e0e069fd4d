import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { recordsOf } from '../oracle/random/write.ts';
import { checkedCase, checkedHistory, plainHistory, randomCase, randomHistory } from '../oracle/random.ts';
import { cuts, expected, grow, inAnyOrder, law, partsOf, relationsIn } from './law.ts';

law(
  'law 1: a metric is what an evaluation that shares no code with the engine makes of the same log',
  fc.oneof(randomCase, randomHistory, checkedCase, checkedHistory),
  { small: 100, full: 1_000 },
  async (drawn, folder) => {
    const { metrics } = await grow(folder, drawn.mapping, [drawn.log]);
    expect(metrics).toEqual([expected(drawn.mapping, drawn.log)]);
  },
);

law(
  'law 1: after every file that comes, a metric is what the evaluation makes of all files so far',
  fc.tuple(fc.oneof(randomCase, randomHistory, randomHistory, checkedHistory), cuts),
  { small: 50, full: 400 },
  async ([drawn, { places, batchSize }], folder) => {
    const parts = partsOf(drawn.log, places);
    const { metrics } = await grow(folder, drawn.mapping, parts, { batchSize });
    for (const [n, metric] of metrics.entries()) {
      expect(metric).toEqual(expected(drawn.mapping, parts.slice(0, n + 1).flat()));
    }
  },
);

law(
  'law 2: cut into files, runs and batches in two ways, a log gives the same metric and the same relations',
  fc.tuple(randomHistory, cuts, cuts),
  { small: 20, full: 250 },
  async ([drawn, ...ways], folder) => {
    const ends = [];
    for (const [n, { places, batchSize }] of ways.entries()) {
      const own = join(folder, String(n));
      mkdirSync(own);
      const { metrics, output } = await grow(own, drawn.mapping, partsOf(drawn.log, places), { batchSize });
      ends.push({ metric: metrics.at(-1), relations: relationsIn(output) });
    }
    expect(ends[0]).toEqual(ends[1]);
  },
);

law(
  'law 5: when every row is deleted, relations are empty and so is the metric, but for the one row over everything',
  fc.tuple(plainHistory, fc.infiniteStream(fc.nat()), cuts),
  { small: 25, full: 300 },
  async ([drawn, order, { places, batchSize }], folder) => {
    const removals = inAnyOrder(drawn.removals, order).map((change) => recordsOf(drawn.version, [change]));
    const parts = [...partsOf(drawn.log, places), ...partsOf(removals, places)];
    const { metrics, output } = await grow(folder, drawn.mapping, parts, { batchSize });
    const isOneRow = /^group_by: \[\]/m.test(drawn.mapping);
    expect(metrics.at(-1)).toEqual(isOneRow ? expected(drawn.mapping, [...drawn.log, ...removals]) : []);
    expect(metrics.at(-1)).toHaveLength(isOneRow ? 1 : 0);
    expect(relationsIn(output).flat()).toEqual([]);
  },
);
