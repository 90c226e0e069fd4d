/** Mappings that are run together are held to the same mappings, run one after the other. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { EtlError } from '../../engine/diagnostic/diagnostic.ts';
import { framed } from '../../engine/diagnostic/frame.ts';
import type { Mapping } from '../../engine/mapping/mapping.ts';
import type { RunOptions } from '../../engine/pipeline/options.ts';
import type { DeadLetter } from '../../engine/pipeline/rejections.ts';
import type { RunResult } from '../../engine/pipeline/result.ts';
import { run } from '../../engine/pipeline/run.ts';
import { runTogether } from '../../engine/pipeline/together.ts';
import { readDatabase } from '../../engine/store/database/database.ts';
import { asLines, insert } from '../log/log.ts';
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
  options: fc.record({ batchSize: fc.integer({ min: 1, max: 7 }), strict: fc.boolean() }),
  leavesOut: fc.boolean(),
});

test('mappings that are run together do what each does alone, also where one is stopped or ahead', async () => {
  let stopped = 0;
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
      for (const [n, part] of partsOf(records, cuts).entries()) {
        writeFileSync(join(log, `${n}.json`), bytesOf(part.join('')));
        const ahead = mappings.filter((_, place) => ((cuts[n]?.ahead ?? 0) >> place) & 1);
        const expected = await ended({ ...said, output: alone }, leavesOut, [ahead, runAlone], [mappings, runAlone]);
        const found = await ended({ ...said, output: together }, leavesOut, [ahead, runAlone], [mappings, runTogether]);
        expect(found).toEqual(expected);
        expect(mappings.map((mapping) => stateIn(together, mapping))).toEqual(
          mappings.map((mapping) => stateIn(alone, mapping)),
        );
        stopped += found.filter(({ findings }) => findings !== null).length;
      }
    });
    tell('logs that several mappings read together');
  });
  await fc.assert(property, { numRuns: runs(15, 200) });
  expect(stopped).toBeGreaterThan(0);
});

type Run = typeof runTogether;

const runAlone: Run = async (mappings, options) => {
  const results: PromiseSettledResult<RunResult>[] = [];
  for (const mapping of mappings) results.push(...(await Promise.allSettled([run(mapping, options)])));
  return results;
};

/** What came of each run, one after the other: its result without times, or its findings; and what it left out. */
async function ended(options: RunOptions, leavesOut: boolean, ...all: (readonly [readonly Mapping[], Run])[]) {
  const ends: { result: unknown; findings: string | null; letters: readonly string[] }[] = [];
  for (const [mappings, runAll] of all) {
    const letters: DeadLetter[] = [];
    const onRejected = (letter: DeadLetter) => letters.push(letter);
    const results = await runAll(mappings, leavesOut ? { ...options, onRejected } : options);
    for (const [n, { metric }] of mappings.entries()) {
      const own = letters.filter((letter) => letter.metric === metric);
      const texts = own.map(({ raw, ...letter }) => JSON.stringify({ ...letter, raw: raw.toString('latin1') }));
      ends.push({ result: resultOf(results[n]), findings: findingsOf(results[n]), letters: texts });
    }
  }
  return ends;
}

function resultOf(ended: PromiseSettledResult<RunResult> | undefined): unknown {
  if (ended?.status !== 'fulfilled') return null;
  const { seconds: _, read, write, ...result } = ended.value;
  return { ...result, read: { ...read, seconds: 0 }, write: { ...write, place: '' } };
}

function findingsOf(ended: PromiseSettledResult<RunResult> | undefined): string | null {
  if (ended?.status !== 'rejected') return null;
  if (!(ended.reason instanceof EtlError)) throw ended.reason;
  return ended.reason.diagnostics.map((each) => framed(each)).join('\n');
}

/** All that is kept of a metric, but for the numbers that it is kept under. */
function stateIn(database: string, { metric }: Mapping): unknown {
  const db = readDatabase(database);
  try {
    const all = (sql: string) => db.prepare(sql).all();
    const [kept] = all(`SELECT * FROM _etl_metric WHERE name = '${metric}'`) as {
      id: bigint;
      loaded: bigint;
      committed: bigint;
    }[];
    if (kept === undefined) return null;
    // No two runs end at one time.
    const { id, committed, ...said } = kept;
    const relations = all(`SELECT id, alias FROM _etl_relation WHERE metric = ${id} ORDER BY id`) as { id: bigint }[];
    return {
      said,
      rows: kept.loaded === 1n ? all(`SELECT rowid, * FROM ${metric} ORDER BY rowid`) : [],
      relations: relations.map(({ id, ...alias }) => ({
        alias,
        rows: all(`SELECT * FROM _etl_relation_${id} ORDER BY rid`).map((row) => ({ ...(row as object), file: null })),
        types: all(`SELECT number, path, type, seen FROM _etl_column WHERE relation = ${id} ORDER BY number`),
      })),
      files: all(`SELECT path, bytes, records, digest, size FROM _etl_file WHERE metric = ${id} ORDER BY id`),
      rejected: all(`SELECT record, offset, code, reason FROM _etl_rejected WHERE metric = ${id} ORDER BY id`),
      lsn: all(`SELECT lsn FROM _etl_source WHERE metric = ${id}`),
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
