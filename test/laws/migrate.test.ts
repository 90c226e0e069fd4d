/** A changed mapping over what the state of the old one holds: nothing is read again, and the metric is as if it had been. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFinding } from '../../engine/diagnostic/diagnostic.ts';
import { type Opening, Overtaken } from '../../engine/pipeline/apart.ts';
import { Intake } from '../../engine/pipeline/intake.ts';
import { openState } from '../../engine/pipeline/open.ts';
import { targetPlaceOf } from '../../engine/pipeline/places.ts';
import { run } from '../../engine/pipeline/run.ts';
import { Session } from '../../engine/pipeline/session.ts';
import { openTally } from '../../engine/pipeline/tally.ts';
import { compile } from '../../engine/plan/compile.ts';
import { openDatabase } from '../../engine/store/database/database.ts';
import { verifySource } from '../../engine/verify/verify.ts';
import { asLines, insert, type LoggedRow, update } from '../log/log.ts';
import { changedHistory } from '../oracle/random.ts';
import { runs } from '../support/counts.ts';
import { execute, findingsOf, mappingOf, rowsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';
import { tell } from '../support/tally.ts';
import { cuts, expected, metricIn, partsOf } from './law.ts';

test('a changed mapping gives what a first run of it gives, whatever was read under the old one, and reads none of that', async () => {
  const property = fc.asyncProperty(
    changedHistory,
    cuts,
    async ({ mappings: [before = '', after = ''], log }, { places }) => {
      const parts = partsOf(log, places);
      await inScratch(async (folder) => {
        const [input, output] = [join(folder, 'log'), join(folder, 'metrics.db')];
        mkdirSync(input);
        const options = { inputs: new Map([['', input]]), output };
        for (const [n, part] of parts.entries()) {
          writeFileSync(join(input, `00${n}.json`), asLines(part.flat()));
          if (n === 0) {
            await run(mappingOf(before), options);
            const isHeld = await migrated(after, options);
            tell(isHeld ? 'mappings changed in place' : 'changed mappings that a state lacks something of');
            if (!isHeld) return;
          } else await run(mappingOf(after), options);
          expect(metricIn(output)).toEqual(expected(after, parts.slice(0, n + 1).flat()));
        }
        expect(await verifySource(mappingOf(after), options)).toMatchObject({ missing: 0, unexpected: 0 });
      });
    },
  );
  await fc.assert(property, { numRuns: runs(20, 120) });
});

/** Runs a changed mapping in place, by which nothing is read. False where it is refused. */
async function migrated(mapping: string, options: Parameters<typeof run>[1]): Promise<boolean> {
  try {
    const { read } = await run(mappingOf(mapping), options);
    expect(read.changes).toBe(0);
    return true;
  } catch (error) {
    if (isFinding(error, 'STATE_LACKS')) return false;
    throw error;
  }
}

const mapping = (table: string, columns: string) => `
metric: things
source: { format: wal2json, path: log }
tables:
  thing: { ${table} }
from: thing
columns: [${columns}]
sink: { sqlite: metrics.db }
`;

const thing = (id: number, details: string | null): LoggedRow => [
  ['id', 'integer', id],
  ['details', 'jsonb', details],
];

/** What comes of a mapping that is run and changed; the log is gone in between, so nothing of it can be read again. */
async function changed(
  before: string,
  after: string,
  records: readonly string[],
): Promise<Awaited<ReturnType<typeof run>> & { rows: unknown }> {
  return inScratch(async (folder) => {
    const [log, output] = [join(folder, 'log.json'), join(folder, 'metrics.db')];
    const options = { inputs: new Map([['', log]]), output };
    writeFileSync(log, asLines(records));
    await run(mappingOf(before), options);
    const result = await run(mappingOf(after), options);
    return { ...result, rows: rowsOf(output, 'things') };
  });
}

const records = [
  insert('thing', thing(1, '{"a":{"b":1.10},"c":"x"}')),
  insert('thing', thing(2, null)),
  update('thing', null, thing(1, '{"a":{"b":2.50}}')),
];

test('a new path of a column that is kept whole comes from the state', async () => {
  const result = await changed(
    mapping('key: id, keep: [details]', 'thing.id'),
    mapping('key: id, keep: [details]', 'thing.id, thing.details.a.b'),
    records,
  );
  expect(result).toMatchObject({
    migrated: true,
    read: { changes: 0 },
    rows: [
      [1n, '2.50'],
      [2n, null],
    ],
  });
});

test.each([
  ['a column', 'key: id', 'thing.details', 'thing.details'],
  ['a path within one that is kept as text', 'key: id, keep: [details.a]', 'thing.details.a.b', 'thing.details.a.b'],
  ['another key', 'key: [id, details]', 'thing.id', 'rows of "thing" by another key'],
])('%s that the state does not hold is named, and nothing is done', async (_, table, column, lack) => {
  const before = mapping(table.includes('keep') ? table : 'key: id', 'thing.id');
  const findings = await findingsOf(() =>
    changed(before, mapping(table, `thing.id, { name: other, expr: ${column} }`), records),
  ).catch(String);
  expect(findings).toContain(`needs what its state does not hold: ${lack}`);
});

