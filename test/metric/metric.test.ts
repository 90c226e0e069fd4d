/** A metric over a metric, step by step. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runWays } from '../../engine/golden/ways.ts';
import type { Mapping } from '../../engine/mapping/mapping.ts';
import { runTogether } from '../../engine/pipeline/together.ts';
import { verifySource, verifyState } from '../../engine/verify/verify.ts';
import { asLines, insert } from '../log/log.ts';
import { execute, findingsOf, rowsOf } from '../support/engine.ts';
import { onTrial, type Trial } from './trial.ts';

/** Payments by customer; and how many customers there are for each number of payments. */
function onPayments(work: (trial: Trial, pay: (id: number, customer: number) => void) => Promise<void>): Promise<void> {
  return onTrial(async (trial) => {
    const log = join(trial.folder, 'wal.json');
    trial.write('by_customer', [
      `source: { format: wal2json, path: ${log} }`,
      'tables: { payment: { key: id } }',
      'from: payment',
      'group_by: [payment.customer]',
      'columns: [payment.customer, { name: payments, expr: count(*) }]',
    ]);
    trial.write('spread', [
      'source: { metric: by_customer }',
      'tables: { c: { key: customer } }',
      'from: c',
      'group_by: [c.payments]',
      'columns: [c.payments, { name: customers, expr: count(*) }]',
    ]);
    const pay = (id: number, customer: number) =>
      appendFileSync(
        log,
        asLines([
          insert('payment', [
            ['id', 'integer', id],
            ['customer', 'integer', customer],
          ]),
        ]),
      );
    for (const id of [1, 2, 3, 4]) pay(id, Math.min(id, 3));
    await work(trial, pay);
  });
}

test('the metric that is read is brought up to date first, and only what changed in it is read', () =>
  onPayments(async (trial, pay) => {
    const loaded = await trial.run('spread');
    expect(loaded.first).toMatchObject([{ metric: 'by_customer', write: { rows: 3 } }]);
    expect(loaded.read.changes).toBe(3);
    expect(trial.rows('spread')).toEqual(['1,2', '2,1']);
    pay(5, 1);
    await trial.run('by_customer');
    pay(6, 7);
    const { first, read, checkpoint } = await trial.run('spread');
    expect([first[0]?.read.changes, read.changes]).toEqual([1, 2]);
    expect(checkpoint).toEqual([{ file: 'by_customer', records: 6 }]);
    expect(trial.rows('spread')).toEqual(['1,2', '2,2']);
    expect(await trial.run('spread')).toMatchObject({ read: { changes: 0 }, first: [{ read: { changes: 0 } }] });
  }));

test('what nobody has read for long is read as a whole: no more is noted of a metric than it has rows', () =>
  onPayments(async (trial, pay) => {
    await trial.run('spread');
    pay(5, 500);
    for (let id = 6; id < 806; id++) pay(id, id % 100);
    await trial.run('by_customer', { batchSize: 100 });
    const noted = rowsOf(trial.database, '_etl_history_1').length;
    expect(noted).toBeGreaterThan(0);
    expect(noted).toBeLessThanOrEqual(1000);
    await trial.run('spread');
    expect(trial.rows('spread')).toEqual(['1,1', '10,1', '8,97', '9,2']);
    expect(rowsOf(trial.database, '_etl_history_1')).toEqual([]);
  }));

test('who has read less than what is still noted reads all rows', () =>
  onPayments(async (trial, pay) => {
    await trial.run('spread');
    pay(5, 1);
    await trial.run('spread');
    // As one leaves it who has begun to read before that, and ends behind it.
    execute(
      trial.database,
      `UPDATE _etl_file SET watermark = watermark - 1 WHERE shape = 'metric';
       DELETE FROM _etl_relation_2 WHERE rid = (SELECT max(rid) FROM _etl_relation_2)`,
    );
    await trial.run('spread');
    expect(rowsOf(trial.database, '_etl_relation_2')).toHaveLength(3);
    expect(trial.rows('spread')).toEqual(['1,1', '2,2']);
  }));

test('of a table that holds rows of others the rows of the metric alone are read', () =>
  onPayments(async (trial, pay) => {
    execute(
      trial.database,
      'CREATE TABLE shared (customer INTEGER, payments INTEGER); INSERT INTO shared VALUES (9, 9)',
    );
    const { text } = await trial.load('by_customer');
    const lines = text.split('\n').filter((line) => !/^(?:metric|sink):/.test(line));
    trial.write('by_customer', [...lines, `sink: { sqlite: ${trial.database}, table: shared, key: customer }`]);
    await trial.run('spread');
    pay(5, 1);
    await trial.run('spread');
    expect(trial.rows('shared')).toEqual(['1,2', '2,1', '3,2', '9,9']);
    expect(trial.rows('spread')).toEqual(['1,1', '2,2']);
  }));

