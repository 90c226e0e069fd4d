/** What is kept of past runs, against what each run said of itself. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inLoaded } from '../../engine/pipeline/loaded.ts';
import type { RunOptions } from '../../engine/pipeline/options.ts';
import type { RunResult } from '../../engine/pipeline/result.ts';
import { run } from '../../engine/pipeline/run.ts';
import { statusOf } from '../../engine/pipeline/status.ts';
import { type PastRun, readRuns } from '../../engine/store/state/runs.ts';
import { asLines, insert, remove, update } from '../log/log.ts';
import { execute, mappingOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';

const EVENTS = `
metric: events
source: { format: wal2json, path: wal.json }
tables: { event: { key: id } }
from: event
columns: [event.id, event.amount]
sink: { sqlite: metrics.db }
`;

const mapping = mappingOf(EVENTS);
const row = (id: number, amount: number) =>
  [
    ['id', 'integer', id],
    ['amount', 'integer', amount],
  ] as const;

interface Bench {
  readonly ran: (log: string, options?: RunOptions) => Promise<RunResult>;
  readonly past: (most?: number) => readonly PastRun[];
  readonly output: string;
}

function onBench(work: (bench: Bench) => Promise<void>): Promise<void> {
  return inScratch((folder) => {
    const [log, output] = [join(folder, 'wal.json'), join(folder, 'metrics.db')];
    const given = { inputs: new Map([['', log]]), output };
    const ran: Bench['ran'] = (text, options = {}) => {
      writeFileSync(log, text);
      return run(mapping, { ...given, ...options });
    };
    const past = (most = 100) => inLoaded(mapping, given, ({ state, derived }) => readRuns(derived.db, state, most));
    return work({ ran, past, output });
  });
}

/** What a run says of itself, as it is kept. */
function said({ read, write, rejected }: RunResult) {
  const { added, changed, removed, rows } = write;
  return { changes: read.changes, added, changed, removed, rows, rejected: rejected.transactions };
}

test('each run that committed anything is kept, over all its batches, the last one first', () =>
  onBench(async ({ ran, past }) => {
    const began = Date.now();
    const first = [1, 2, 3, 4, 5].map((id) => insert('event', row(id, 1)));
    const then = [update('event', null, row(1, 7)), remove('event', [['id', 'integer', 2]])];
    const results = [
      await ran(asLines(first), { batchSize: 2 }),
      await ran(asLines([...first, ...then, insert('event', row(6, 1))]), { batchSize: 1 }),
    ];
    await ran(asLines([...first, ...then, insert('event', row(6, 1))]));
    await ran(asLines([...first, ...then]), { dryRun: true, fullRefresh: true });
    expect(past()).toMatchObject([...results].reverse().map(said));
    expect(past()).toMatchObject([{ changed: 1, removed: 1 }, { added: 5 }]);
    for (const each of past()) {
      expect(each.began.getTime()).toBeGreaterThanOrEqual(began);
      expect(each.ended.getTime()).toBeGreaterThanOrEqual(each.began.getTime());
    }
  }));

test('a full refresh forgets no run', () =>
  onBench(async ({ ran, past }) => {
    const log = [insert('event', row(1, 1)), insert('event', row(2, 1))];
    await ran(asLines(log));
    await ran(asLines(log), { fullRefresh: true });
    expect(past().map(({ rows }) => rows)).toEqual([2, 2]);
  }));

test('rows that a check rejects are counted with the run that brought them, as status counts them in all', () =>
  inScratch(async (folder) => {
    const [log, output] = [join(folder, 'wal.json'), join(folder, 'metrics.db')];
    const checked = mappingOf(EVENTS.replace('key: id', 'key: id, checks: [{ expr: amount > 0, on_fail: reject }]'));
    const options = { inputs: new Map([['', log]]), output };
    const changes = [-1, 5, -2, 0].map((amount, id) => insert('event', row(id, amount)));
    for (const end of [2, 4]) {
      writeFileSync(log, asLines(changes.slice(0, end)));
      await run(checked, options);
    }
    const past = inLoaded(checked, options, ({ state, derived }) => readRuns(derived.db, state, 9));
    expect(past.map(({ rejected }) => rejected)).toEqual([2, 1]);
    expect((await statusOf(checked, options)).rejected).toEqual({ transactions: 0, rows: 3 });
  }));

test('what a run left out is kept with it; of the runs the latest thousand stay', () =>
  onBench(async ({ ran, past, output }) => {
    await ran(asLines([insert('event', row(1, 1)), '{"change":[{"kind":"insert"}]}']), { onRejected: () => {} });
    expect(past()).toMatchObject([{ changes: 1, rejected: 1, rows: 1 }]);
    const numbers = 'WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 1200)';
    execute(output, `${numbers} INSERT INTO _etl_run SELECT 1, i, i, 0, 0, 0, 0, 0, 0 FROM n`);
    const broken = '{"change":[{"kind":"insert"}]}';
    await ran(asLines([insert('event', row(1, 1)), broken, insert('event', row(2, 1))]), { onRejected: () => {} });
    expect(past(5000)).toHaveLength(1000);
    expect(past(2)).toMatchObject([{ rows: 2 }, { rejected: 1 }]);
  }));
