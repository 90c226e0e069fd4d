/** What the page on deployment says of copies: SQLite's backup makes one at any time, from which a run goes on. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { type Bench, onBench } from '../cli/etl.ts';
import { whileFollowing } from '../cli/followed.ts';
import { event, mapping, transaction } from '../cli/payments.ts';

/** Committed one after the other while copies are made. */
const PAYMENTS = 150;

test('a copy made while a run writes is a state and a metric of one moment, from which another run goes on', () =>
  onBench({ 'm.yaml': mapping, 'wal.json': pay(0) }, async (bench) => {
    await whileFollowing(bench, ['m.yaml', '--batch-size', '1'], async ({ until }) => {
      const written = write(bench);
      await until(() => bench.rows().length > PAYMENTS / 10);
      await copy(bench, 'early.db');
      await until(() => bench.rows().length > PAYMENTS / 2);
      await copy(bench, 'late.db');
      await written;
      await until(() => bench.rows().length === PAYMENTS);
    });
    const counts = ['early.db', 'late.db'].map((name) => bench.rows(name).length);
    expect(counts[0]).toBeLessThan(counts[1] ?? 0);
    expect(counts[1]).toBeLessThan(PAYMENTS);
    for (const name of ['early.db', 'late.db']) await goesOn(bench, name);
  }));

/** A payment with its transaction, as two records of a log. */
function pay(n: number): string {
  return `${event(n, n)}\n${transaction(n, 100 + n)}\n`;
}

async function write({ folder }: Bench): Promise<void> {
  for (let n = 1; n < PAYMENTS; n++) {
    appendFileSync(join(folder, 'wal.json'), pay(n));
    await setTimeout(10);
  }
}

async function copy({ folder }: Bench, name: string): Promise<void> {
  const db = new Sqlite(join(folder, 'metrics.db'), { readonly: true });
  await db.backup(join(folder, name));
  db.close();
}

async function goesOn({ json, rows }: Bench, name: string): Promise<void> {
  const before = rows(name).length;
  const { result } = await json<{ metrics: { write: unknown }[] }>(['run', 'm.yaml', '--output', name]);
  expect(result.metrics[0]?.write).toMatchObject({ rows: PAYMENTS, added: PAYMENTS - before, changed: 0, removed: 0 });
  expect(rows(name)).toEqual(rows());
  expect(await json(['verify', 'm.yaml', '--output', name, '--from-source'])).toMatchObject({ exit: 0 });
}
