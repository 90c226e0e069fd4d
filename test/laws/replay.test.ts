import fc from 'fast-check';
import { expect } from 'vitest';
import { recordsOf } from '../oracle/random/write.ts';
import { randomHistory, repeatableHistory } from '../oracle/random.ts';
import { expected, grow, law } from './law.ts';

/** How far a source goes back before it goes on, and how many transactions it then sends. */
const deliveries = fc.array(fc.record({ back: fc.nat(40), count: fc.nat(30) }), { minLength: 1, maxLength: 6 });
const batchSize = fc.integer({ min: 1, max: 7 });

law(
  'law 3: transactions with LSNs that are delivered again, from anywhere and however often, change nothing',
  fc.tuple(randomHistory, deliveries, batchSize),
  { small: 25, full: 400 },
  async ([drawn, all, batchSize], folder) => {
    const log = drawn.transactions.map((changes, n) =>
      recordsOf(drawn.version, changes, `0/${(n + 1).toString(16)}00`),
    );
    let end = 0;
    const stretches = all.map(({ back, count }) => {
      const start = Math.max(0, end - back);
      const part = log.slice(start, start + count);
      end = Math.max(end, start + part.length);
      return { part, end };
    });
    const parts = stretches.map(({ part }) => part);
    const { metrics } = await grow(folder, drawn.mapping, parts, { batchSize });
    expect(metrics).toEqual(stretches.map(({ end }) => expected(drawn.mapping, log.slice(0, end))));
  },
);

law(
  'law 3: a whole suffix without LSNs that is delivered again changes nothing in tables with keys',
  fc.tuple(repeatableHistory, fc.array(fc.nat(), { minLength: 1, maxLength: 3 }), batchSize),
  { small: 20, full: 300 },
  async ([drawn, starts, batchSize], folder) => {
    const suffixes = starts.map((start) => drawn.log.slice(start % (drawn.log.length + 1)));
    const { metrics } = await grow(folder, drawn.mapping, [drawn.log, ...suffixes], { batchSize });
    const truth = expected(drawn.mapping, drawn.log);
    expect(metrics).toEqual(metrics.map(() => truth));
  },
);
