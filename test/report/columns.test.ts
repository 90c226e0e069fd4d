/** What is counted of columns whose values are odd. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inLoaded } from '../../engine/pipeline/loaded.ts';
import { run } from '../../engine/pipeline/run.ts';
import { type ColumnFigures, columnFigures } from '../../engine/report/columns.ts';
import { asLines, digits, insert, type LoggedValue } from '../log/log.ts';
import { runs } from '../support/counts.ts';
import { mappingOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';

const mapping = mappingOf(`
metric: things
source: { format: wal2json, path: wal.json }
tables: { thing: { key: [] } }
from: thing
columns: [thing.value]
sink: { sqlite: metrics.db }
`);

/** The figures of a column that holds these values. */
function figuresOf(type: string, values: readonly LoggedValue[]): Promise<ColumnFigures> {
  return inScratch(async (folder) => {
    const [log, output] = [join(folder, 'wal.json'), join(folder, 'metrics.db')];
    writeFileSync(log, asLines(values.map((value) => insert('thing', [['value', type, value]]))));
    const options = { inputs: new Map([['', log]]), output };
    await run(mapping, options);
    const { columns } = inLoaded(mapping, options, ({ state, derived }) => columnFigures(derived, state));
    return columns[0] as ColumnFigures;
  });
}

test('of random numbers and NULLs all is counted as by hand', () =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.option(fc.integer({ min: -40, max: 400 })), { maxLength: 120 }), async (values) => {
      const found = await figuresOf('integer', values);
      const known = values.filter((value) => value !== null);
      const counts = new Map(known.map((value) => [value, known.filter((each) => each === value).length]));
      const order = [...counts].sort(([a, m], [b, n]) => n - m || a - b);
      expect(found).toMatchObject({ filled: known.length, distinct: counts.size });
      expect(found.frequent.map(({ value, rows }) => [Number(value), rows])).toEqual(order.slice(0, 6));
      const [least, greatest] = [Math.min(...known), Math.max(...known)];
      expect(found.range?.map(Number) ?? null).toEqual(known.length > 0 ? [least, greatest] : null);
      const part = (value: number) => Math.min(15, Math.floor(((value - least) * 16) / (greatest - least)));
      const spread = Array.from({ length: 16 }, (_, n) => known.filter((value) => part(value) === n).length);
      expect(found.spread).toEqual(counts.size > 16 ? spread : null);
    }),
    { numRuns: runs(25, 250) },
  ));

const many = <T>(value: (n: number) => T) => Array.from({ length: 20 }, (_, n) => value(n));
const two = (n: number) => String(n).padStart(2, '0');

test('no range and no spread is told of values that SQLite orders otherwise than people do', async () => {
  const whole = await figuresOf(
    'timestamp without time zone',
    many((n) => `2026-01-${two(n + 1)} 00:00:00.5`),
  );
  expect(whole).toMatchObject({ range: ['2026-01-01 00:00:00.5', '2026-01-20 00:00:00.5'] });
  expect(whole.spread?.reduce((sum, rows) => sum + rows)).toBe(20);
  for (const [type, values] of [
    ['numeric', [...many((n) => n), digits('12345678901234567890123456789.5')]],
    ['date', [...many((n) => `2026-01-${two(n + 1)}`), '0044-03-15 BC']],
    ['date', [...many((n) => `2026-01-${two(n + 1)}`), 'infinity']],
    ['timestamp with time zone', many((n) => `2026-01-01 00:00:00+${two(n % 3)}`)],
    ['text', many((n) => `value ${n}`)],
  ] as const) {
    expect(await figuresOf(type, values)).toMatchObject({ filled: values.length, range: null, spread: null });
  }
});

test('whole numbers beyond doubles are told to the last digit', async () => {
  const { range, distinct } = await figuresOf('bigint', ['9007199254740993', '9007199254740992'].map(digits));
  expect({ range, distinct }).toEqual({ range: [9007199254740992n, 9007199254740993n], distinct: 2 });
});
