/** Where a run reads and writes: the forms of `--input` and `--output`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { asArray, asLines } from '../log/log.ts';
import { rowsOf } from '../support/engine.ts';
import { type Bench, type CallOptions, onBench } from './etl.ts';
import { events, files, log, mapping, records, rows, transactions, twoSources } from './payments.ts';

const run = ['run', 'payments.yaml'];
const bare = { 'payments.yaml': mapping };
const divided = { 'payments.yaml': twoSources, 'shop.json': asArray(events), 'bank.json': asArray(transactions) };

/** Runs with these flags over these files, and gives the rows. */
async function rowsWith(
  flags: readonly string[],
  given: Readonly<Record<string, string | Uint8Array>>,
  options?: CallOptions,
): Promise<readonly string[]> {
  return onBench(bare, async ({ etl, write, rows }) => {
    for (const [name, content] of Object.entries(given)) write(name, content);
    const { exit, stderr } = await etl([...run, ...flags], options);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    return rows();
  });
}

describe.concurrent('--input', () => {
  test('is a file', async () => {
    expect(await rowsWith(['--input', 'other.json'], { 'other.json': log })).toEqual(rows);
  });

  test('is standard input as -', async () => {
    expect(await rowsWith(['--input', '-'], {}, { stdin: log })).toEqual(rows);
    expect(await rowsWith(['--input', '-'], {}, { stdin: gzipSync(log) })).toEqual(rows);
  });

  test('is standard input for several mappings, of which one reads another source before it', () => {
    const late = twoSources.replace('metric: payments', 'metric: late').replace('bank.json', '"-"');
    const [first, second] = ['first', 'second'].map((name) =>
      mapping.replace('metric: payments', `metric: ${name}`).replace('wal.json', '"-"'),
    );
    const mappings = { 'first.yaml': first ?? '', 'late.yaml': late, 'second.yaml': second ?? '' };
    return onBench({ ...mappings, 'shop.json': asArray(events) }, async ({ etl, folder }) => {
      const { exit, stderr } = await etl(['run', ...Object.keys(mappings)], { stdin: log });
      expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
      for (const metric of ['first', 'late', 'second'])
        expect(rowsOf(join(folder, 'metrics.db'), metric).map(String).sort()).toEqual(rows);
    });
  });

  test('is gzip, whatever its name', async () => {
    expect(await rowsWith(['--input', 'wal.json.gz'], { 'wal.json.gz': gzipSync(log) })).toEqual(rows);
    expect(await rowsWith([], { 'wal.json': gzipSync(log) })).toEqual(rows);
  });

  test('is a folder or a pattern, whose files are read in name order', async () => {
    const parts = { 'logs/1.ndjson': asLines(records.slice(0, 2)), 'logs/2.ndjson': asLines(records.slice(2)) };
    expect(await rowsWith(['--input', 'logs'], parts)).toEqual(rows);
    expect(await rowsWith(['--input', 'logs/*.ndjson'], { ...parts, 'logs/notes.txt': 'no log' })).toEqual(rows);
  });

  test('stands before the mapping, or behind it', () =>
    onBench({ ...bare, 'other.json': log }, async ({ etl, rows: found }) => {
      expect((await etl(['run', '--input', 'other.json', 'payments.yaml'])).exit).toBe(0);
      expect(found()).toEqual(rows);
    }));

  test('names its source where there are several', () =>
    onBench(divided, async (bench) => {
      bench.write('late.json', asArray([...transactions, ...records.slice(3, 4)]).replaceAll('[7,500]', '[9,900]'));
      const { exit } = await bench.etl([...run, '--input', 'bank=late.json', '--input', 'shop=shop.json']);
      expect(exit).toBe(0);
      expect(bench.rows()).toEqual(['2,250', '3,900']);
    }));

  test('is a path, for all its equals sign, where a dot comes before that', async () => {
    expect(await rowsWith(['--input', './day=1.json'], { 'day=1.json': log })).toEqual(rows);
  });

  test.each([
    ['no name where there are several', 'late.json', 'INPUT_NEEDS_NAME'],
    ['a name that there is not', 'bnak=late.json', 'UNKNOWN_INPUT'],
  ])('%s is refused, and nothing is made', (_, input, code) =>
    onBench(divided, async ({ etl, folder }) => {
      const { exit, stderr } = await etl([...run, '--input', input]);
      expect(exit).toBe(2);
      expect(stderr).toContain(`error ${code}: `);
      expect(existsSync(join(folder, 'metrics.db'))).toBe(false);
    }),
  );
});

describe.concurrent('--output', () => {
  const written = (flag: string, database: string) =>
    onBench(files, async (bench: Bench) => {
      const { exit, stderr } = await bench.etl([...run, '--output', flag]);
      expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
      expect(existsSync(join(bench.folder, 'metrics.db'))).toBe(false);
      return bench.rows(database);
    });

  test('is a path', async () => {
    expect(await written('out.db', 'out.db')).toEqual(rows);
  });

  test('is sqlite: and a path', async () => {
    expect(await written('sqlite:out.db', 'out.db')).toEqual(rows);
  });

  test('is a path with a colon in it, where a dot comes before that', async () => {
    expect(await written('./at:noon.db', 'at:noon.db')).toEqual(rows);
  });

  test.each(['sqlit:out.db', 'sqlite:', 'mysql://db/x'])('is not %s', (output) =>
    onBench(files, async ({ etl }) => {
      const { exit, stderr } = await etl([...run, '--output', output]);
      expect(exit).toBe(2);
      expect(stderr).toContain(
        `error BAD_FLAG: --output takes sqlite:PATH, a path or the URL of a database, and is "${output}"`,
      );
    }),
  );
});
