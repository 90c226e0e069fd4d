/** `etl why` and `etl status` from outside: what is printed, as JSON too, and the exit codes. */
import { appendFileSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { onBench, ROOT } from './etl.ts';

const MAPPING = join(ROOT, 'mappings', 'dashboard_metric.yaml');
const WAITING = 'event_id=00d164ca-3c37-467a-89a9-6d2c75d2c0dc';

type Etl = Parameters<Parameters<typeof onBench>[1]>[0]['etl'];

/** A bench with a log, and a metric of it. */
function onMetric(work: (etl: Etl, folder: string, flags: readonly string[]) => Promise<void>): Promise<void> {
  return onBench({}, async ({ etl, folder }) => {
    copyFileSync(join(ROOT, 'data', 'wal.json'), join(folder, 'wal.json'));
    const flags = ['--output', join(folder, 'metrics.db')];
    await etl(['run', MAPPING, '--input', 'wal.json', ...flags]);
    await work(etl, folder, flags);
  });
}

test('why answers with exit code 0, whether the row is there or not; a wrong question is exit code 2', () =>
  onMetric(async (etl, _, flags) => {
    const { exit, stdout, stderr } = await etl(['why', MAPPING, WAITING, ...flags]);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toMatch(/^dashboard_metric {3}event_id=00d164ca\S* {3}no row\n {2}from {4}event_v2_data event_id=/);
    const json = JSON.parse((await etl(['why', MAPPING, WAITING, '--json', ...flags])).stdout);
    expect(json).toMatchObject({
      command: 'why',
      ok: true,
      result: {
        rows: 0,
        row: null,
        absence: {
          kind: 'stops',
          from: { row: { at: { file: 'wal.json', record: 34 } } },
          stop: { kind: 'no partner', alias: 'transaction', wanted: [{ column: 'transaction_id', type: 'uuid' }] },
        },
        log: { fate: null, read: ['wal.json'], unread: [] },
      },
    });
    const there = await etl(['why', MAPPING, 'amount=573112', '--json', ...flags]);
    expect(JSON.parse(there.stdout)).toMatchObject({
      result: {
        row: { columns: expect.arrayContaining([expect.objectContaining({ column: 'amount', value: 573112 })]) },
      },
    });
    expect(await etl(['why', MAPPING, 'evnt_id=1', ...flags])).toMatchObject({ exit: 2, stdout: '' });
    expect(await etl(['why', MAPPING, WAITING, '--missing', 'transaction', ...flags])).toMatchObject({ exit: 2 });
    expect((await etl(['why', MAPPING, WAITING, '--output', 'nowhere.db'])).exit).toBe(3);
  }));

test('rows that wait are shown join by join, or of one', () =>
  onMetric(async (etl, _, flags) => {
    const all = await etl(['why', MAPPING, ...flags, '--missing']);
    expect(all.stdout.match(/^ {2}wait .*/gm)).toHaveLength(3);
    const one = await etl(['why', MAPPING, '--missing', 'transaction_request', ...flags]);
    expect(one.stdout.match(/^ {2}wait .*/gm)).toEqual([
      '  wait    8 rows wait for 4 rows of transaction_request   2 have a NULL key, and wait for nothing',
    ]);
    const json = JSON.parse(
      (await etl(['why', MAPPING, '--missing', 'transaction_request', '--json', ...flags])).stdout,
    );
    expect(json.result.joins).toMatchObject([{ waiting: 8, nullKey: 2, more: 0, groups: [{ rows: 2 }, {}, {}, {}] }]);
  }));

test('a log is looked into that is named instead of the one that was read', () =>
  onMetric(async (etl, folder, flags) => {
    const later = join(folder, 'later.json');
    const row = '"table":"event_v2_data","columnnames":["event_id"],"columntypes":["uuid"],"columnvalues":["e-later"]';
    appendFileSync(later, `{"change":[{"kind":"insert","schema":"public",${row}}]}\n`);
    const { stdout } = await etl(['why', MAPPING, 'event_id=e-later', '--input', 'later.json', ...flags]);
    expect(stdout).toContain('\n  log     it was read at later.json:1\n');
  }));

test('status fails with exit code 4 where more is unread than may be, and says by how much', () =>
  onMetric(async (etl, _, flags) => {
    const status = (...more: readonly string[]) => etl(['status', MAPPING, '--input', 'wal.json', ...flags, ...more]);
    const { exit, stdout } = await status('--max-lag', '0');
    expect([exit, stdout]).toEqual([0, expect.stringContaining('\n  lag     nothing new\n')]);
    const json = JSON.parse((await status('--json')).stdout);
    expect(json.result.metrics).toMatchObject([{ rows: 529, loaded: true, sources: [{ lag: { records: 0 } }] }]);
    const unread = ['status', MAPPING, '--input', join(ROOT, 'data', 'stock.csv'), ...flags, '--max-lag', '1000'];
    expect(await etl(unread)).toMatchObject({ exit: 4, stderr: expect.stringContaining('LAG_TOO_LARGE') });
    expect((await status('--max-lag', 'soon')).exit).toBe(2);
    expect((await etl(['status', MAPPING, '--output', 'nowhere.db'])).exit).toBe(3);
  }));
