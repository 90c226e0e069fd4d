import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Row } from '../../engine/change.ts';
import type { RunOptions } from '../../engine/pipeline/options.ts';
import type { RunResult } from '../../engine/pipeline/result.ts';
import { run } from '../../engine/pipeline/run.ts';
import { asLines, digits, insert, type LoggedColumn, type LoggedValue } from '../log/log.ts';
import { execute, findingsOf, mappingOf, rowsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';

const mapping = (more = '', key = 'id'): string => `
metric: things
source: { format: wal2json, path: log }
tables:
  a: { key: ${key} }
from: a
columns:
  - a.id
  - a.x
sink: { sqlite: metrics.db }
${more}
`;

const a = (id: LoggedValue, x: LoggedColumn): string => insert('a', [['id', 'integer', id], x]);
const one = a(1, ['x', 'integer', 1]);
const two = a(2, ['x', 'integer', 2]);

interface Trial {
  readonly database: string;
  /** Appends records to the log and runs. */
  readonly grow: (yaml: string, records: readonly string[], options?: RunOptions) => Promise<RunResult>;
  readonly rows: () => readonly Row[];
}

async function tried(work: (trial: Trial) => Promise<void>): Promise<void> {
  await inScratch(async (folder) => {
    const [log, database] = [join(folder, 'log.json'), join(folder, 'metrics.db')];
    const all: string[] = [];
    await work({
      database,
      grow: (yaml, records, options) => {
        all.push(...records);
        writeFileSync(log, asLines(all));
        return run(mappingOf(yaml), { inputs: new Map([['', log]]), output: database, ...options });
      },
      rows: () => rowsOf(database, 'things'),
    });
  });
}

describe('a target', () => {
  test('that was dropped is written anew from the state, and that is said', async () => {
    await tried(async ({ database, grow, rows }) => {
      await grow(mapping(), [one, two]);
      execute(database, 'DROP TABLE things');
      const { write } = await grow(mapping(), []);
      expect(write.anew).toBe('absent');
      expect(rows()).toHaveLength(2);
    });
  });

  test('whose rows a VACUUM has numbered anew is still brought up to date', async () => {
    await tried(async ({ database, grow, rows }) => {
      await grow(mapping(), [one, two]);
      execute(database, 'VACUUM');
      await grow(mapping(), [a(1, ['x', 'integer', 7])]);
      expect([...rows()].sort()).toEqual([
        [1n, 7n],
        [2n, 2n],
      ]);
    });
  });

  test('that was altered by hand is refused and stays', async () => {
    await tried(async ({ database, grow, rows }) => {
      await grow(mapping(), [one]);
      execute(database, "ALTER TABLE things ADD COLUMN note; UPDATE things SET note = 'mine'");
      expect(await findingsOf(() => grow(mapping(), [two]))).toContain('TARGET_ALTERED');
      expect(rows()).toEqual([[1n, 1n, 'mine']]);
    });
  });

  test('whose key is NULL in a row says which, and what gives it a value', async () => {
    await tried(async ({ grow, rows }) => {
      const keyed = mapping().replace('metrics.db }', 'metrics.db, key: x }');
      await grow(keyed, [one]);
      const finding = await findingsOf(() => grow(keyed, [a(2, ['x', 'integer', null])]));
      expect(finding).toContain('sink.key is "x", and a row has NULL there');
      expect(finding).toContain('row: id=2 x=NULL');
      expect(finding).toContain('hint: coalesce(');
      expect(rows()).toEqual([[1n, 1n]]);
    });
  });

  test('in a file that is no database is refused, also by a dry run', async () => {
    await tried(async ({ database, grow }) => {
      writeFileSync(database, 'id,x\n1,1\n'.repeat(200));
      expect(await findingsOf(() => grow(mapping(), [one], { dryRun: true }))).toContain('TARGET_NOT_SQLITE');
    });
  });

  test('may not be a view of that name', async () => {
    await tried(async ({ database, grow }) => {
      execute(database, 'CREATE VIEW things AS SELECT 1');
      expect(await findingsOf(() => grow(mapping(), [one]))).toContain('TARGET_EXISTS');
    });
  });

  test.each(['gone', 'come', 'touched', 'roots', 'aside'])(
    'may be named "%s", as a thing of the engine is',
    async (name) => {
      await tried(async ({ database, grow }) => {
        const named = mapping().replace('metric: things', `metric: ${name}`);
        const many = Array.from({ length: 20 }, (_, id) => a(id, ['x', 'integer', id]));
        await grow(named, many);
        await grow(named, [a(3, ['x', 'integer', 30]), a(20, ['x', 'integer', 20])]);
        const rows = [...rowsOf(database, name)].sort((one, other) => Number(one[0]) - Number(other[0]));
        expect(rows).toEqual(Array.from({ length: 21 }, (_, id) => [BigInt(id), id === 3 ? 30n : BigInt(id)]));
      });
    },
  );
});

describe('rows that did not change', () => {
  test('are not written', async () => {
    await tried(async ({ grow }) => {
      await grow(mapping(), [one, two]);
      const { write } = await grow(mapping(), [one, a(2, ['x', 'integer', 3])]);
      expect(write).toMatchObject({ added: 0, changed: 1, removed: 0, rows: 2 });
    });
  });

  test('stay where a column that nobody reads did', async () => {
    await tried(async ({ grow }) => {
      await grow(mapping(), [one]);
      const { write } = await grow(mapping(), [
        insert('a', [
          ['id', 'integer', 1],
          ['x', 'integer', 1],
          ['y', 'text', 'new'],
        ]),
      ]);
      expect(write).toMatchObject({ added: 0, changed: 0, removed: 0 });
    });
  });
});

describe('a mapping', () => {
  test('that fails before its first load has ended can be mended and run again', async () => {
    await tried(async ({ grow, rows }) => {
      const broken = mapping().replace('- a.x', '- { name: x, expr: a.x + 1 }');
      expect(await findingsOf(() => grow(broken, [a(1, ['x', 'text', 'one'])]))).toContain('TEXT_AGAINST_NUMBER');
      await grow(mapping(), []);
      expect(rows()).toEqual([[1n, 'one']]);
    });
  });

  test("may divide in where by what its table's filter keeps from zero", async () => {
    await tried(async ({ grow, rows }) => {
      const guarded = mapping('where: 10 / a.x > 1').replace('{ key: id }', '{ key: id, where: x <> 0 }');
      await grow(guarded, [a(1, ['x', 'integer', 0]), a(2, ['x', 'integer', 5]), a(3, ['x', 'integer', 50])]);
      expect(rows()).toEqual([[2n, 5n]]);
    });
  });
});

describe('keys', () => {
  test('of uuids have no case', async () => {
    await tried(async ({ grow, rows }) => {
      const uuid = '0000000a-0000-0000-0000-00000000000b';
      const row = (id: string, x: number) =>
        insert('a', [
          ['id', 'uuid', id],
          ['x', 'integer', x],
        ]);
      await grow(mapping(), [row(uuid, 1), row(uuid.toUpperCase(), 2)]);
      expect(rows()).toEqual([[uuid, 2n]]);
    });
  });

  test('of numbers are one for one number, however it is written', async () => {
    await tried(async ({ grow, rows }) => {
      const row = (id: string, x: number) =>
        insert('a', [
          ['id', 'numeric', digits(id)],
          ['x', 'integer', x],
        ]);
      await grow(mapping(), [row('1', 1), row('1.00', 2), row('-0', 3), row('0.0', 4)]);
      expect([...rows()].sort()).toEqual([
        [0n, 4n],
        [1n, 2n],
      ]);
    });
  });

  test('that were two before their type was known become that of the later row', async () => {
    await tried(async ({ grow, rows }) => {
      const untyped = (id: string, x: number) =>
        `{"change":[{"kind":"insert","schema":"public","table":"a","columnnames":["id","x"],"columnvalues":[${id},${x}]}]}`;
      await grow(mapping(), [untyped('1', 1), untyped('"1"', 2)]);
      await grow(mapping(), [
        insert('a', [
          ['id', 'text', '2'],
          ['x', 'integer', 3],
        ]),
      ]);
      expect([...rows()].sort()).toEqual([
        ['1', 2n],
        ['2', 3n],
      ]);
    });
  });
});

test('a row that many others join to brings a row for each of them', async () => {
  await inScratch(async (folder) => {
    const [log, database] = [join(folder, 'log.json'), join(folder, 'metrics.db')];
    const yaml = `
metric: pairs
source: { format: wal2json, path: log }
tables:
  a: { key: id }
  b: { key: id }
from: a
join:
  - a.x = b.x
columns:
  - { name: a, expr: a.id }
  - { name: b, expr: b.id }
sink: { sqlite: metrics.db }
`;
    const side = (table: string, count: number): readonly string[] =>
      Array.from({ length: count }, (_, id) =>
        insert(table, [
          ['id', 'integer', id],
          ['x', 'integer', 1],
        ]),
      );
    const options = { inputs: new Map([['', log]]), output: database };
    writeFileSync(log, asLines([...side('a', 300), ...side('b', 300)]));
    await run(mappingOf(yaml), options);
    writeFileSync(
      log,
      asLines([
        ...side('a', 300),
        ...side('b', 300),
        insert('b', [
          ['id', 'integer', 999],
          ['x', 'integer', 1],
        ]),
      ]),
    );
    const { write } = await run(mappingOf(yaml), options);
    expect(write).toMatchObject({ rows: 90_300, added: 300, changed: 0, removed: 0 });
  });
});
