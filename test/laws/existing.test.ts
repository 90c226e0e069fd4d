/** What a metric does to a table that somebody else made, and what it asks of it. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Row } from '../../engine/change.ts';
import { whyText } from '../../engine/commands/why-text.ts';
import type { Mapping } from '../../engine/mapping/mapping.ts';
import type { RunOptions } from '../../engine/pipeline/options.ts';
import type { RunResult } from '../../engine/pipeline/result.ts';
import { run } from '../../engine/pipeline/run.ts';
import { type Status, statusOf } from '../../engine/pipeline/status.ts';
import { type Verification, verifySource, verifyState } from '../../engine/verify/verify.ts';
import { type Explanation, why } from '../../engine/why/why.ts';
import { execute, findingsOf, mappingOf, rowsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';

const mapping = (types = 'id: text, x: integer', sink = 'key: id'): Mapping =>
  mappingOf(`
metric: things
source: { format: json, path: log, before: old, operation: { field: op, insert: c, update: u, delete: d } }
tables:
  a: { key: id, types: { ${types} } }
from: a
columns:
  - a.id
  - a.x
sink: { sqlite: metrics.db, ${sink} }
`);

const a = (id: unknown, x: unknown): object => ({ op: 'c', id, x });
const gone = (id: unknown): object => ({ op: 'd', id, old: { id } });

interface Bench {
  /** Appends documents to the log and runs. */
  readonly grow: (documents: readonly object[], options?: RunOptions & { as?: Mapping }) => Promise<RunResult>;
  readonly execute: (sql: string) => void;
  /** The rows of the table, in order. */
  readonly rows: () => readonly Row[];
  readonly verify: (as?: Mapping) => Verification;
  readonly why: (word: string) => Promise<Explanation>;
  readonly verifyFromSource: () => Promise<Verification>;
  readonly status: () => Promise<Status>;
}

async function beside(table: string, work: (bench: Bench) => Promise<void>): Promise<void> {
  await inScratch(async (folder) => {
    const [log, output] = [join(folder, 'log.json'), join(folder, 'metrics.db')];
    const options = { inputs: new Map([['', log]]), output };
    execute(output, table);
    await work({
      grow: (documents, { as = mapping(), ...more } = {}) => {
        appendFileSync(log, documents.map((each) => `${JSON.stringify(each)}\n`).join(''));
        return run(as, { ...options, ...more });
      },
      execute: (sql) => execute(output, sql),
      rows: () => [...rowsOf(output, 'things')].sort(),
      verify: (as = mapping()) => verifyState(as, options),
      why: (word) => why(mapping(), [word], options),
      verifyFromSource: () => verifySource(mapping(), options),
      status: () => statusOf(mapping(), options),
    });
  });
}

const PLAIN = 'CREATE TABLE things (id TEXT, x INTEGER, note TEXT)';

