/** `--json`: exactly one object on stdout whatever happens, and nothing on stderr (`json` of the bench fails otherwise). */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunResult } from '../../engine/pipeline/result.ts';
import { execute } from '../support/engine.ts';
import { onBench } from './etl.ts';
import { files, log, mapping } from './payments.ts';

const run = ['run', 'payments.yaml'];

describe.concurrent('--json', () => {
  test('of a run holds what the summary says', () =>
    onBench(files, async ({ json }) => {
      const { result, ...rest } = await json<{ metrics: readonly RunResult[] }>(run);
      expect(rest).toEqual({ command: 'run', ok: true, exit: 0, diagnostics: [] });
      expect(result.metrics).toMatchObject([
        {
          metric: 'payments',
          read: { files: ['wal.json'], changes: 5, bytes: log.length, unnamed: [] },
          joins: [{ alias: 'transaction', rows: 3, matched: 2, waiting: 1 }],
          write: { place: 'metrics.db', table: 'payments', rows: 2, added: 2, changed: 0, removed: 0 },
          checkpoint: [{ file: 'wal.json', records: 5 }],
        },
      ]);
    }));

  test('of a mapping with a mistake says where it is', () =>
    onBench({ 'payments.yaml': mapping.replace('from: event', 'from: evnt') }, async ({ json }) => {
      const { diagnostics, ...rest } = await json(run);
      expect(rest).toEqual({ command: 'run', ok: false, exit: 2, result: { metrics: [null] } });
      expect(diagnostics).toEqual([
        {
          code: 'UNKNOWN_TABLE',
          severity: 'error',
          message: '"evnt" is not declared under tables',
          file: 'payments.yaml',
          line: 6,
          column: 7,
          endLine: 6,
          endColumn: 11,
          hint: '"event" is spelled almost the same',
          notes: [],
          record: null,
          offset: null,
        },
      ]);
    }));

  test('of a bad record says where it is, and what is kept', () =>
    onBench({ ...files, 'wal.json': log.replace('[3,9]', '[3,9') }, async ({ json }) => {
      const { exit, diagnostics } = await json(run);
      expect(exit).toBe(1);
      expect(diagnostics).toMatchObject([{ code: 'NOT_JSON', file: 'wal.json', record: 3, line: null }]);
      expect(diagnostics[0]?.notes).toEqual([
        expect.stringMatching(/^kept: what was read up to record 2 of wal\.json/),
      ]);
    }));

  test.each([
    ['flags that are not understood', [...run, '--bach-size', '5'], 2, 'UNKNOWN_FLAG'],
    ['a value that no flag takes', [...run, '--batch-size', 'many'], 2, 'BAD_FLAG'],
    ['no mapping', ['run'], 2, 'MISSING_ARGUMENT'],
    ['a command that there is not', ['rum', 'payments.yaml'], 2, 'UNKNOWN_COMMAND'],
    ['a missing mapping', ['validate', 'payment.yaml'], 3, 'MAPPING_NOT_FOUND'],
    ['a missing log', [...run, '--input', 'nothing.json'], 3, 'FILE_NOT_FOUND'],
  ])('of %s is one object too', (_, args, exit, code) =>
    onBench(files, async ({ json }) => {
      const answer = await json(args);
      expect(answer).toMatchObject({ command: args[0], ok: false, exit, diagnostics: [{ code }] });
    }),
  );

  test('of a bug is one object too, and says where the bug is', () =>
    onBench(files, async ({ etl, json, folder }) => {
      await etl(run);
      execute(join(folder, 'metrics.db'), 'DROP TABLE _etl_file');
      const { exit, diagnostics } = await json(run);
      expect(exit).toBe(1);
      expect(diagnostics).toMatchObject([{ code: 'BUG', message: expect.stringContaining('_etl_file') }]);
      expect(diagnostics[0]?.notes[0]).toMatch(/^at /);
    }));

  test('of warnings holds them, and is a success', () =>
    onBench(
      { ...files, 'payments.yaml': mapping.replace('transaction.amount', 'transaction.amuont') },
      async (bench) => {
        const { ok, diagnostics } = await bench.json(run);
        expect({ ok, diagnostics }).toMatchObject({ ok: true, diagnostics: [{ code: 'COLUMN_NEVER_SEEN', line: 11 }] });
      },
    ));

  test.each([
    ['validate', ['validate', 'payments.yaml'], { mappings: [{ metric: 'payments', ok: true }] }],
    [
      'explain',
      ['explain', 'payments.yaml', '--format', 'sql'],
      { format: 'sql', text: expect.stringContaining('JOIN') },
    ],
    ['schema', ['schema'], { title: 'a mapping' }],
    ['report', ['report', 'payments.yaml'], { metric: 'payments', file: 'payments.report.html', rows: null }],
    [
      'test',
      ['test', 'payments.yaml', '--update'],
      { goldens: expect.arrayContaining([{ name: 'payments/small', ok: true, lines: [] }]) },
    ],
  ])('of etl %s holds its answer', (command, args, result) =>
    onBench({ ...files, 'test/golden/payments/small/input.json': log }, async ({ json }) => {
      expect(await json(args)).toMatchObject({ command, ok: true, exit: 0, result });
    }),
  );
});
