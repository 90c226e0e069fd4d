/** The real log, where it is there: the rows that were promised for it, and the counts that were found in it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRows } from '../../engine/golden/rows.ts';
import { onBench, ROOT } from './etl.ts';

const SHARED = join(ROOT, '..', 'shared', 'data');
const log = join(SHARED, 'wal.json');
const expected = join(SHARED, 'dashboard_metric.expected.jsonl');

test('the dashboard metric of the real log has the promised rows, and its summary the counts', ({ skip }) => {
  if (!existsSync(log)) skip('the real log is not there: ../shared/data/wal.json');
  return onBench({}, async ({ etl, folder }) => {
    const mapping = join(ROOT, 'mappings', 'dashboard_metric.yaml');
    const { exit, stdout } = await etl(['run', mapping, '--input', log, '--output', 'sqlite:out.db']);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/transaction +549 of 576 matched +27 wait for transaction_id\n/);
    expect(stdout).toMatch(/transaction_request +549 of 549 matched\n/);
    expect(stdout).toMatch(/payment_instrument_token_data +529 of 549 matched +20 wait for token_id/);
    expect(stdout).toContain('dashboard_metric   529 rows   +529 ~0 -0\n');
    const promised = readFileSync(expected, 'utf8').trim().split('\n');
    expect(readRows(join(folder, 'out.db'), 'dashboard_metric')).toEqual(promised);
  });
});

test('on the real log a new path of a kept column comes from the state, and is what the log says', ({ skip }) => {
  if (!existsSync(log)) skip('the real log is not there: ../shared/data/wal.json');
  const before = readFileSync(join(ROOT, 'mappings', 'dashboard_metric.yaml'), 'utf8')
    .replace('key: transaction_request_id }', 'key: transaction_request_id, keep: [vault_options] }')
    .replace('  - transaction_request.vault_options.payment_method\n', '');
  const after = before.replace('columns:\n', 'columns:\n  - transaction_request.vault_options.payment_method\n');
  return onBench({ 'old.yaml': before, 'new.yaml': after }, async ({ etl }) => {
    const output = ['--output', 'sqlite:out.db'];
    const both = ['--input', log, ...output];
    expect((await etl(['run', 'old.yaml', ...both])).exit).toBe(0);
    const { stdout } = await etl(['diff', 'old.yaml', 'new.yaml', ...output]);
    expect(stdout).toMatch(/change +in place/);
    expect(stdout).toMatch(/column +\+ payment_method +in 529 of 529 rows/);
    expect((await etl(['run', 'new.yaml', ...both])).stdout).toMatch(/change .*in place.*read +nothing new/s);
    expect((await etl(['verify', 'new.yaml', '--from-source', ...both])).stdout).toContain('equal to the metric');
  });
});

test('on the real log every column is kept for mappings to come; of a path that is not it is said beforehand that the log is read again', ({
  skip,
}) => {
  if (!existsSync(log)) skip('the real log is not there: ../shared/data/wal.json');
  const list = readFileSync(join(ROOT, 'mappings', 'dashboard_metric.yaml'), 'utf8');
  const all = list.replaceAll(/(key: \w+) }/g, '$1, keep: all }');
  const more = all.replace('columns:\n', `columns:\n${MORE}`).replace('from:', 'where: transaction.amount > 0\nfrom:');
  const lacking = list.replace('columns:\n', `columns:\n${MORE}`);
  return onBench(
    { 'list.yaml': list, 'all.yaml': all, 'more.yaml': more, 'lacking.yaml': lacking },
    async ({ etl }) => {
      const output = ['--output', 'sqlite:out.db'];
      const both = ['--input', log, ...output];
      expect((await etl(['run', 'list.yaml', ...both])).exit).toBe(0);
      const lacks = 'transaction.updated_at, payment_instrument_token_data.payment_instrument_data.bin_data.network';
      expect((await etl(['diff', 'list.yaml', 'lacking.yaml', ...output])).stdout).toContain(
        `reads the log again (--full-refresh): the state does not hold ${lacks}`,
      );
      expect(await etl(['run', 'lacking.yaml', ...both])).toMatchObject({
        exit: 2,
        stderr: expect.stringContaining(lacks),
      });
      expect(await etl(['run', 'all.yaml', ...both])).toMatchObject({
        exit: 2,
        stderr: expect.stringContaining('every column of "event_v2_data", every column of "transaction"'),
      });
      expect((await etl(['run', 'all.yaml', ...both, '--full-refresh'])).stdout).toContain('529 rows');
      expect((await etl(['diff', 'all.yaml', 'more.yaml', ...output])).stdout).toMatch(/change +in place/);
      expect((await etl(['run', 'more.yaml', ...both])).stdout).toMatch(/change .*in place.*read +nothing new/s);
      expect((await etl(['verify', 'more.yaml', '--from-source', ...both])).stdout).toContain('equal to the metric');
    },
  );
});

/** Of what the mapping does not use: a column, and a path into one. */
const MORE = `  - transaction.updated_at
  - payment_instrument_token_data.payment_instrument_data.bin_data.network
`;
