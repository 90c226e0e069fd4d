/** What a run leaves behind, run after run. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { asArray } from '../log/log.ts';
import { rowsOf } from '../support/engine.ts';
import { onBench, ROOT } from './etl.ts';
import { event, files, log, mapping, records, rows, transaction, transactions } from './payments.ts';

const run = ['run', 'payments.yaml'];
const grown = asArray([...records, transaction(9, 900)]);

describe.concurrent('a second run', () => {
  test('writes nothing where nothing is new, and says so', () =>
    onBench(files, async ({ etl, digest }) => {
      await etl(run);
      const before = digest('metrics.db');
      const { exit, stdout } = await etl(run);
      expect(exit).toBe(0);
      expect(stdout).toContain('read    nothing new\n');
      expect(stdout).toMatch(/write {3}metrics\.db {3}payments {3}2 rows {3}nothing to write\n/);
      expect(digest('metrics.db')).toBe(before);
    }));

  test('adds what a grown file brings', () =>
    onBench(files, async (bench) => {
      await bench.etl(run);
      bench.write('wal.json', grown);
      const { stdout } = await bench.etl(run);
      expect(stdout).toMatch(/read {4}wal\.json {3}1 change /);
      expect(stdout).toContain('3 rows   +1 ~0 -0\n');
      expect(bench.rows()).toEqual([...rows, '3,900']);
    }));

  test('goes on with the mended file after a record that can not be read', () =>
    onBench({ ...files, 'wal.json': log.replace('[7,500]', '[7,5oo]') }, async (bench) => {
      const { exit, stderr } = await bench.etl(run);
      expect(exit).toBe(1);
      expect(stderr).toMatch(
        /^wal\.json:4 \(byte \d+\): error NOT_JSON: .*\n {2}kept: what was read up to record 3 of wal\.json; /,
      );
      bench.write('wal.json', log);
      expect((await bench.etl(run)).stdout).toMatch(/read {4}wal\.json {3}2 changes /);
      expect(bench.rows()).toEqual(rows);
    }));
});

test('ten files one after another give the rows of the one file that they were cut from', () =>
  onBench({}, async ({ folder, etl, write }) => {
    const [dashboard, whole] = [join(ROOT, 'mappings/dashboard_metric.yaml'), join(ROOT, 'data/wal.json')];
    const lines = readFileSync(whole, 'utf8').trim().split('\n').slice(1, -1);
    const size = Math.ceil(lines.length / 10);
    await etl(['run', dashboard, '--input', whole, '--output', 'whole.db']);
    for (let n = 0; n < 10; n++) {
      write(`batch-${n}.json`, asArray(lines.slice(n * size, (n + 1) * size).map((line) => line.replace(/,$/, ''))));
      expect((await etl(['run', dashboard, '--input', `batch-${n}.json`, '--output', 'parts.db'])).exit).toBe(0);
    }
    const sorted = (name: string) => rowsOf(join(folder, name), 'dashboard_metric').map(String).sort();
    expect(sorted('parts.db')).toHaveLength(529);
    expect(sorted('parts.db')).toEqual(sorted('whole.db'));
  }));

test('standard input that can not be read is kept up to there, and what is given next is read on', () =>
  onBench(files, async ({ etl, rows: found }) => {
    const piped = [...run, '--input', '-'];
    const { exit, stderr } = await etl(piped, { stdin: log.replace('[7,500]', '[7,5oo]') });
    expect(exit).toBe(1);
    expect(stderr).toContain(
      'kept: what was read up to record 3 of standard input; the next run goes on with what it is given, ',
    );
    expect((await etl(piped, { stdin: asArray(transactions) })).exit).toBe(0);
    expect(found()).toEqual(rows);
  }));

describe.concurrent('--dry-run', () => {
  test('makes no file, and says what would be written', () =>
    onBench(files, async ({ etl, folder }) => {
      const { exit, stdout } = await etl([...run, '--dry-run']);
      expect(exit).toBe(0);
      expect(stdout).toContain('metrics.db   payments   2 rows   +2 ~0 -0   (dry run: nothing was kept)\n');
      expect(readdirSync(folder).sort()).toEqual(Object.keys(files).sort());
    }));

  test('leaves a database as it is, byte for byte, and the next run does what it said', () =>
    onBench(files, async (bench) => {
      await bench.etl(run);
      bench.write('wal.json', grown);
      const before = bench.digest('metrics.db');
      const { stdout } = await bench.etl([...run, '--dry-run']);
      expect(stdout).toContain('3 rows   +1 ~0 -0   (dry run: nothing was kept)\n');
      expect(bench.digest('metrics.db')).toBe(before);
      expect((await bench.etl(run)).stdout).toContain('3 rows   +1 ~0 -0\n');
    }));

  test('keeps nothing of a full refresh either', () =>
    onBench(files, async (bench) => {
      await bench.etl(run);
      bench.write('wal.json', asArray([event(1, 7)]));
      expect((await bench.etl([...run, '--dry-run', '--full-refresh'])).stdout).toContain('0 rows');
      expect(bench.rows()).toEqual(rows);
    }));
});

describe.concurrent('--full-refresh', () => {
  test('reads a replaced file anew, and leaves nothing of the old one', () =>
    onBench(files, async (bench) => {
      await bench.etl(run);
      bench.write('wal.json', asArray([event(4, 7), ...transactions]));
      expect((await bench.etl(run)).exit).toBe(1);
      expect((await bench.etl([...run, '--full-refresh'])).exit).toBe(0);
      expect(bench.rows()).toEqual(['4,500']);
    }));

  test('takes over a changed plan', () =>
    onBench(files, async (bench) => {
      await bench.etl(run);
      const changed = mapping.replace('key: event_id', 'key: [event_id, transaction_id]');
      bench.write('payments.yaml', changed.replace('- transaction.amount', '- transaction.transaction_id'));
      expect((await bench.etl(run)).exit).toBe(2);
      expect((await bench.etl([...run, '--full-refresh'])).exit).toBe(0);
      expect(bench.rows()).toEqual(['1,7', '2,8']);
    }));
});

describe.concurrent('several mappings in one call', () => {
  const named = (name: string) => mapping.replace('metric: payments', `metric: ${name}`);

  test('are run one after another, into one database too', () =>
    onBench({ ...files, 'other.yaml': named('other') }, async ({ etl, folder, rows: found }) => {
      const { exit, stdout } = await etl([...run, 'other.yaml']);
      expect(exit).toBe(0);
      expect(stdout).toMatch(/^payments\n(?: .*\n)+\nother\n/);
      expect(found()).toEqual(rows);
      expect(rowsOf(join(folder, 'metrics.db'), 'other').map(String).sort()).toEqual(rows);
    }));

  test('do not wait for one that is broken, and the worst exit code counts', () =>
    onBench({ ...files, 'broken.yaml': 'metric: [' }, async ({ etl, rows: found }) => {
      const { exit, stdout, stderr } = await etl(['run', 'missing.yaml', 'broken.yaml', 'payments.yaml']);
      expect(exit).toBe(3);
      expect(stderr).toContain('missing.yaml: error MAPPING_NOT_FOUND');
      expect(stderr).toContain('broken.yaml:1:10: error NOT_YAML');
      expect(stdout).toMatch(/^payments\n/);
      expect(found()).toEqual(rows);
    }));
});

test('a mapping that is only checked reads and writes nothing', () =>
  onBench({ 'payments.yaml': mapping }, async ({ etl, folder }) => {
    expect(await etl(['validate', 'payments.yaml'])).toMatchObject({ exit: 0, stderr: '' });
    expect(existsSync(join(folder, 'metrics.db'))).toBe(false);
  }));

test('an empty log is fine: it gives no row', () =>
  onBench({ ...files, 'wal.json': '' }, async ({ etl, rows: found }) => {
    expect(await etl(run)).toMatchObject({ exit: 0, stderr: '' });
    expect(found()).toEqual([]);
  }));
