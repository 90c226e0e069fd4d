/** Random changes, shipped batch by batch over a way that breaks off now and then, by one run or two at once. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EtlError } from '../../engine/diagnostic/diagnostic.ts';
import { insert, type LoggedRow, remove, transaction, update } from '../log/log.ts';
import { type Dice, diceOf } from '../postgres/dice.ts';
import { type Gate, openGate } from '../servers/gate.ts';
import { NO_POSTGRES } from '../servers/postgres.ts';
import { seeds } from '../support/counts.ts';
import { inScratch } from '../support/scratch.ts';
import { tell } from '../support/tally.ts';
import { hasChdb, NO_CHDB } from './chdb.ts';
import { serveClickhouse } from './clickhouse-http.ts';
import { type ItemMetric, keyOf, log, PASSWORD, ship, startTarget, verify } from './target.ts';

/** A target that is reached through a gate. */
interface Gated {
  readonly sink: ItemMetric['sink'];
  readonly gate: Gate;
  readonly url: string;
  stop(): Promise<void>;
}

async function gatedPostgres(): Promise<Gated | null> {
  const server = await startTarget();
  if (server === null) return null;
  await server.clear();
  const gate = await openGate(server.socket);
  const stop = async () => {
    await gate.shut();
    server.stop();
  };
  return { sink: 'postgres', gate, url: `postgres://etl:${PASSWORD}@127.0.0.1:${gate.port}/postgres`, stop };
}

async function gatedClickhouse(folder: string): Promise<Gated | null> {
  if (!hasChdb()) return null;
  const server = await serveClickhouse(join(folder, 'warehouse'), PASSWORD);
  const gate = await openGate(server.port);
  const stop = async () => {
    await gate.shut();
    await server.stop();
  };
  return { sink: 'clickhouse', gate, url: `http://etl:${PASSWORD}@127.0.0.1:${gate.port}/default`, stop };
}

describe.each([
  ['PostgreSQL', gatedPostgres, NO_POSTGRES],
  ['ClickHouse', gatedClickhouse, NO_CHDB],
])('what arrives in %s is the metric after every run', (_, start, absence) => {
  test.for(seeds(1, 4))('ETL_SEED=%i', (seed, { skip }) =>
    inScratch(async (folder) => {
      const target = await start(folder);
      if (target === null) return skip(absence);
      await shipAndLose(folder, target, diceOf(seed)).finally(target.stop);
    }),
  );
});

async function shipAndLose(folder: string, { sink, url, gate }: Gated, dice: Dice): Promise<void> {
  const items: ItemMetric = { folder, sink, url, columns: ['id', 'name', 'amount', 'note'] };
  const draw = changesOf(dice);
  log(items, draw());
  for (let rounds = 10; rounds > 0; rounds--) {
    gate.cutAfter(dice.chance(60) ? dice.below(2500) : Number.POSITIVE_INFINITY);
    log(items, ...Array.from({ length: dice.below(40) }, draw));
    const both = dice.chance(20) ? [1, 2] : [1];
    const shipped = await Promise.all(both.map(() => shipOrLose(items, dice)));
    gate.cutAfter(Number.POSITIVE_INFINITY);
    const isShipped = shipped.every((each) => each);
    if (isShipped || dice.chance(50)) await expectEqual(items, isShipped);
    tell('runs that ship over a connection that may break', both.length);
    tell('of which did not get through', shipped.filter((each) => !each).length);
  }
  await expectEqual(items, false);
}

/** Whether it got through. */
async function shipOrLose(items: ItemMetric, dice: Dice): Promise<boolean> {
  try {
    await ship(items, { batchSize: 1 + dice.below(20), fullRefresh: dice.chance(5) });
    return true;
  } catch (error) {
    if (!(error instanceof EtlError)) throw error;
    expect(['CONNECTION_LOST', 'SERVER_NOT_REACHED']).toContain(error.diagnostics[0]?.code);
    return false;
  }
}

/** What has not got through gets there with the next run. */
async function expectEqual(items: ItemMetric, isShipped: boolean): Promise<void> {
  if (!isShipped) await ship(items);
  expect(await verify(items)).toMatchObject({ missing: 0, unexpected: 0 });
  expect((await ship(items)).write.shipped).toMatchObject({ rows: 0, gone: 0, resent: null });
}

/** Records of one to three changes each; rows get other keys, and their amounts become numeric at some time. */
function changesOf(dice: Dice): () => string {
  const there = new Set<number>();
  let [next, drawn] = [0, 0];
  const row = (id: number): LoggedRow => [
    ['id', 'bigint', id],
    ['name', 'text', dice.pick(['', 'a', `it's "b" \\ {c}`, 'NULL', '🐘', null])],
    ['amount', drawn > 60 ? 'numeric' : 'bigint', dice.pick([null, 1, 2, 9_007_199_254_740_993n])],
    ['note', 'text', 'x'.repeat(dice.below(dice.pick([5, 2000])))],
  ];
  const change = (): string => {
    const id = dice.pick([...there, next]);
    if (!there.has(id)) {
      there.add(next++);
      return insert('item', row(id));
    }
    if (dice.chance(40)) return update('item', null, row(id));
    there.delete(id);
    if (dice.chance(50)) return remove('item', keyOf(id));
    there.add(next++);
    return update('item', keyOf(id), row(next - 1));
  };
  return () => {
    drawn++;
    const records = Array.from({ length: 1 + dice.below(3) }, change);
    return transaction(records.map((record) => record.slice('{"change":['.length, -2)));
  };
}
