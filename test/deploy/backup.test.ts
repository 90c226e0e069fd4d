/** What the page on deployment says of copies: SQLite's backup makes one at any time, from which a run goes on. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { type Bench, onBench } from '../cli/etl.ts';
import { whileFollowing } from '../cli/followed.ts';
import { event, mapping, transaction } from '../cli/payments.ts';

/** So many are committed from one copy to the next, each by itself. */
const STEP = 30;

test('a copy made while a run writes is a state and a metric of one moment, from which another run goes on', () =>
  onBench({ 'm.yaml': mapping, 'wal.json': pay(0) }, async (bench) => {
    const copies = ['early.db', 'late.db'];
    let payments = 0;
    await whileFollowing(bench, ['m.yaml', '--batch-size', '1'], async ({ until }) => {
      const writing = openWriting(bench);
      for (const name of copies) {
        const before = bench.rows().length;
        await until(() => bench.rows().length > before + STEP);
        await copy(bench, name);
      }
      payments = await writing.end();
      await until(() => bench.rows().length === payments);
    });
    const counts = copies.map((name) => bench.rows(name).length);
    expect([...counts, payments]).toEqual([...new Set([...counts, payments])].sort((a, b) => a - b));
    for (const name of copies) await goesOn(bench, name, payments);
  }));

/** A payment with its transaction, as two records of a log. */
function pay(n: number): string {
  return `${event(n, n)}\n${transaction(n, 100 + n)}\n`;
}

/** Writes payment after payment into the log, until it is ended: that writes the last one, and tells how many there are. */
function openWriting({ folder }: Bench): { end: () => Promise<number> } {
  const [log, ending] = [join(folder, 'wal.json'), new AbortController()];
  const written = (async () => {
    for (let n = 1; ; n++) {
      const isLast = ending.signal.aborted;
      appendFileSync(log, pay(n));
      if (isLast) return n + 1;
      await setTimeout(10);
    }
  })();
  return {
    end: () => {
      ending.abort();
      return written;
    },
  };
}

async function copy({ folder }: Bench, name: string): Promise<void> {
  const db = new Sqlite(join(folder, 'metrics.db'), { readonly: true });
  await db.backup(join(folder, name));
  db.close();
}

async function goesOn({ json, rows }: Bench, name: string, payments: number): Promise<void> {
  const before = rows(name).length;
  const { result } = await json<{ metrics: { write: unknown }[] }>(['run', 'm.yaml', '--output', name]);
  expect(result.metrics[0]?.write).toMatchObject({ rows: payments, added: payments - before, changed: 0, removed: 0 });
  expect(rows(name)).toEqual(rows());
  expect(await json(['verify', 'm.yaml', '--output', name, '--from-source'])).toMatchObject({ exit: 0 });
}
