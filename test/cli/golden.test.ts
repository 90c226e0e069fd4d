/** `etl test`, as a user tests metrics of their own. */
import { describe, expect, test } from 'vitest';
import { type Bench, onBench } from './etl.ts';
import { log, mapping } from './payments.ts';

const CASE = 'test/golden/payments/small';
const files = { 'mappings/payments.yaml': mapping, [`${CASE}/input.json`]: log };

/** Works on a bench where the goldens are written. */
const onGoldens = (work: (bench: Bench) => Promise<void>) =>
  onBench(files, async (bench) => {
    expect((await bench.etl(['test', '--update'])).exit).toBe(0);
    await work(bench);
  });

describe.concurrent('etl test', () => {
  test('fails where nothing is expected yet; --update writes it, and then it passes', () =>
    onBench(files, async ({ etl }) => {
      const first = await etl(['test']);
      expect(first.exit).toBe(4);
      expect(first.stdout).toContain(
        `differs payments/small\n        ${CASE}/expected.jsonl is missing: --update writes it\n`,
      );
      expect((await etl(['test', '--update'])).exit).toBe(0);
      expect(await etl(['test'])).toEqual({
        exit: 0,
        stdout: 'ok      payments/plan.txt\nok      payments/plan.sql\nok      payments/small\n3 passed, 0 failed\n',
        stderr: '',
      });
    }));

  test('shows the cells that differ and no others, and leaves 4', () =>
    onGoldens(async ({ etl, write }) => {
      write(`${CASE}/expected.jsonl`, '{"event_id": 1, "amount": 500}\n{"event_id": 2, "amount": 251}\n');
      const { exit, stdout } = await etl(['test', 'mappings/payments.yaml']);
      expect(exit).toBe(4);
      expect(stdout).toBe(`ok      payments/plan.txt
ok      payments/plan.sql
differs payments/small
        2 rows expected, 2 came
        in row 2:
          amount: expected 251, came 250
2 passed, 1 failed
`);
    }));

  test('-k leaves out what does not hold the text', () =>
    onGoldens(async ({ etl }) => {
      expect((await etl(['test', '-k', 'small'])).stdout).toBe('ok      payments/small\n1 passed, 0 failed\n');
      expect((await etl(['test', '-k', 'plan'])).stdout).toMatch(/2 passed, 0 failed\n$/);
    }));

  test('a case takes flags of etl run from its args, and no others', () =>
    onGoldens(async ({ etl, write }) => {
      write(`${CASE}/args`, '--batch-size 1\n');
      expect((await etl(['test'])).exit).toBe(0);
      write(`${CASE}/args`, '--dry-run\n');
      const { exit, stdout } = await etl(['test']);
      expect(exit).toBe(4);
      expect(stdout).toContain('error UNKNOWN_FLAG: "--dry-run" is no flag of a golden case\n');
    }));

  test('a metric without a case fails', () =>
    onBench({ 'mappings/payments.yaml': mapping }, async ({ etl }) => {
      const { exit, stdout } = await etl(['test']);
      expect(exit).toBe(4);
      expect(stdout).toContain('no case: test/golden/payments/<case>/input.json or args is missing');
    }));
});

test('etl schema prints the schema that an editor is given', () =>
  onBench({}, async ({ etl }) => {
    const { exit, stdout } = await etl(['schema']);
    expect(exit).toBe(0);
    const { properties } = JSON.parse(stdout) as { properties: Record<string, { title: string; description: string }> };
    expect(Object.keys(properties)).toEqual(
      expect.arrayContaining(['metric', 'tables', 'from', 'join', 'columns', 'sink']),
    );
    for (const { title, description } of Object.values(properties)) expect(title && description).toBeTruthy();
  }));
