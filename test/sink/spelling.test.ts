/** Keys that are several texts here and one value in a target elsewhere. */
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { insert, type LoggedValue, update } from '../log/log.ts';
import { NO_POSTGRES } from '../servers/postgres.ts';
import { inScratch } from '../support/scratch.ts';
import { hasChdb, NO_CHDB } from './chdb.ts';
import { type ItemMetric, keyOf, log, ship, startTarget, type TargetServer, verify } from './target.ts';

/** A type, and two spellings of one value of it. */
const SPELLINGS = [
  ['timestamp with time zone', '2024-10-27 02:30:00+02', '2024-10-27 00:30:00+00'],
  ['timestamp without time zone', '2024-10-27 02:30:00', '2024-10-27 02:30:00.000'],
  ['date', '2024-10-27', '2024-10-27 00:00:00'],
] as const;

function itemAt(id: number, type: string, at: LoggedValue) {
  return [
    ['id', 'bigint', id],
    ['at', type, at],
    ['name', 'text', `item ${id}`],
  ] as const;
}

describe.each(['postgres', 'clickhouse'] as const)('a key that is spelled otherwise, in %s', (sink) => {
  let server: TargetServer | null = null;
  beforeAll(async () => {
    server = sink === 'postgres' ? await startTarget() : null;
  }, 60_000);
  beforeEach(() => server?.clear());
  afterAll(() => server?.stop());

  function withItems(work: (items: ItemMetric) => Promise<void>, skip: (note: string) => void): Promise<void> | void {
    if (sink === 'clickhouse' && !hasChdb()) return skip(NO_CHDB);
    if (sink === 'postgres' && server === null) return skip(NO_POSTGRES);
    const columns = ['at', 'name'];
    return inScratch((folder) =>
      work({ folder, sink, url: server?.url ?? `chdb:${join(folder, 'warehouse')}`, columns }),
    );
  }

  test.for(SPELLINGS)('keeps its row, and is the key of no other: %s %s', ([type, one, other], { skip }) =>
    withItems(async (items) => {
      log(items, insert('item', itemAt(1, type, one)));
      await ship(items);
      log(items, update('item', keyOf(1), itemAt(1, type, other)));
      await ship(items);
      expect(await verify(items)).toMatchObject({ rows: 1, missing: 0, unexpected: 0 });
      log(items, insert('item', itemAt(2, type, one)));
      const rows = [`row: at="${other}" name="item 1"`, `row: at="${one}" name="item 2"`];
      const notes = expect.arrayContaining(rows);
      const refused = await ship(items).catch((error: unknown) => error);
      expect(refused).toMatchObject({ diagnostics: [{ code: 'SINK_KEY_NOT_UNIQUE', notes }] });
      expect(await verify(items)).toMatchObject({ rows: 1, missing: 0, unexpected: 0 });
    }, skip),
  );
});