test('a dry run brings both up to date on a copy, verify looks at one, and at both from the source', () =>
  onPayments(async (trial, pay) => {
    await trial.run('spread');
    pay(5, 1);
    const { first, write } = await trial.run('spread', { dryRun: true });
    expect([first[0]?.write, write]).toMatchObject(
      Array.from({ length: 2 }, () => ({ dry: true, place: trial.database })),
    );
    expect(trial.rows('by_customer')).toEqual(['1,1', '2,1', '3,2']);
    const mapping = await trial.load('spread');
    expect(verifyState(mapping, {})).toMatchObject({ missing: 0, unexpected: 0 });
    expect(await verifySource(mapping, {})).toMatchObject({ missing: 2, unexpected: 2 });
  }));

test('under --follow both follow: what comes to the log comes to the metric over the metric', () =>
  onPayments(async (trial, pay) => {
    const end = new AbortController();
    const { read } = await trial.run('spread', {
      follow: true,
      signal: end.signal,
      onCaughtUp: () => pay(5, 7),
      onNews: () => end.abort(),
    });
    expect(read.changes).toBe(4);
    expect(trial.rows('spread')).toEqual(['1,3', '2,1']);
  }));

test.each([true, false])('an error of the metric that is read is that of the run: follow %s', (follow) =>
  onPayments(async (trial) => {
    await trial.run('spread');
    writeFileSync(join(trial.folder, 'wal.json'), 'replaced\n');
    const finding = await findingsOf(() => trial.run('spread', { follow }));
    expect(finding).toContain('error FILE_REPLACED');
    expect(trial.rows('spread')).toEqual(['1,2', '2,1']);
  }),
);

test('run together, in any order, each is brought up to date once', () =>
  onPayments(async (trial) => {
    const mappings = await Promise.all(['spread', 'by_customer'].map((metric) => trial.load(metric)));
    const ended = await runTogether(mappings);
    const changes = ended.map((each) => (each.status === 'fulfilled' ? each.value.read.changes : each.reason));
    expect(changes).toEqual([3, 0]);
  }));

test('in a golden rows stand in for the metric that is read', () =>
  onPayments(async (trial) => {
    const file = join(trial.folder, 'input.jsonl');
    writeFileSync(file, '{"customer": 1, "payments": 5}\n{"customer": 2, "payments": 5}\n');
    for (const { rows } of await runWays(await trial.load('spread'), new Map([['', file]]), {}))
      expect(rows).toEqual(['{"payments": 5, "customers": 2}']);
  }));

test('a circle is told with those that are in it', () =>
  onTrial(async ({ write, findings }) => {
    const over = (metric: string) => [
      `source: { metric: ${metric} }`,
      'tables: { m: { key: id } }',
      'from: m',
      'columns: [m.id]',
    ];
    write('a', over('b'));
    write('b', over('c'));
    write('c', over('b'));
    expect(await findings('a')).toContain(
      './c.yaml:2:19: error METRIC_CIRCLE: a metric can not be read by itself: b reads c reads b',
    );
  }));

test('with --output both are written there; a place of its own, known when it is run, is refused', () =>
  onPayments(async (trial) => {
    const output = join(trial.folder, 'other.db');
    await trial.run('spread', { output });
    expect(rowsOf(output, 'by_customer')).toHaveLength(3);
    const mapping = await trial.load('spread');
    const moved = { ...mapping.sink, where: { ...mapping.sink.where, template: `\${ELSEWHERE}` } };
    const elsewhere: Mapping = { ...mapping, sink: moved };
    const finding = await findingsOf(() =>
      runTogether([elsewhere], { env: { ELSEWHERE: output } }).then(([ended]) => {
        if (ended?.status === 'rejected') throw ended.reason;
      }),
    );
    expect(finding).toContain('error METRIC_ELSEWHERE');
  }));

test('a metric that is read and whose mapping changes is migrated in place, and its reader takes that in', () =>
  onPayments(async (trial) => {
    await trial.run('spread');
    trial.write('by_customer', [
      `source: { format: wal2json, path: ${join(trial.folder, 'wal.json')} }`,
      'tables: { payment: { key: id } }',
      'from: payment',
      'where: payment.id < 4',
      'group_by: [payment.customer]',
      'columns: [payment.customer, { name: payments, expr: count(*) }]',
    ]);
    const { first } = await trial.run('spread');
    expect(first).toMatchObject([{ migrated: true, read: { changes: 0 } }]);
    expect(trial.rows('spread')).toEqual(['1,3']);
  }));

test('of a metric whose columns are all kept, a changed mapping takes one that was not in use, and nothing is read again', () =>
  onPayments(async (trial) => {
    const copies = (columns: string) =>
      trial.write('copies', [
        'source: { metric: by_customer }',
        'tables: { c: { key: customer, keep: all } }',
        'from: c',
        `columns: [${columns}]`,
      ]);
    copies('c.customer');
    await trial.run('copies');
    copies('c.customer, c.payments');
    expect(await trial.run('copies')).toMatchObject({ migrated: true, read: { changes: 0 } });
    expect(trial.rows('copies')).toEqual(['1,1', '2,1', '3,2']);
  }));