describe('a key that stands in the table already', () => {
  test('is not doubled: its row stays, is counted, and a difference is shown', async () => {
    await beside(`${PLAIN}; INSERT INTO things VALUES ('1', 1, 'own'), ('2', 7, 'own')`, async ({ grow, rows }) => {
      const { write, warnings } = await grow([a('1', 1), a('2', 2), a('3', 3)]);
      expect(rows()).toEqual([
        ['1', 1n, 'own'],
        ['2', 7n, 'own'],
        ['3', 3n, null],
      ]);
      expect(write).toMatchObject({ rows: 1, added: 1, held: 2, differing: 1 });
      expect(warnings).toMatchObject([
        { code: 'TARGET_ROW_DIFFERS', notes: ['the first: id="2": x is 7 and should be 2'] },
      ]);
    });
  });

  test('is no row of the metric for status either', async () => {
    await beside(`${PLAIN}; INSERT INTO things VALUES ('1', 1, 'own'), ('2', 7, 'own')`, async ({ grow, status }) => {
      await grow([a('1', 1), a('2', 2), a('3', 3)]);
      expect(await status()).toMatchObject({ loaded: true, rows: 1 });
    });
  });

  test('makes way for the row of the metric when it is deleted, with the next run, also one that brings nothing', async () => {
    await beside(`${PLAIN}; INSERT INTO things VALUES ('1', 7, 'own')`, async (bench) => {
      await bench.grow([a('1', 1), a('2', 2)]);
      bench.execute("DELETE FROM things WHERE id = '1'");
      expect(bench.verify()).toMatchObject({ missing: 0, unexpected: 0, others: 0 });
      const { write } = await bench.grow([]);
      expect(write).toMatchObject({ added: 1, held: 0 });
      expect(bench.rows()).toEqual([
        ['1', 1n, null],
        ['2', 2n, null],
      ]);
    });
  });

  test('stays when the row of the metric goes, or takes another key', async () => {
    await beside(`${PLAIN}; INSERT INTO things VALUES ('1', 7, 'own'), ('2', 7, 'own')`, async ({ grow, rows }) => {
      await grow([a('1', 1), a('2', 2)]);
      const { write } = await grow([gone('1'), { op: 'u', id: '3', x: 2, old: { id: '2' } }]);
      expect(write).toMatchObject({ added: 1, removed: 0, held: 0 });
      expect(rows()).toEqual([
        ['1', 7n, 'own'],
        ['2', 7n, 'own'],
        ['3', 2n, null],
      ]);
    });
  });

  test('may come to stand there beside ours, which alone is changed and goes', async () => {
    await beside(PLAIN, async ({ grow, execute, rows }) => {
      await grow([a('1', 1)]);
      execute("INSERT INTO things VALUES ('1', 7, 'own')");
      await grow([a('1', 2)]);
      expect(rows()).toEqual([
        ['1', 2n, null],
        ['1', 7n, 'own'],
      ]);
      await grow([gone('1')]);
      expect(rows()).toEqual([['1', 7n, 'own']]);
    });
  });

  test('is told from ours by its values, also where the rows are numbered anew', async () => {
    await beside(PLAIN, async ({ grow, execute, rows }) => {
      await grow([a('0', 0), a('1', 1)]);
      execute("INSERT INTO things VALUES ('1', 7, 'own'); DELETE FROM things WHERE id = '0'; VACUUM");
      const { write } = await grow([a('1', 2)]);
      expect(write).toMatchObject({ held: 0, changed: 1 });
      expect(rows()).toEqual([
        ['1', 2n, null],
        ['1', 7n, 'own'],
      ]);
    });
  });

  test('makes ours one of others too where nobody can tell the two apart', async () => {
    await beside(PLAIN, async ({ grow, execute, rows, verify }) => {
      await grow([a('1', 1)]);
      execute("INSERT INTO things VALUES ('1', 1, 'own')");
      expect((await grow([a('1', 2)])).write).toMatchObject({ held: 1, differing: 1, changed: 0 });
      expect(rows()).toHaveLength(2);
      expect(rows()).toContainEqual(['1', 1n, null]);
      expect(rows()).toContainEqual(['1', 1n, 'own']);
      expect(verify()).toMatchObject({ rows: 0, others: 2, missing: 0 });
    });
  });

  test('is one where the table says so, whatever its case', async () => {
    const table =
      "CREATE TABLE things (id TEXT COLLATE NOCASE PRIMARY KEY, x INTEGER); INSERT INTO things VALUES ('A', 7)";
    await beside(table, async ({ grow, rows }) => {
      const { write } = await grow([a('a', 1), a('b', 2)]);
      expect(write).toMatchObject({ held: 1, differing: 1, added: 1 });
      const finding = await findingsOf(() => grow([a('B', 3)]));
      expect(finding).toContain('SINK_KEY_NOT_UNIQUE');
      expect(finding).toContain('row: id="b" x=2');
      expect(finding).toContain('row: id="B" x=3');
      expect(rows()).toEqual([
        ['A', 7n],
        ['b', 2n],
      ]);
    });
  });
});

test('why says of a row that it is held back', async () => {
  await beside(`${PLAIN}; INSERT INTO things VALUES ('1', 7, 'own')`, async ({ grow, why }) => {
    await grow([a('1', 1), a('2', 2)]);
    expect((await why('id=1')).row).toMatchObject({ isHeld: true });
    expect(whyText(await why('id=1'))).toMatch(/\n {2}held {4}not written: its key stands in the target already/);
    expect((await why('id=2')).row).toMatchObject({ isHeld: false });
  });
});

