/** Ctrl-C: the batch in hand is ended, and the next run goes on from there. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunResult } from '../../engine/pipeline/result.ts';
import { asArray } from '../log/log.ts';
import { type Bench, onBench } from './etl.ts';
import { event, mapping, transaction } from './payments.ts';

const RECORDS = 40_000;
const many = asArray([transaction(1, 500), ...Array.from({ length: RECORDS - 1 }, (_, id) => event(id, 1))]);

const run = ['run', 'payments.yaml', '--batch-size', '500'];

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends a run after the batch in hand with %i, and the next run reads the rest', (signal, code) =>
  onBench({ 'payments.yaml': mapping, 'wal.json': many }, async (bench) => {
    const { exit, ok, result, diagnostics } = await bench.json<{ metrics: readonly RunResult[] }>(run, {
      during: (child) => killWhenStaged(bench, child, signal),
    });
    expect({ exit, ok, diagnostics }).toEqual({ exit: code, ok: false, diagnostics: [] });
    const [first] = result.metrics;
    const read = first?.read.changes ?? 0;
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(RECORDS);
    expect(first).toMatchObject({ loaded: false, checkpoint: [{ file: 'wal.json', records: read }] });
    const next = await bench.json<{ metrics: readonly RunResult[] }>(run);
    expect(next.result.metrics).toMatchObject([{ loaded: true, read: { changes: RECORDS - read } }]);
    expect(bench.rows()).toEqual(Array.from({ length: RECORDS - 1 }, (_, id) => `${id},500`).sort());
  }),
);

/** Sends the signal once a batch has been committed. */
function killWhenStaged({ folder }: Bench, child: ChildProcess, signal: NodeJS.Signals): void {
  const log = join(folder, 'metrics.db-wal');
  const timer = setInterval(() => {
    if (!existsSync(log) || statSync(log).size < 1 << 18) return;
    clearInterval(timer);
    child.kill(signal);
  }, 1);
  child.on('close', () => clearInterval(timer));
}