test('a metric that can not be derived under the changed mapping leaves state and metric as they were', async () => {
  await inScratch(async (folder) => {
    const [log, output] = [join(folder, 'log.json'), join(folder, 'metrics.db')];
    const options = { inputs: new Map([['', log]]), output };
    writeFileSync(log, asLines(records));
    const before = mappingOf(mapping('key: id', 'thing.id'));
    await run(before, options);
    const failing = mappingOf(mapping('key: id', '{ name: n, expr: 1 / (thing.id - 1) }'));
    expect(await findingsOf(() => run(failing, options))).toContain('DIVISION_BY_ZERO');
    expect(await run(before, options)).toMatchObject({ migrated: false, write: { rows: 2, added: 0 } });
  });
});

test('a path into a kept column of which a row is no JSON is told of, and leaves all as it was', async () => {
  await inScratch(async (folder) => {
    const [log, output] = [join(folder, 'log.json'), join(folder, 'metrics.db')];
    const options = { inputs: new Map([['', log]]), output };
    writeFileSync(
      log,
      asLines([...records, insert('thing', [...thing(3, null).slice(0, 1), ['note', 'text', 'no JSON']])]),
    );
    const of = (columns: string) => mappingOf(mapping('key: id, keep: all', columns));
    await run(of('thing.id'), options);
    const findings = await findingsOf(() => run(of('thing.id, thing.note.a'), options));
    expect(findings).toContain('error COLUMN_NOT_JSON');
    expect(findings).toContain('"thing.note"');
    expect(findings).toContain('--full-refresh');
    expect(await run(of('thing.id'), options)).toMatchObject({ migrated: false, write: { rows: 3, added: 0 } });
  });
});

test('beside rows of others a changed mapping changes its own, and theirs stay', async () => {
  await inScratch(async (folder) => {
    const [log, output] = [join(folder, 'log.json'), join(folder, 'metrics.db')];
    const options = { inputs: new Map([['', log]]), output };
    execute(output, "CREATE TABLE things (id INTEGER PRIMARY KEY, note TEXT); INSERT INTO things VALUES (7, 'theirs')");
    writeFileSync(log, asLines(records));
    const keyed = (columns: string) => mapping('key: id, keep: [details]', columns).replace('.db }', '.db, key: id }');
    await run(mappingOf(keyed('thing.id')), options);
    const after = mappingOf(keyed('thing.id, { name: note, expr: thing.details.a.b }'));
    expect(await run(after, options)).toMatchObject({ migrated: true });
    expect(rowsOf(output, 'things')).toEqual([
      [1n, '2.50'],
      [2n, null],
      [7n, 'theirs'],
    ]);
    expect(await verifySource(after, options)).toMatchObject({ missing: 0, unexpected: 0, others: 1 });
  });
});

test('a dry run says what a migration would write, and leaves the state that of the old mapping', async () => {
  await inScratch(async (folder) => {
    const [log, output] = [join(folder, 'log.json'), join(folder, 'metrics.db')];
    const options = { inputs: new Map([['', log]]), output };
    writeFileSync(log, asLines(records));
    const [before, after] = ['thing.id > 0', 'thing.id > 1'].map((where) =>
      mappingOf(mapping('key: id', 'thing.id').replace('from:', `where: ${where}\nfrom:`)),
    ) as [ReturnType<typeof mappingOf>, ReturnType<typeof mappingOf>];
    await run(before, options);
    expect(await run(after, { ...options, dryRun: true })).toMatchObject({
      migrated: true,
      write: { rows: 1, dry: true },
    });
    expect(await run(before, options)).toMatchObject({ migrated: false, write: { rows: 2 } });
  });
});

test('a migrated state goes on with what comes, and a second change of the mapping migrates it back', async () => {
  await inScratch(async (folder) => {
    const [log, output] = [join(folder, 'log.json'), join(folder, 'metrics.db')];
    const options = { inputs: new Map([['', log]]), output };
    const before = mappingOf(mapping('key: id, keep: [details]', 'thing.id'));
    const after = mappingOf(mapping('key: id, keep: [details]', 'thing.id, thing.details.c'));
    writeFileSync(log, asLines(records));
    await run(before, options);
    await run(after, options);
    writeFileSync(
      log,
      asLines([...records, update('thing', null, thing(1, '{"c":"z"}')), insert('thing', thing(3, '{}'))]),
    );
    expect(await run(after, options)).toMatchObject({
      migrated: false,
      read: { changes: 2 },
      write: { added: 1, changed: 1 },
    });
    expect(rowsOf(output, 'things')).toEqual([
      [1n, 'z'],
      [2n, null],
      [3n, null],
    ]);
    expect(await run(before, options)).toMatchObject({ migrated: true });
    expect(rowsOf(output, 'things')).toEqual([[1n], [2n], [3n]]);
  });
});

test('a run that another one overtakes with a changed mapping begins again, and finds the state to be of that one', async () => {
  await inScratch(async (folder) => {
    const [log, output] = [join(folder, 'log.json'), join(folder, 'metrics.db')];
    const options = { inputs: new Map([['', log]]), output };
    const [before, after] = [
      mappingOf(mapping('key: id', 'thing.id')),
      mappingOf(mapping('key: id', '{ name: n, expr: -thing.id }')),
    ];
    writeFileSync(log, asLines(records));
    await run(before, options);
    const db = openDatabase(output);
    const [plan, tally] = [compile(before), openTally()];
    const open = (opening: Opening) =>
      openState(db, plan, targetPlaceOf(before, options), opening, { run: tally, onFailed: () => {} });
    const intake = new Intake([new Session(db, plan, tally, open('migrate'), () => {})]);
    await run(after, options);
    expect(() => intake.finish()).toThrow(Overtaken);
    expect(() => open('as it is')).toThrow('was made by another version of this mapping');
    db.close();
  });
});