describe('a row of the metric', () => {
  test('is changed in its place, so that its other columns stay', async () => {
    await beside(PLAIN, async ({ grow, execute, rows }) => {
      await grow([a('1', 1)]);
      execute("UPDATE things SET note = 'mine'");
      const { write } = await grow([a('1', 2)]);
      expect(write).toMatchObject({ added: 0, changed: 1, removed: 0 });
      expect(rows()).toEqual([['1', 2n, 'mine']]);
    });
  });

  test('that somebody changed or deleted is told by verify, and mended by a full refresh', async () => {
    await beside(`${PLAIN}; INSERT INTO things VALUES ('9', 9, 'own')`, async (bench) => {
      await bench.grow([a('1', 1), a('2', 2), a('3', 3), a('9', 1)]);
      bench.execute("UPDATE things SET x = 5 WHERE id = '1'; DELETE FROM things WHERE id = '2'");
      for (const found of [bench.verify(), await bench.verifyFromSource()]) {
        expect(found).toMatchObject({ missing: 2, unexpected: 1, others: 1 });
        expect(found.samples).toEqual(['id="1": x is 5 and should be 1', 'missing: id="2" x=2']);
      }
      expect((await bench.grow([])).write).toMatchObject({ added: 0, changed: 0 });
      expect((await bench.grow([], { fullRefresh: true })).write).toMatchObject({ added: 1, changed: 1, removed: 0 });
      expect(bench.verify()).toMatchObject({ missing: 0, unexpected: 0, rows: 3, others: 1 });
    });
  });

  test('is known for ours on over a full refresh, also under another key', async () => {
    await beside(PLAIN, async ({ grow, execute, rows }) => {
      await grow([a('1', 1), a('2', 2)]);
      execute("INSERT INTO things VALUES ('3', 3, 'own')");
      const { write } = await grow([], { as: mapping(undefined, 'key: [x, id]'), fullRefresh: true });
      expect(write).toMatchObject({ added: 0, changed: 0, removed: 0, held: 0 });
      await grow([gone('1'), a('2', 5)], { as: mapping(undefined, 'key: [x, id]') });
      expect(rows()).toEqual([
        ['2', 5n, null],
        ['3', 3n, 'own'],
      ]);
    });
  });

  test('goes where a full refresh does not find it any more', async () => {
    await beside(PLAIN, async ({ grow, rows }) => {
      await grow([a('1', 1), a('2', 2)]);
      const only = mappingOf(mapping().text.replace('sink:', "where: a.id = '2'\nsink:"));
      expect((await grow([], { as: only, fullRefresh: true })).write).toMatchObject({
        removed: 1,
        added: 0,
        changed: 0,
      });
      expect(rows()).toEqual([['2', 2n, null]]);
    });
  });
});

describe('a table that does not fit', () => {
  const misfits: readonly (readonly [what: string, table: string, finding: string])[] = [
    ['a view', 'CREATE VIEW things AS SELECT 1 AS id, 2 AS x', 'it is a view'],
    ['a virtual table', 'CREATE VIRTUAL TABLE things USING fts5 (id, x)', 'it is no ordinary table'],
    ['without a column', 'CREATE TABLE things (id TEXT)', 'it has no column "x"'],
    ['whose column is computed', 'CREATE TABLE things (id TEXT, x AS (1))', 'its column "x" is computed'],
    [
      'with a column that may not be left out',
      'CREATE TABLE things (id TEXT, x INT, note TEXT NOT NULL)',
      '"note" may not be NULL',
    ],
    [
      'whose rows have no number, and another key',
      'CREATE TABLE things (id TEXT, x INT, PRIMARY KEY (id, x)) WITHOUT ROWID',
      'takes in "x", which is not among sink.key',
    ],
    [
      'that makes numbers of texts',
      'CREATE TABLE things (id NUMERIC, x INT)',
      '"id" is NUMERIC, which does not keep text',
    ],
    [
      'that makes texts of numbers',
      'CREATE TABLE things (id TEXT, x TEXT)',
      '"x" is TEXT, which does not keep integer',
    ],
    [
      'whose columns leave no name for the number of a row',
      'CREATE TABLE things (id TEXT, x INT, rowid, _rowid_, oid)',
      'leave no name for the number of a row',
    ],
  ];

  test.each(misfits)('is one %s', async (_, table, finding) => {
    await beside(table, async ({ grow }) => {
      const found = await findingsOf(() => grow([a('1', 1)]));
      expect(found).toContain('TARGET_MISFIT');
      expect(found).toContain(finding);
    });
  });

  test('is told with all reasons at once', async () => {
    await beside('CREATE TABLE things (note TEXT NOT NULL)', async ({ grow }) => {
      expect((await findingsOf(() => grow([]))).match(/TARGET_MISFIT/g)).toHaveLength(3);
    });
  });

  test('is the one that another metric made, whose rows are all its own', async () => {
    await beside('CREATE TABLE other (id TEXT)', async ({ grow, rows }) => {
      await grow([a('1', 1)]);
      const second = mappingOf(
        mapping(undefined, 'key: id, table: Things').text.replace('metric: things', 'metric: second'),
      );
      expect(await findingsOf(() => grow([], { as: second }))).toContain('TARGET_EXISTS');
      expect(rows()).toHaveLength(1);
    });
  });
});

