/** Mappings that are run together are held to the same mappings, run one after the other. */
import { once } from 'node:events';
import { appendFileSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { EtlError } from '../../engine/diagnostic/diagnostic.ts';
import { framed } from '../../engine/diagnostic/frame.ts';
import { pathText } from '../../engine/expression/paths.ts';
import type { Mapping } from '../../engine/mapping/mapping.ts';
import type { RunOptions } from '../../engine/pipeline/options.ts';
import type { Progress } from '../../engine/pipeline/progress.ts';
import type { DeadLetter, RejectedRow } from '../../engine/pipeline/rejections.ts';
import type { News, RunResult } from '../../engine/pipeline/result.ts';
import { run } from '../../engine/pipeline/run.ts';
import { runTogether } from '../../engine/pipeline/together.ts';
import { compile } from '../../engine/plan/compile.ts';
import { readDatabase } from '../../engine/store/database/database.ts';
import { findState } from '../../engine/store/state/state.ts';
import { verifyState } from '../../engine/verify/verify.ts';
import { asLines, insert, update } from '../log/log.ts';
import type { RandomTable } from '../oracle/random/table.ts';
import { sharedHistory } from '../oracle/random.ts';
import { runs } from '../support/counts.ts';
import { mappingOf, rowsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';
import { tell } from '../support/tally.ts';

/** In a text it stands for bytes that are no UTF-8. */
const NO_UTF8 = '\u{f0000}';

/** Records that are bad for all who read the log, for those who read a table, and for those who give it a key. */
const faults = {
  all: () => '{"change":[{"kind":"insert","schema":"public","table":"t","columnnames":["id"],"columnvalues":[]}]}',
  readers: ({ name }: RandomTable) => insert(name, [['note', 'text', NO_UTF8]]),
  keyed: ({ name, columns }: RandomTable) =>
    insert(
      name,
      columns.map(({ name, kind }) => [name, kind.type, null]),
    ),
};

const fault = fc.constantFrom<keyof typeof faults>('all', 'readers', 'readers', 'keyed', 'keyed');

const growth = fc.record({
  shared: sharedHistory,
  bad: fc.array(fc.record({ fault, table: fc.nat(), to: fc.nat() }), { maxLength: 2 }),
  /** Where the log is cut into files, and who takes in the next file ahead of the others, a bit for each mapping. */
  cuts: fc.array(fc.record({ end: fc.nat(30), ahead: fc.constantFrom(0, 0, 1, 2, 3, 5) }), { maxLength: 4 }),
  options: fc.record({ batchSize: fc.constantFrom(1, 1, 3, 7), strict: fc.boolean() }),
  leavesOut: fc.boolean(),
});

test('mappings that are run together do what each does alone, also where one is stopped or ahead', async () => {
  let [stopped, kept, left] = [0, 0, 0];
  const property = fc.asyncProperty(growth, async ({ shared, bad, cuts, options, leavesOut }) => {
    const records = shared.log.map(asLines);
    for (const { fault, table, to } of bad) {
      const named = shared.tables[table % shared.tables.length] as RandomTable;
      records.splice(to % (records.length + 1), 0, asLines([faults[fault](named)]));
    }
    const mappings = shared.mappings.map((text) => mappingOf(text));
    await inScratch(async (folder) => {
      const log = join(folder, 'log');
      mkdirSync(log);
      const [together, alone] = [join(folder, 'together.db'), join(folder, 'alone.db')];
      const said = { ...options, inputs: new Map([['', log]]) };
      let had: readonly number[] = [];
      for (const [n, part] of partsOf(records, cuts).entries()) {
        writeFileSync(join(log, `${n}.json`), bytesOf(part.join('')));
        const ahead = mappings.filter((_, place) => ((cuts[n]?.ahead ?? 0) >> place) & 1);
        const expected = await ended({ ...said, output: alone }, leavesOut, [ahead, runAlone], [mappings, runAlone]);
        const found = await ended(
          { ...said, output: together },
          leavesOut,
          [ahead, runTogether],
          [mappings, runTogether],
        );
        const states = [together, alone].map((output) => mappings.map((mapping) => stateIn(output, mapping)));
        // What comes and goes again within a batch is not told, and of several a batch holds more.
        if (options.batchSize === 1) expect([found, states[0]]).toEqual([expected, states[1]]);
        else expect(states[0]?.map(keptIn)).toEqual(states[1]?.map(keptIn));
        stopped += found.filter(({ findings }) => findings !== null).length;
        const stocks = stocksOf(together);
        if (stocks.some((sharers) => sharers > 1)) kept++;
        if (n > 0 && had.some((sharers) => sharers > 1) && stocks.length > had.length) left++;
        had = stocks;
      }
    });
    tell('logs that several mappings read together');
  });
  await fc.assert(property, { numRuns: runs(15, 200) });
  for (const count of [stopped, kept, left]) expect(count).toBeGreaterThan(0);
  tell('runs that left relations shared by several mappings', kept);
  tell('runs of which a mapping went on with relations of its own', left);
});

/** How many metrics have their state in each stock. */
function stocksOf(database: string): readonly number[] {
  const db = readDatabase(database);
  try {
    const sharers = db.prepare('SELECT count(*) FROM _etl_metric GROUP BY stock ORDER BY stock').pluck().all();
    return sharers.map(Number);
  } finally {
    db.close();
  }
}

type Run = typeof runTogether;

const runAlone: Run = async (mappings, options) => {
  const results: PromiseSettledResult<RunResult>[] = [];
  for (const mapping of mappings) results.push(...(await Promise.allSettled([run(mapping, options)])));
  return results;
};

interface Told {
  readonly result: unknown;
  readonly findings: string | null;
  /** Transactions that were left out, and rows that a check rejected. */
  readonly letters: readonly string[];
  readonly told: readonly string[];
}

const written = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value);

/** What came of each run, one after the other: its result without times, or its findings; and what it left out. */
async function ended(options: RunOptions, leavesOut: boolean, ...all: (readonly [readonly Mapping[], Run])[]) {
  const ends: Told[] = [];
  for (const [mappings, runAll] of all) {
    const letters: DeadLetter[] = [];
    const onRejected = (letter: DeadLetter) => letters.push(letter);
    const rows: RejectedRow[] = [];
    const onRejectedRow = (row: RejectedRow) => rows.push(row);
    const telling = { ...options, onRejectedRow };
    const results = await runAll(mappings, leavesOut ? { ...telling, onRejected } : telling);
    for (const [n, { metric }] of mappings.entries()) {
      const own = letters.filter((letter) => letter.metric === metric);
      const texts = own.map(({ raw, ...letter }) => JSON.stringify({ ...letter, raw: raw.toString('latin1') }));
      const told = rows.filter((row) => row.metric === metric).map((row) => JSON.stringify(row, written));
      ends.push({ result: resultOf(results[n]), findings: findingsOf(results[n]), letters: texts, told });
    }
  }
  return ends;
}

function resultOf(ended: PromiseSettledResult<RunResult> | undefined): unknown {
  if (ended?.status !== 'fulfilled') return null;
  const { seconds: _, read, write, ...result } = ended.value;
  // Where several can't go on together, each reads again what was not committed.
  return { ...result, read: { ...read, seconds: 0, bytes: 0 }, write: { ...write, place: '' } };
}

function findingsOf(ended: PromiseSettledResult<RunResult> | undefined): string | null {
  if (ended?.status !== 'rejected') return null;
  if (!(ended.reason instanceof EtlError)) throw ended.reason;
  return ended.reason.diagnostics.map((each) => framed(each)).join('\n');
}

/** What is kept however a log was cut into batches. */
function keptIn(state: ReturnType<typeof stateIn>): unknown {
  return state && { ...state, rejected: null };
}

/** All that is kept of a metric, but for the numbers that it is kept under. */
function stateIn(database: string, mapping: Mapping) {
  const db = readDatabase(database);
  try {
    const all = (sql: string) => db.prepare(sql).all();
    const state = findState(db, compile(mapping));
    if (state === null) return null;
    // No two runs end at one time, and a batch holds more where more is read.
    const { id, stock, committed: _, commits: __, relations, ...said } = state;
    return {
      said,
      rows: state.loaded ? all(`SELECT rowid, * FROM ${mapping.metric} ORDER BY rowid`) : [],
      relations: relations.map(({ id, table, numbers, scan, ...learned }) => ({
        columns: scan.columns.map(({ path }) => pathText(path)),
        rows: db
          .prepare(`SELECT rid, record${numbers.map((n) => `, c${n}`).join('')} FROM ${table} ORDER BY rid`)
          .raw()
          .all(),
        learned,
      })),
      files: all(`SELECT path, bytes, records, digest, size FROM _etl_file WHERE stock = ${stock} ORDER BY id`),
      rejected: all(`SELECT record, offset, code, reason FROM _etl_rejected WHERE metric = ${id} ORDER BY id`),
      lsn: all(`SELECT lsn FROM _etl_source WHERE stock = ${stock}`),
    };
  } finally {
    db.close();
  }
}

function partsOf(
  records: readonly string[],
  cuts: readonly { readonly end: number }[],
): readonly (readonly string[])[] {
  const ends = cuts.map(({ end }) => end).sort((a, b) => a - b);
  return [0, ...ends].map((start, n) => records.slice(start, ends[n]));
}

function bytesOf(text: string): Buffer {
  const wrong = Buffer.from(NO_UTF8).toString('latin1');
  return Buffer.from(Buffer.from(text).toString('latin1').replaceAll(wrong, '\xff'), 'latin1');
}

const MAPPING = (metric: string, columns: string) => `
metric: ${metric}
source: { format: wal2json, path: log }
tables:
  thing: { key: id }
from: thing
columns: [${columns}]
sink: { sqlite: metrics.db }
`;

const THREE = [MAPPING('one', 'thing.id'), MAPPING('two', 'thing.a'), MAPPING('three', 'thing.id, thing.b')];

const things = (from: number, to: number): string =>
  asLines(
    Array.from({ length: to - from }, (_, n) =>
      insert('thing', [
        ['id', 'integer', from + n],
        ['a', 'text', 'a'.repeat(500)],
        ['b', 'text', 'b'.repeat(500)],
      ]),
    ),
  );

/** The bytes that are read of files while the work is done. */
async function bytesReadDuring(work: () => Promise<unknown>): Promise<number> {
  const handle = await open('package.json');
  const read = vi.spyOn(Object.getPrototypeOf(handle) as typeof handle, 'read');
  try {
    await work();
    const results = (await Promise.all(read.mock.results.map(({ value }) => value))) as { bytesRead: number }[];
    return results.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
  } finally {
    read.mockRestore();
    await handle.close();
  }
}

test('a log is read once, however many mappings it feeds; and so is what is new in it to some of them', async () => {
  await inScratch(async (folder) => {
    const [log, output] = [join(folder, 'log'), join(folder, 'metrics.db')];
    const [first, second] = [things(0, 2_000), things(2_000, 2_500)];
    const options = { inputs: new Map([['', log]]), output, batchSize: 300 };
    const mappings = THREE.map((text) => mappingOf(text));
    const counts = () => ['one', 'two', 'three'].map((table) => rowsOf(output, table).length);
    writeFileSync(log, first);
    // The first bytes are read twice, to know whether they are zipped.
    expect((await bytesReadDuring(() => runTogether(mappings, options))) / first.length).toBeCloseTo(1, 2);
    expect(counts()).toEqual([2_000, 2_000, 2_000]);
    writeFileSync(log, first + second);
    const alone = await bytesReadDuring(() => run(mappings[0] as Mapping, options));
    // The first one has nothing to read now, and the two others read together what it has read.
    expect(await bytesReadDuring(() => runTogether(mappings, options))).toBe(alone);
    expect(counts()).toEqual([2_500, 2_500, 2_500]);
  });
});

test('a mapping that is stopped does not hold up the others', async () => {
  await inScratch(async (folder) => {
    const [log, output] = [join(folder, 'log'), join(folder, 'metrics.db')];
    writeFileSync(log, things(0, 400) + insert('thing', [['a', 'text', 'x']]) + things(400, 3_000));
    const keyless = MAPPING('keyless', 'thing.a').replace('key: id', 'key: []');
    const mappings = [...THREE, keyless].map((text) => mappingOf(text));
    const results = await runTogether(mappings, { inputs: new Map([['', log]]), output });
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled']);
    expect(rowsOf(output, 'keyless')).toHaveLength(3_001);
  });
});

test('a file that is one table is called in each summary as the mapping calls it', async () => {
  await inScratch(async (folder) => {
    const [path, output] = [join(folder, 'sales.csv'), join(folder, 'metrics.db')];
    writeFileSync(path, 'id,a\n1,x\n2,y\n');
    const calling = (metric: string, table: string) =>
      MAPPING(metric, `${table}.a`).replace('wal2json', 'csv').replace('thing:', `${table}:`).replace('thing', table);
    const mappings = [calling('one', 'sale'), calling('two', 'item')].map((text) => mappingOf(text));
    const results = await runTogether(mappings, { inputs: new Map([['', path]]), output });
    const tables = results.map((each) => (each.status === 'fulfilled' ? each.value.read.tables : each.reason));
    expect(tables).toEqual([[{ table: 'sale', changes: 2 }], [{ table: 'item', changes: 2 }]]);
  });
});

test('mappings of one metric, or of one table, come one after the other', async () => {
  await inScratch(async (folder) => {
    const [log, output] = [join(folder, 'log'), join(folder, 'metrics.db')];
    writeFileSync(log, things(0, 50));
    const other = MAPPING('one', 'thing.b');
    const sameTable = MAPPING('other', 'thing.b').replace('db }', 'db, table: ONE }');
    const mappings = [THREE[0], THREE[0], other, sameTable].map((text = '') => mappingOf(text));
    const results = await runTogether(mappings, { inputs: new Map([['', log]]), output, batchSize: 10 });
    const ends = results.map((each) => (each.status === 'fulfilled' ? each.value.read.changes : findingsOf(each)));
    expect(ends).toEqual([50, 0, expect.stringContaining('STATE_LACKS'), expect.stringContaining('TARGET_EXISTS')]);
  });
});

/** A log that grows, and where it is taken in. */
interface Grown {
  readonly log: string;
  readonly options: RunOptions;
  readonly output: string;
  readonly grow: (to: number) => void;
}

describe('what mappings that begin together read alike', () => {
  const mappings = THREE.map((text) => mappingOf(text));
  const [first, second, third] = mappings as [Mapping, Mapping, Mapping];

  const onLog = (work: (at: Grown) => Promise<void>) =>
    inScratch(async (folder) => {
      const [log, output] = [join(folder, 'log'), join(folder, 'metrics.db')];
      const options = { inputs: new Map([['', log]]), output, batchSize: 100 };
      await work({ log, options, output, grow: (to) => writeFileSync(log, things(0, to)) });
    });

  const verified = (options: RunOptions) =>
    mappings.map((mapping) => {
      const { missing, unexpected, rows } = verifyState(mapping, options);
      return missing + unexpected > 0 ? 'differs' : rows;
    });

  test('is kept once, as long as they are run together', () =>
    onLog(async ({ options, output, grow }) => {
      for (const rows of [250, 700, 710]) {
        grow(rows);
        await runTogether(mappings, options);
        expect([stocksOf(output), relationsIn(output), verified(options)]).toEqual([[3], 1, [rows, rows, rows]]);
      }
    }));

  test('goes along with one that is run alone, and stays there for the others', () =>
    onLog(async ({ options, output, grow }) => {
      grow(250);
      await runTogether(mappings, options);
      await run(second, options);
      expect(stocksOf(output)).toEqual([3]);
      grow(300);
      await run(second, options);
      expect([stocksOf(output), relationsIn(output), verified(options)]).toEqual([[2, 1], 2, [250, 300, 250]]);
      await runTogether(mappings, options);
      expect([stocksOf(output), relationsIn(output), verified(options)]).toEqual([[2, 1], 2, [300, 300, 300]]);
      await runTogether(mappings, { ...options, fullRefresh: true });
      grow(320);
      await runTogether([third, first], options);
      expect([stocksOf(output), relationsIn(output), verified(options)]).toEqual([[1, 2], 2, [320, 300, 320]]);
      await run(first, { ...options, fullRefresh: true });
      await run(third, { ...options, fullRefresh: true });
      expect([stocksOf(output), relationsIn(output)]).toEqual([[1, 1, 1], 3]);
      await runTogether(mappings, { ...options, fullRefresh: true });
      expect([stocksOf(output), relationsIn(output), verified(options)]).toEqual([[3], 1, [320, 320, 320]]);
    }));

  test('is not lost with what a changed mapping leaves behind', () =>
    onLog(async ({ options, output, grow }) => {
      grow(250);
      await runTogether(mappings, options);
      const changed = mappingOf(MAPPING('two', '{ name: a, expr: upper(thing.a) }'));
      const [ended] = await runTogether([changed, first], options);
      expect(ended).toMatchObject({ status: 'fulfilled', value: { migrated: true, forgotten: [] } });
      expect([stocksOf(output), rowsOf(output, 'two')[0]]).toEqual([[2, 1], ['A'.repeat(500)]]);
    }));

  test('goes apart where one of them knows a row that the others do not know whole', () =>
    onLog(async ({ options, output, grow, log }) => {
      grow(100);
      await runTogether(mappings, options);
      const key = [['id', 'integer', 1_000]] as const;
      appendFileSync(log, asLines([update('thing', key, [...key, ['a', 'text', 'new']])]));
      const results = await runTogether(mappings, options);
      const lost = results.map((each) => (each.status === 'fulfilled' ? each.value.lost.changes : null));
      // The last one reads column b too, which the update leaves out.
      expect([lost, verified(options)]).toEqual([
        [0, 0, 1],
        [101, 101, 100],
      ]);
      expect(stocksOf(output)).toEqual([1, 1, 1]);
    }));

  test('counts once in what is said to be read', () =>
    onLog(async ({ log, options, grow }) => {
      grow(250);
      const told = new Map<string, Progress>();
      await runTogether(mappings, {
        ...options,
        onProgress: (how) => how.step === 'read' && told.set(how.metric, how),
      });
      const { size } = statSync(log);
      expect([...told.values()]).toEqual([{ metric: 'one', step: 'read', bytes: size, changes: 250, total: size }]);
    }));

  test('is left by one that a check stops, which commits nothing by that', () =>
    onLog(async ({ options, output, grow }) => {
      const few = 'key: id, checks: [{ expr: thing.id < 300, on_fail: stop }]';
      const stopped = mappingOf(MAPPING('one', 'thing.id').replace('key: id', few));
      grow(250);
      await runTogether([stopped, second], options);
      const before = committedIn(output);
      grow(310);
      const results = await runTogether([stopped, second], options);
      expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
      expect([committedIn(output).get('one'), stocksOf(output)]).toEqual([before.get('one'), [1, 1]]);
    }));

  test('stays shared where the database was locked', () =>
    onLog(async ({ options, output, grow }) => {
      grow(250);
      await runTogether(mappings, options);
      grow(300);
      // Until one of those who gave up could have got on alone.
      const { ended } = await lockFor(output, 750);
      const results = await runTogether(mappings, { ...options, lockWait: 300 });
      await ended;
      const locked = expect.stringContaining('TARGET_LOCKED');
      expect([results.map(findingsOf), stocksOf(output)]).toEqual([[locked, locked, locked], [3]]);
      await runTogether(mappings, options);
      expect([stocksOf(output), verified(options)]).toEqual([[3], [300, 300, 300]]);
    }));

  test('is kept twice where SQLite takes no table of all its columns', () =>
    inScratch(async (folder) => {
      const [log, output] = [join(folder, 'log'), join(folder, 'metrics.db')];
      const names = Array.from({ length: 1_200 }, (_, n) => [`a${n}`, `b${n}`] as const);
      const row = names.flat().map((name) => [name, 'text', name] as const);
      writeFileSync(log, asLines([insert('thing', [['id', 'integer', 1], ...row])]));
      const wide = ['one', 'two'].map((metric, n) =>
        mappingOf(MAPPING(metric, names.map((pair) => `thing.${pair[n]}`).join())),
      );
      const results = await runTogether(wide, { inputs: new Map([['', log]]), output });
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
      expect(stocksOf(output)).toEqual([1, 1]);
      expect(rowsOf(output, 'two')).toEqual([names.map(([, b]) => b)]);
    }));

  test('is kept once while they follow it, and each tells of itself', () =>
    onLog(async ({ options, output, grow }) => {
      grow(250);
      const [end, told] = [new AbortController(), [] as string[]];
      const caughtUp = new Set<string>();
      const onCaughtUp = ({ metric }: RunResult) => {
        caughtUp.add(metric);
        if (caughtUp.size === 3) grow(400);
      };
      const onNews = ({ metric, added }: News) => {
        told.push(`${metric}: ${added}`);
        if (told.length === 3) end.abort();
      };
      const ofRun = () => ({ onCaughtUp, onNews });
      await runTogether(mappings, { ...options, follow: true, signal: end.signal }, { ofRun });
      expect(told).toEqual(['one: 150', 'two: 150', 'three: 150']);
      expect([stocksOf(output), verified(options)]).toEqual([[3], [400, 400, 400]]);
    }));
});

/** Locks a database out of this thread, which waits for it. Gives what ends when the lock does, once there is one. */
async function lockFor(database: string, milliseconds: number): Promise<{ readonly ended: Promise<unknown> }> {
  const lock = `
    const { parentPort, workerData: { path, milliseconds } } = require('node:worker_threads');
    const db = require('better-sqlite3')(path);
    db.exec('BEGIN IMMEDIATE');
    parentPort.postMessage('locked');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
    db.close();`;
  const worker = new Worker(lock, { eval: true, workerData: { path: database, milliseconds } });
  await once(worker, 'message');
  return { ended: once(worker, 'exit') };
}

/** When each metric was committed last. */
function committedIn(database: string): ReadonlyMap<string, bigint> {
  const db = readDatabase(database);
  try {
    return new Map(db.prepare('SELECT name, committed FROM _etl_metric').raw().all() as [string, bigint][]);
  } finally {
    db.close();
  }
}

function relationsIn(database: string): number {
  const db = readDatabase(database);
  try {
    return db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name GLOB '_etl_relation_*'").all().length;
  } finally {
    db.close();
  }
}
