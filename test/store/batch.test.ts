/** A batch against a list of transactions: what it hands out to be committed, whatever was put aside meanwhile. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Database, openDatabase } from '../../engine/store/database/database.ts';
import type { Picked } from '../../engine/store/pick/pick.ts';
import { Batch } from '../../engine/store/stage/batch.ts';
import { runs } from '../support/counts.ts';

const shape = { relation: 0, columns: [], types: [], seen: [] };
const at = { file: 'log', record: 1, offset: 0, lsn: null };

function row(id: number): Picked {
  return { op: 'insert', shape, row: [BigInt(id)], old: [], at };
}

function idsOf(batch: Batch): readonly number[] {
  return [...batch.rows()].map((each) => Number(each.row[0]));
}

/** How much is put aside of any batch. */
function partsAside(db: Database): bigint {
  const exists = db.prepare("SELECT 1 FROM temp.sqlite_master WHERE name = '_etl_aside'").get();
  return exists === undefined ? 0n : (db.prepare('SELECT count(*) FROM temp._etl_aside').pluck().get() as bigint);
}

/** What happens to a batch: so many rows come, the transaction ends, it is not to be, all that has ended is committed. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 1_500 }) },
  { weight: 3, arbitrary: fc.constant('end' as const) },
  { weight: 1, arbitrary: fc.constant('drop' as const) },
  { weight: 2, arbitrary: fc.constant('commit' as const) },
);

/** A batch and, in lists, the rows that it should hold. */
function openPair(db: Database, source: string) {
  const batch = new Batch(db, source, 10);
  const [whole, open]: [number[], number[]] = [[], []];
  const add = (id: number) => {
    open.push(id);
    batch.add(row(id));
  };
  const rest = {
    end: () => {
      whole.push(...open.splice(0));
      batch.end();
    },
    drop: () => {
      open.length = 0;
      batch.drop();
    },
    commit: () => {
      whole.length = 0;
      batch.clear();
    },
  };
  return { batch, whole, add, ...rest };
}

test('a transaction that ends is handed out once, whole and in order, also if others were committed meanwhile', () => {
  const db = openDatabase(':memory:');
  const turns = fc.array(fc.tuple(fc.constantFrom(0, 1), step), { maxLength: 40 });
  let id = 0;
  const prove = (steps: readonly (readonly [number, number | 'end' | 'drop' | 'commit'])[]) => {
    const pairs = [openPair(db, 'left'), openPair(db, 'right')];
    for (const [which, what] of steps) {
      const pair = pairs[which] as (typeof pairs)[number];
      if (typeof what !== 'number') pair[what]();
      else for (let n = 0; n < what; n++) pair.add(++id);
      for (const { batch, whole } of pairs) expect(idsOf(batch)).toEqual(whole);
    }
    for (const pair of pairs) for (const what of ['drop', 'commit'] as const) pair[what]();
    expect(partsAside(db)).toBe(0n);
  };
  fc.assert(fc.property(turns, prove), { numRuns: runs(60, 2_000) });
  db.close();
});
