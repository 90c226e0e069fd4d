/** The exit codes that a script relies on: section "Command line" of the design. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { execute } from '../support/engine.ts';
import { type Bench, onBench } from './etl.ts';
import { files, log, mapping } from './payments.ts';

interface Case {
  readonly args: readonly string[];
  readonly code: string;
  /** What is done before. */
  readonly before?: (bench: Bench) => Promise<unknown> | unknown;
}

const run = ['run', 'payments.yaml'];
const ran = (bench: Bench) => bench.etl(run);

const cases: Readonly<Record<string, readonly [exit: number, Case]>> = {
  'a log that is no JSON': [1, { args: run, code: 'NOT_JSON', before: ({ write }) => write('wal.json', '[{]') }],
  'a file that was replaced': [
    1,
    {
      args: run,
      code: 'FILE_REPLACED',
      before: async (bench) => {
        await ran(bench);
        bench.write('wal.json', log.replace('500', '501'));
      },
    },
  ],
  'a target that is no database': [
    1,
    { args: run, code: 'TARGET_NOT_SQLITE', before: ({ write }) => write('metrics.db', 'id,name\n'.repeat(99)) },
  ],
  'a mapping with a mistake': [
    2,
    { args: run, code: 'UNKNOWN_KEY', before: ({ write }) => write('payments.yaml', `${mapping}colums: []\n`) },
  ],
  'a flag that there is not': [2, { args: [...run, '--fullrefresh'], code: 'UNKNOWN_FLAG' }],
  'a command that there is not': [2, { args: ['rn', 'payments.yaml'], code: 'UNKNOWN_COMMAND' }],
  'a sink that requires a key': [2, { args: [...run, '--output', 'clickhouse:chdb:x'], code: 'SINK_WITHOUT_KEY' }],
  'a changed plan': [
    2,
    {
      args: run,
      code: 'STATE_LACKS',
      before: async (bench) => {
        await ran(bench);
        bench.write('payments.yaml', mapping.replace('- transaction.amount', '- transaction.currency'));
      },
    },
  ],
  'a mapping that is not there': [3, { args: ['run', 'payment.yaml'], code: 'MAPPING_NOT_FOUND' }],
  'a log that is not there': [3, { args: [...run, '--input', 'wal.jsn'], code: 'FILE_NOT_FOUND' }],
  'a folder that is not there': [3, { args: [...run, '--output', 'no/metrics.db'], code: 'TARGET_NOT_OPENED' }],
  'a variable that is not set': [
    3,
    {
      args: run,
      code: 'MISSING_VARIABLE',
      before: ({ write }) => write('payments.yaml', mapping.replace('path: wal.json', `path: "\${WAL}"`)),
    },
  ],
};

describe.concurrent('exit code', () => {
  test.each(Object.entries(cases).map(([name, [exit, of]]) => ({ exit, name, ...of })))(
    '$exit: $name ($code)',
    ({ exit, args, code, before }) =>
      onBench(files, async (bench) => {
        await before?.(bench);
        const called = await bench.etl(args);
        expect(called).toMatchObject({ exit, stdout: '' });
        expect(called.stderr).toContain(`error ${code}: `);
      }),
  );

  test('0: done, nothing new included', () =>
    onBench(files, async ({ etl }) => {
      expect(await etl(run)).toMatchObject({ exit: 0, stderr: '' });
      expect(await etl(run)).toMatchObject({ exit: 0, stderr: '' });
    }));

  test('2: warnings, where --strict asks for it', () =>
    onBench(files, async ({ etl, write }) => {
      const unused = mapping.replace('source: {', 'sources:\n  bank: { format: wal2json, path: bank.json }\n  shop: {');
      write('payments.yaml', unused.replaceAll('{ key:', '{ source: shop, key:'));
      const lax = await etl(['validate', 'payments.yaml']);
      expect(lax).toMatchObject({ exit: 0, stdout: 'payments.yaml: payments is fine\n' });
      expect(lax.stderr).toContain('warning UNUSED_SOURCE');
      expect((await etl(['validate', '--strict', 'payments.yaml'])).exit).toBe(2);
    }));

  test('1: a bug, which says where it is, and the next mapping is run all the same', () =>
    onBench({ ...files, 'other.yaml': mapping.replace('metric: payments', 'metric: other') }, async (bench) => {
      await ran(bench);
      execute(join(bench.folder, 'metrics.db'), "UPDATE _etl_metric SET counts = 'no JSON'");
      const { exit, stdout, stderr } = await bench.etl([...run, 'other.yaml', '--output', 'metrics.db']);
      expect(exit).toBe(1);
      expect(stderr).toMatch(/^error BUG: etl run has a bug, and stopped at it: .+\n {2}at /);
      expect(stdout).toContain('other   2 rows');
    }));
});