describe('a table fits', () => {
  const tables: readonly (readonly [what: string, table: string])[] = [
    ['whatever the case and the order of its columns', 'CREATE TABLE THINGS (note, X INT, "Id" VARCHAR(10))'],
    [
      'if its other columns have defaults',
      'CREATE TABLE things (id TEXT, x INT, at TEXT NOT NULL DEFAULT CURRENT_DATE)',
    ],
    ['if it numbers its rows itself', 'CREATE TABLE things (n INTEGER PRIMARY KEY, id TEXT, x INT)'],
    ['if it computes other columns', 'CREATE TABLE things (id TEXT, x INT, y AS (x + 1), z AS (x + 2) STORED)'],
    ['if a column is named rowid', 'CREATE TABLE things (rowid TEXT, id TEXT, x INT)'],
    ['without row numbers', 'CREATE TABLE things (id TEXT PRIMARY KEY, x INT) WITHOUT ROWID'],
    ['if it is strict', 'CREATE TABLE things (id TEXT, x INTEGER, note ANY) STRICT'],
    ['if it holds whole numbers as doubles', 'CREATE TABLE things (id TEXT, x REAL)'],
    ['under a name that needs quotes', 'CREATE TABLE things (id TEXT, x INT, "a ""b" INT)'],
  ];

  test.each(tables)('%s', async (_, table) => {
    await beside(table, async ({ grow, execute, verify }) => {
      await grow([a('1', 1), a('2', 2)]);
      execute("INSERT INTO things (id, x) VALUES ('8', 8), ('9', 9)");
      await grow([a('2', 3), gone('1'), a('4', 4), a('9', 1)]);
      expect(verify()).toMatchObject({ rows: 2, missing: 0, unexpected: 0, others: 2 });
    });
  });
});

describe('a value', () => {
  test('that a column would change stops the run, and what looks like no number may stand among numbers', async () => {
    const uuid = (last: number): string => `0000000a-0000-0000-0000-00000000000${last}`;
    const as = mapping('id: uuid, x: integer');
    await beside('CREATE TABLE things (id UUID PRIMARY KEY, x FLOAT)', async ({ grow, rows }) => {
      await grow([a(uuid(1), 1)], { as });
      expect(rows()).toEqual([[uuid(1), 1]]);
      expect(await findingsOf(() => grow([a('1e3', 1)], { as }))).toContain('would change a uuid to 1000');
    });
    await beside('CREATE TABLE things (id UUID PRIMARY KEY, x FLOAT)', async ({ grow }) => {
      const large = 2n ** 53n + 1n;
      const found = await findingsOf(() => grow([a(uuid(1), String(large))], { as }));
      expect(found).toContain('would change 9007199254740993 to 9007199254740992');
    });
  });

  test('of a key whose type nobody tells is refused by a column that may change it', async () => {
    await beside('CREATE TABLE things (id INT, x)', async ({ grow }) => {
      const found = await findingsOf(() => grow([a('07', 1)], { as: mapping('x: integer') }));
      expect(found).toContain('"id" is INT, in which keys that are of no known type are not found again');
    });
  });
});

