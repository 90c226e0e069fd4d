import { join } from 'node:path';
import { expect, test } from 'vitest';
import { execute } from '../support/engine.ts';
import { onBench, ROOT } from './etl.ts';

const MAPPING = join(ROOT, 'mappings', 'dashboard_metric.yaml');
/** The mapping's log is named from the working directory. */
const LOG = ['--input', join(ROOT, 'data', 'wal.json')];

test('a target that nobody touched is equal to its state and to its source', async () => {
  await onBench({}, async ({ etl, folder }) => {
    const output = join(folder, 'metrics.db');
    await etl(['run', MAPPING, '--output', output, ...LOG]);
    for (const flags of [[], ['--from-source', ...LOG]]) {
      const { exit, stdout } = await etl(['verify', MAPPING, '--output', output, ...flags]);
      expect([exit, stdout]).toEqual([0, expect.stringContaining('equal to the metric')]);
    }
  });
});

test('a cell, a row more and a row less are told exactly', async () => {
  await onBench({}, async ({ etl, folder }) => {
    const output = join(folder, 'metrics.db');
    await etl(['run', MAPPING, '--output', output, ...LOG]);
    execute(
      output,
      `UPDATE dashboard_metric SET amount = -1 WHERE rowid = (SELECT min(rowid) FROM dashboard_metric);
       DELETE FROM dashboard_metric WHERE rowid = (SELECT max(rowid) FROM dashboard_metric);
       INSERT INTO dashboard_metric (event_id) VALUES ('by hand')`,
    );
    const { exit, stdout } = await etl(['verify', MAPPING, '--output', output]);
    expect(exit).toBe(4);
    expect(stdout).toContain('differs from the metric derived from its state: 2 rows missing, 2 unexpected');
    expect(stdout).toMatch(/event_id="[^"]+": amount is -1 and should be \d+/);
    expect(stdout).toMatch(/missing: event_id=/);
    expect(stdout).toMatch(/unexpected: event_id="by hand"/);
    const json = JSON.parse((await etl(['verify', MAPPING, '--output', output, '--json'])).stdout) as unknown;
    expect(json).toMatchObject({ ok: false, exit: 4, result: { equal: false, missing: 2, unexpected: 2, rows: 529 } });
  });
});

test('of a target that is gone all rows are missing, and one that was altered is not compared', async () => {
  await onBench({}, async ({ etl, folder }) => {
    const output = join(folder, 'metrics.db');
    await etl(['run', MAPPING, '--output', output, ...LOG]);
    execute(output, 'ALTER TABLE dashboard_metric ADD COLUMN note');
    const altered = await etl(['verify', MAPPING, '--output', output]);
    expect([altered.exit, altered.stderr]).toEqual([1, expect.stringContaining('error TARGET_ALTERED')]);
    execute(output, 'DROP TABLE dashboard_metric');
    const { exit, stdout } = await etl(['verify', MAPPING, '--output', output]);
    expect([exit, stdout]).toEqual([4, expect.stringContaining('529 rows missing, 0 unexpected')]);
  });
});

test('of more rows than anybody reads the first hundred are told, and how many more there are', async () => {
  await onBench({}, async ({ etl, folder }) => {
    const output = join(folder, 'metrics.db');
    await etl(['run', MAPPING, '--output', output, ...LOG]);
    execute(output, 'UPDATE dashboard_metric SET amount = -1');
    const { stdout } = await etl(['verify', MAPPING, '--output', output]);
    expect(stdout).toContain('529 rows missing, 529 unexpected');
    expect(stdout.match(/: amount is -1 and should be/g)).toHaveLength(100);
    expect(stdout).toMatch(/\n {2}and 858 rows more\n$/);
    const json = await etl(['verify', MAPPING, '--output', output, '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ result: { missing: 529, more: 858 } });
  });
});

test('a metric that was never run has nothing to verify', async () => {
  await onBench({}, async ({ etl, folder }) => {
    const { exit, stderr } = await etl(['verify', MAPPING, '--output', join(folder, 'metrics.db')]);
    expect(exit).toBe(3);
    expect(stderr).toMatch(
      /error TARGET_NOT_OPENED: ".*" can not be opened: there is no such file\n {2}hint: `etl run` makes it/,
    );
  });
});
