/** Rows that come, move between a few groups and partitions, change and go, a few at a time. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { insert, type LoggedRow, remove, update } from '../log/log.ts';
import { expected, grow, law } from './law.ts';

const HEAD = `metric: random_metric
source: { format: wal2json, path: wal.json }
tables: { t: { key: id } }
from: t
`;

const AGGREGATES = [
  'count(*)',
  'count(t.amount)',
  'sum(t.amount)',
  'avg(t.amount)',
  'min(t.amount)',
  'max(t.amount)',
  'count(distinct t.amount)',
  'sum(t.weight)',
  'sum(t.amount) filter (where t.weight > 0.2)',
];

const grouped = fc
  .record({ by: fc.constantFrom('[t.a]', '[t.a, t.b]', '[t.amount]', '[]'), over: fc.boolean() })
  .map(({ by, over }) => {
    const window = 'sum(sum(t.amount)) over (partition by count(*) order by max(t.weight))';
    return columns([...AGGREGATES, ...(over ? [window] : [])], `group_by: ${by}\n`);
  });

const windowed = fc.constantFrom('', 'partition by t.a', 'partition by t.a, t.b').chain((partition) =>
  fc.constantFrom('', 'order by t.amount', 'order by t.b desc, t.id').map((order) => {
    const over = ` over (${partition} ${order})`;
    return columns(['t.id', ...AGGREGATES.filter((each) => !each.includes('distinct')).map((each) => each + over)]);
  }),
);

function columns(expressions: readonly string[], group = ''): string {
  const lines = expressions.map((each, n) => `  - { name: c${n}, expr: ${JSON.stringify(each)} }`);
  return `${HEAD}${group}columns:\n${lines.join('\n')}\nsink: { sqlite: metrics.db }\n`;
}

interface Values {
  readonly a: string | null;
  readonly b: string;
  readonly amount: number | null;
  readonly weight: number | null;
}

const values: fc.Arbitrary<Values> = fc.record({
  a: fc.constantFrom('x', 'y', null),
  b: fc.constantFrom('x', 'y'),
  amount: fc.constantFrom(1, 2, 10, -3, null),
  weight: fc.constantFrom(0.1, 0.2, 0.3, -0.1, null),
});

/** What is done to one of a few rows: it comes or changes, or it goes. */
const steps = fc.array(fc.record({ id: fc.nat(7), to: fc.option(values, { freq: 3 }) }), { maxLength: 30 });

law(
  'law 1: groups and windows are what the evaluation makes of them, a few changes at a time',
  fc.tuple(fc.oneof(grouped, windowed), steps, fc.integer({ min: 1, max: 4 })),
  { small: 40, full: 600 },
  async ([mapping, all, size], folder) => {
    const records = recordsOf(all);
    const parts = Array.from({ length: Math.ceil(records.length / size) }, (_, n) =>
      records.slice(n * size, (n + 1) * size).map((record) => [record]),
    );
    const { metrics } = await grow(folder, mapping, parts);
    for (const [n, metric] of metrics.entries())
      expect(metric).toEqual(expected(mapping, parts.slice(0, n + 1).flat()));
  },
);

function recordsOf(all: readonly { readonly id: number; readonly to: Values | null }[]): string[] {
  const there = new Set<number>();
  return all.flatMap(({ id, to }) => {
    const key: LoggedRow = [['id', 'integer', id]];
    if (to === null) return there.delete(id) ? [remove('t', key)] : [];
    const row = rowOf(key, to);
    if (there.has(id)) return [update('t', key, row)];
    there.add(id);
    return [insert('t', row)];
  });
}

function rowOf(key: LoggedRow, { a, b, amount, weight }: Values): LoggedRow {
  const doubles: LoggedRow = [['weight', 'double precision', weight]];
  return [...key, ['a', 'text', a], ['b', 'text', b], ['amount', 'integer', amount], ...doubles];
}
