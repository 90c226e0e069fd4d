/** `--dead-letter`: a transaction that can't be taken is put aside, and the run goes on. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { asLines } from '../log/log.ts';
import { onBench } from './etl.ts';
import { event, files, mapping, records, rows, transaction } from './payments.ts';

const bad = event(4, 7).replace('[4,7]', '[4,7oo]');
const log = asLines([...records.slice(0, 2), bad, ...records.slice(2)]);
const spoiled = { 'payments.yaml': mapping, 'wal.json': log };
const run = ['run', 'payments.yaml', '--dead-letter', 'dead.jsonl'];

function linesOf(folder: string): readonly Record<string, unknown>[] {
  const text = readFileSync(join(folder, 'dead.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe.concurrent('--dead-letter', () => {
  test('keeps what was left out: why, where, and its text', () =>
    onBench(spoiled, async ({ folder, etl, rows: found }) => {
      const { exit, stdout, stderr } = await etl(run);
      expect([exit, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/\n {2}reject {2}1 transaction, the first: wal\.json #3 NOT_JSON: .*\n/);
      expect(found()).toEqual(rows);
      const from = log.indexOf(bad);
      expect(linesOf(folder)).toEqual([
        {
          metric: 'payments',
          source: 'source',
          code: 'NOT_JSON',
          reason: expect.stringContaining('stands where JSON has'),
          file: 'wal.json',
          record: 3,
          offset: from + bad.indexOf('7oo') + 1,
          from,
          bytes: bad.length,
          raw: bad,
        },
      ]);
      expect((await etl(run)).stdout).toContain('read    nothing new\n');
      expect(linesOf(folder)).toHaveLength(1);
    }));

  test('is appended to, behind half a line too', () =>
    onBench({ ...spoiled, 'dead.jsonl': '{"metric":' }, async ({ folder, etl }) => {
      await etl(run);
      appendFileSync(join(folder, 'wal.json'), asLines([bad, transaction(9, 900)]));
      await etl(run);
      const [half, ...whole] = readFileSync(join(folder, 'dead.jsonl'), 'utf8').trimEnd().split('\n');
      expect(half).toBe('{"metric":');
      expect(whole.map((line) => JSON.parse(line).record)).toEqual([3, 7]);
    }));

  test('keeps bytes that are no text in base64', () =>
    onBench(files, async ({ folder, etl, write }) => {
      const bytes = Buffer.from(log, 'latin1').map((byte) => (byte === 'o'.charCodeAt(0) ? 0xff : byte));
      write('wal.json', bytes);
      await etl(run);
      const [line] = linesOf(folder);
      expect(line).toMatchObject({ code: 'NOT_UTF8', encoding: 'base64' });
      expect(Buffer.from(String(line?.raw), 'base64')).toEqual(
        Buffer.from(bytes.subarray(Number(line?.from), Number(line?.from) + Number(line?.bytes))),
      );
    }));

  test('says under --json what was left out', () =>
    onBench(spoiled, async ({ json }) => {
      const { result } = await json<{ metrics: { rejected: unknown }[] }>(run);
      expect(result.metrics[0]?.rejected).toMatchObject({
        transactions: 1,
        first: { code: 'NOT_JSON', file: 'wal.json', record: 3 },
      });
    }));

  test('is not written by a dry run', () =>
    onBench(spoiled, async ({ folder, etl }) => {
      expect((await etl([...run, '--dry-run'])).stdout).toContain('  reject  1 transaction, ');
      expect(existsSync(join(folder, 'dead.jsonl'))).toBe(false);
    }));

  test('does not help where it is not known where the next record begins', () =>
    onBench({ ...spoiled, 'wal.json': log.replace(bad, '{"change":[{"kind":[}]}') }, async ({ folder, etl }) => {
      const { exit, stderr } = await etl(run);
      expect(exit).toBe(1);
      expect(stderr).toMatch(/^wal\.json:3 \(byte \d+\): error NOT_JSON/);
      expect(existsSync(join(folder, 'dead.jsonl'))).toBe(false);
    }));

  test('that can not be written stops the run in front of the transaction', () =>
    onBench(spoiled, async ({ etl, rows: found }) => {
      const { exit, stderr } = await etl(['run', 'payments.yaml', '--dead-letter', 'no/such/folder']);
      expect(exit).toBe(3);
      expect(stderr).toContain('error DEAD_LETTER_NOT_WRITTEN: ');
      expect(stderr).toContain('kept: what was read up to record 2 of wal.json');
      expect((await etl(run)).exit).toBe(0);
      expect(found()).toEqual(rows);
    }));

  test('is minded by verify --from-source, which leaves out the same', () =>
    onBench(spoiled, async ({ etl }) => {
      await etl(run);
      const { exit, stdout } = await etl(['verify', 'payments.yaml', '--from-source']);
      expect([exit, stdout]).toEqual([0, 'payments: equal to the metric made of its source anew, 2 rows\n']);
    }));
});
