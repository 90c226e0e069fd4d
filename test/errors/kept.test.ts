/** What a run that stops says of the state it leaves, and which rows and which part of the plan it says it stopped at. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { RunOptions } from '../../engine/pipeline/options.ts';
import { run } from '../../engine/pipeline/run.ts';
import { asLines, insert, remove } from '../log/log.ts';
import { findingsOf, mappingOf, rowsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';

const yaml = `metric: events
source: { format: wal2json, path: wal.json }
tables:
  event: { key: event_id }
  payment: { key: payment_id }
from: event
join:
  - event.payment_id = payment.payment_id
columns:
  - event.event_id
  - { name: share, expr: 100 / event.parts }
sink: { sqlite: metrics.db }
`;

const event = (id: number, parts: number, payment = 7): string =>
  insert('event', [
    ['event_id', 'integer', id],
    ['parts', 'integer', parts],
    ['payment_id', 'integer', payment],
  ]);

const payment = (id: number, total = 1): string =>
  insert('payment', [
    ['payment_id', 'integer', id],
    ['total', 'integer', total],
  ]);

interface Bench {
  readonly database: string;
  readonly write: (records: readonly string[], name?: string) => void;
  readonly run: (options?: RunOptions, text?: string) => Promise<unknown>;
  /** What a run that must fail says, in lines. */
  readonly findings: (options?: RunOptions, text?: string) => Promise<readonly string[]>;
  readonly rows: () => readonly string[];
}

function onBench(work: (bench: Bench) => Promise<void>): Promise<void> {
  return inScratch((folder) => {
    const [logs, database] = [join(folder, 'logs'), join(folder, 'metrics.db')];
    mkdirSync(logs);
    const go = (options: RunOptions = {}, text = yaml) =>
      run(mappingOf(text), { inputs: new Map([['', logs]]), output: database, ...options });
    return work({
      database,
      write: (records, name = 'wal.json') => writeFileSync(join(logs, name), asLines(records)),
      run: go,
      findings: async (...args) => (await findingsOf(() => go(...args))).replaceAll(`${logs}/`, '').split('\n'),
      rows: () => rowsOf(database, 'events').map(String),
    });
  });
}

const good = [payment(7), event(1, 4), event(2, 5)];

test('of a loaded metric it keeps everything up to the record that stopped it', () =>
  onBench(async ({ write, run, findings, rows }) => {
    write(good);
    await run();
    write([...good, event(3, 10), '?']);
    expect(await findings()).toEqual([
      expect.stringMatching(/^wal\.json:5 \(byte \d+\): error NOT_JSON: /),
      '  kept: everything up to record 4 of wal.json; the next run goes on from there',
    ]);
    expect(rows()).toEqual(['1,25', '2,20', '3,10']);
  }));

test('of a loaded metric it keeps nothing of the batch whose rows can not be computed', () =>
  onBench(async ({ write, run, findings, rows }) => {
    write(good);
    await run();
    write([...good, event(3, 10), event(4, 0)]);
    expect((await findings()).at(-1)).toBe('  kept: state and metric as they were before this run');
    expect((await findings({ batchSize: 1 })).at(-1)).toBe(
      '  kept: everything up to record 4 of wal.json; the next run goes on from there',
    );
    expect(rows()).toEqual(['1,25', '2,20', '3,10']);
  }));

test('rows of a batch that stopped a run come with the first one that does not stop', () =>
  onBench(async ({ write, run, findings, rows }) => {
    write(good);
    await run();
    const bad = [...good, event(3, 10), event(4, 0)];
    write(bad);
    expect((await findings())[0]).toContain('DIVISION_BY_ZERO');
    write([...bad, remove('event', [['event_id', 'integer', 4]])]);
    await run();
    expect(rows()).toEqual(['1,25', '2,20', '3,10']);
  }));

test('a dry run keeps nothing, and says so', () =>
  onBench(async ({ write, findings }) => {
    write([...good, '?']);
    expect((await findings({ dryRun: true })).at(-1)).toBe(
      '  kept: state and metric as they were, for this was a dry run',
    );
  }));

test('a full refresh that reads nothing leaves the metric, and says that its state is gone', () =>
  onBench(async ({ write, run, findings, rows }) => {
    write(good);
    await run();
    write(['?']);
    expect((await findings({ fullRefresh: true })).at(-1)).toBe(
      '  kept: the metric as it was, but not its state: the next run reads everything again',
    );
    expect(rows()).toEqual(['1,25', '2,20']);
  }));

test('what can not be committed is tried once', () =>
  onBench(async ({ database, write, run, findings }) => {
    write(good);
    await run();
    write([event(3, 10)], 'wal-2.json');
    write([event(4, 10)], 'wal-3.json');
    const other = new Sqlite(database);
    const started = performance.now();
    // The lock is taken when the first file is committed, and each try to commit the second would wait for it.
    const lock = () => other.inTransaction || other.exec('BEGIN IMMEDIATE');
    const [first] = await findings({ batchSize: 1, lockWait: 600, onProgress: lock });
    other.close();
    expect(first).toMatch(/^error TARGET_LOCKED: another process has held ".*metrics\.db" for 0\.6 s/);
    expect(performance.now() - started).toBeLessThan(1150);
  }));

const plain = yaml.replace('100 / event.parts', 'event.parts');

test.each([
  ["a table's own filter", plain.replace('event_id }', 'event_id, where: 8 / event.parts > 1 }'), '4:34'],
  [
    'the filter of the joined row',
    plain.replace('columns:', 'where: payment.total / event.parts < 9\ncolumns:'),
    '9:8',
  ],
  ['a column', yaml.replace('100 / event.parts', 'payment.total / event.parts'), '11:26'],
])('a row that can not be computed is named, and %s as what asked for it', (_, text, place) =>
  onBench(async ({ write, findings }) => {
    const events = Array.from({ length: 20 }, (_, id) => event(id, id === 13 ? 0 : 1, id < 9 ? 7 : 8));
    write([payment(7), payment(8), ...events]);
    const [first, ...lines] = await findings({}, text);
    expect(first).toBe('wal.json:16: error DIVISION_BY_ZERO: a number is divided by zero');
    expect(lines).toContain('  in row: event event_id=13');
    expect(lines).toContain(`  asked for by mapping.yaml:${place}`);
  }),
);

const perRow = 'share, expr: 100 / event.parts';

test.each([
  [
    'a group, by what rows are grouped by',
    yaml
      .replace('columns:', 'group_by: [event.parts]\ncolumns:')
      .replace('event.event_id', 'event.parts')
      .replace(perRow, 'share, expr: 100 / (count(*) - 3)'),
    'group event.parts=2',
  ],
  [
    'a row with its windows, by its values',
    yaml.replace(perRow, 'share, expr: 100 / (count(*) over (order by event.event_id) - 3)'),
    'window event.event_id=2',
  ],
])('what can not be computed of %s, is named', (_, text, row) =>
  onBench(async ({ write, findings }) => {
    write([payment(7), event(0, 1), event(1, 2), event(2, 2), event(3, 2)]);
    const [first, ...lines] = await findings({}, text);
    expect(first).toContain('DIVISION_BY_ZERO');
    expect(lines).toContain(`  in row: ${row}`);
  }),
);