describe('what the table does by itself', () => {
  test('holds: its triggers are called once for a row, and may write to it again', async () => {
    const trigger =
      'CREATE TRIGGER seen AFTER UPDATE ON things BEGIN UPDATE things SET n = n + 1 WHERE id = NEW.id; END';
    await beside(
      `CREATE TABLE things (id TEXT, x INT, n INT DEFAULT 0); ${trigger}`,
      async ({ grow, rows, verify }) => {
        await grow([a('1', 1)]);
        await grow([a('1', 2)]);
        expect(rows()).toEqual([['1', 2n, 1n]]);
        expect(verify()).toMatchObject({ missing: 0, unexpected: 0 });
      },
    );
  });

  test('stops the run where it refuses a row, which is shown', async () => {
    const trigger = (event: string) =>
      `CREATE TRIGGER no${event} BEFORE ${event} ON things WHEN OLD.x = 3 BEGIN SELECT RAISE(ABORT, 'never ${event}'); END`;
    await beside(`${PLAIN}; ${trigger('UPDATE')}; ${trigger('DELETE')}`, async ({ grow, rows }) => {
      await grow([a('1', 1), a('3', 3)]);
      const found = await findingsOf(() => grow([a('1', 2), a('3', 4)]));
      expect(found).toContain('TARGET_REFUSES_ROW');
      expect(found).toContain('never UPDATE');
      expect(found).toContain('row: id="3" x=4');
      expect(rows()).toHaveLength(2);
    });
    await beside(`${PLAIN}; ${trigger('DELETE')}`, async ({ grow }) => {
      await grow([a('3', 3)]);
      expect(await findingsOf(() => grow([gone('3')]))).toContain('never DELETE');
    });
  });

  test('takes no row of another away, though a constraint says to replace it', async () => {
    const table = `CREATE TABLE things (id TEXT PRIMARY KEY, x INT UNIQUE ON CONFLICT REPLACE);
      INSERT INTO things VALUES ('own', 3)`;
    await beside(table, async ({ grow, rows }) => {
      expect(await findingsOf(() => grow([a('1', 3)]))).toContain('UNIQUE constraint failed: things.x');
      await grow([a('1', 1)]);
      expect(await findingsOf(() => grow([a('1', 3)]))).toContain('UNIQUE constraint failed: things.x');
      expect(rows()).toEqual([
        ['1', 1n],
        ['own', 3n],
      ]);
    });
  });

  test('stops the run where a foreign key is looked at when all is done', async () => {
    const table = `CREATE TABLE parent (id INT PRIMARY KEY);
      CREATE TABLE things (id TEXT, x INT REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)`;
    await beside(table, async ({ grow, execute, rows }) => {
      expect(await findingsOf(() => grow([a('1', 1)]))).toContain('FOREIGN KEY constraint failed');
      execute('INSERT INTO parent VALUES (1)');
      await grow([]);
      expect(rows()).toEqual([['1', 1n]]);
    });
  });

  test('is told by verify where it leaves out a row and says nothing', async () => {
    const trigger = `CREATE TRIGGER never BEFORE INSERT ON things WHEN NEW.x = 3 BEGIN SELECT RAISE(IGNORE); END`;
    await beside(`${PLAIN}; ${trigger}`, async ({ grow, verify }) => {
      await grow([a('1', 1), a('3', 3)]);
      expect(verify()).toMatchObject({ missing: 1, unexpected: 0, rows: 1 });
    });
  });
});

test('a table that is dropped is made anew as the metric has it, which is said', async () => {
  await beside(`${PLAIN}; INSERT INTO things VALUES ('1', 7, 'own')`, async ({ grow, execute, rows, verify }) => {
    await grow([a('1', 1), a('2', 2)]);
    execute('DROP TABLE things');
    expect((await grow([])).write).toMatchObject({ anew: 'absent', rows: 2, held: 0 });
    await grow([a('1', 3)]);
    expect(rows()).toEqual([
      ['1', 3n],
      ['2', 2n],
    ]);
    expect(verify()).toMatchObject({ missing: 0, unexpected: 0, others: 0 });
  });
});

test('a table whose columns are altered is looked at again', async () => {
  await beside(PLAIN, async ({ grow, execute, rows }) => {
    await grow([a('1', 1)]);
    execute("ALTER TABLE things ADD COLUMN more TEXT DEFAULT 'm'; ALTER TABLE things DROP COLUMN note");
    await grow([a('1', 2), a('2', 2)]);
    expect(rows()).toEqual([
      ['1', 2n, 'm'],
      ['2', 2n, 'm'],
    ]);
    execute('ALTER TABLE things DROP COLUMN x');
    expect(await findingsOf(() => grow([]))).toContain('it has no column "x"');
  });
});

test('a dry run says what would be written and held, and writes nothing', async () => {
  await beside(`${PLAIN}; INSERT INTO things VALUES ('1', 7, 'own')`, async ({ grow, rows }) => {
    const { write } = await grow([a('1', 1), a('2', 2)], { dryRun: true });
    expect(write).toMatchObject({ added: 1, held: 1, differing: 1 });
    expect(rows()).toHaveLength(1);
  });
});

test('two metrics may write into one table of a third, each minding the rows of the other', async () => {
  await beside(PLAIN, async ({ grow, rows, verify }) => {
    const second = mappingOf(
      mapping(undefined, 'key: id, table: things').text.replace('metric: things', 'metric: second'),
    );
    await grow([a('1', 1)]);
    const { write } = await grow([a('2', 2)], { as: second });
    expect(write).toMatchObject({ added: 1, held: 1, differing: 0 });
    await grow([a('1', 3)]);
    expect(rows()).toEqual([
      ['1', 3n, null],
      ['2', 2n, null],
    ]);
    expect(verify()).toMatchObject({ rows: 1, others: 1, missing: 0 });
  });
});
