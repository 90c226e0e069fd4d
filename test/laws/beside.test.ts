/** A metric that is written to a table which holds rows of others. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { run } from '../../engine/pipeline/run.ts';
import { verifyState } from '../../engine/verify/verify.ts';
import { asLines, insert, remove, update } from '../log/log.ts';
import { columnsOf, execute, mappingOf, rowsOf } from '../support/engine.ts';
import { law } from './law.ts';

/** What is asked of the log; `x` is a number. A key may come and go with the rows that it is made of. */
const metrics = [
  '- a.id\n  - a.x\n  - { name: y, expr: b.y }\nwhere: a.x < 7',
  '- a.id\n  - { name: x, expr: sum(a.x) over (partition by a.ref) }\n  - { name: y, expr: b.y }',
  '- { name: id, expr: a.x }\n  - { name: x, expr: count(*) }\n  - { name: y, expr: max(b.y) }\ngroup_by: [a.x]',
];

const mappingFor = (columns: string): string => `
metric: things
source: { format: wal2json, path: log.json }
tables:
  a: { key: id }
  b: { key: id }
from: a
join:
  - left: a.ref = b.id
columns:
  ${columns}
sink: { sqlite: metrics.db, key: id }
`;

/** Tables as somebody may have made them: `note` is what the metric does not write. */
const tables = [
  'CREATE TABLE things (id INTEGER, x INTEGER, y TEXT, note TEXT)',
  'CREATE TABLE things (id INTEGER PRIMARY KEY, x INT, y TEXT, note TEXT)',
  'CREATE TABLE Things (note, Y varchar(10), X FLOAT, ID BIGINT UNIQUE)',
  'CREATE TABLE things (x NUMERIC, y, id INT, note TEXT); CREATE INDEX by_id ON things (id, x)',
  'CREATE TABLE things (id INTEGER, x INTEGER, y TEXT, note TEXT, PRIMARY KEY (id)) WITHOUT ROWID',
  'CREATE TABLE things (id INT NOT NULL, x ANY, y TEXT, note TEXT, UNIQUE (id)) STRICT',
  `CREATE TABLE things (id INTEGER PRIMARY KEY, x INT, y TEXT, note TEXT, at INT DEFAULT 0);
   CREATE TRIGGER at AFTER UPDATE ON things BEGIN UPDATE things SET at = at + 1 WHERE id = NEW.id; END`,
];

const id = fc.integer({ min: 1, max: 8 });
const y = fc.constantFrom('p', 'q', 'Q');
const logged = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(id, id, id).map(([key, x, ref]) => insert('a', rowOfA(key, x, ref))) },
  { weight: 2, arbitrary: fc.tuple(id, y).map(([key, text]) => insert('b', [idOf(key), ['y', 'text', text]])) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('a', 'b'), id).map(([table, key]) => remove(table, [idOf(key)])) },
  {
    weight: 1,
    arbitrary: fc.tuple(id, id, id, id).map(([key, to, x, ref]) => update('a', [idOf(key)], rowOfA(to, x, ref))),
  },
);

function idOf(value: number) {
  return ['id', 'integer', value] as const;
}

function rowOfA(key: number, x: number, ref: number) {
  return [idOf(key), ['x', 'integer', x], ['ref', 'integer', ref]] as const;
}

/** What the owner of the table does between two runs. */
type Deed =
  | { readonly does: 'insert'; readonly id: number; readonly x: number; readonly y: string }
  | { readonly does: 'delete' | 'note'; readonly id: number }
  | { readonly does: 'vacuum' };

const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ does: fc.constant('insert' as const), id, x: id, y }),
  fc.record({ does: fc.constantFrom('delete', 'note'), id }),
  fc.constant({ does: 'vacuum' as const }),
);

const history = fc.record({
  table: fc.constantFrom(...tables),
  columns: fc.constantFrom(...metrics),
  rounds: fc.array(
    fc.record({
      deeds: fc.array(deed, { maxLength: 4 }),
      records: fc.array(logged, { maxLength: 6 }),
      batchSize: fc.integer({ min: 1, max: 5 }),
      fullRefresh: fc.nat(3).map((dice) => dice === 0),
    }),
    { minLength: 1, maxLength: 6 },
  ),
});

/** A row of the metric. */
interface Metric {
  readonly id: number;
  readonly x: number;
  readonly y: string | null;
}

/** A row of the table. */
interface Thing extends Metric {
  readonly note: string | null;
}

law(
  'law 1: beside rows of others stands what the metric is but for their keys, and these rows stay as they are',
  history,
  { small: 15, full: 100 },
  async ({ table, columns, rounds }, folder) => {
    const at = (name: string) => join(folder, name);
    const [log, output, alone] = [at('log.json'), at('metrics.db'), at('alone.db')];
    const [mapping, inputs] = [mappingOf(mappingFor(columns)), new Map([['', log]])];
    execute(output, table);
    let [records, deeds]: [readonly string[], number] = [[], 0];
    for (const { batchSize, fullRefresh, ...round } of rounds) {
      for (const each of round.deeds) doDeed(output, each, deeds++);
      records = [...records, ...round.records];
      writeFileSync(log, asLines(records));
      const others = thingsIn(output).filter(isAnothers);
      await run(mapping, { inputs, output: alone });
      const { write, warnings } = await run(mapping, { inputs, output, batchSize, fullRefresh });
      expect(thingsIn(output).filter(isAnothers)).toEqual(others);
      const ours = thingsIn(output).filter((thing) => !isAnothers(thing));
      const [metric, isOurs] = [metricIn(alone), new Set(ours.map(({ id }) => id))];
      expect(ours.map(({ id, x, y }) => ({ id, x, y }))).toEqual(metric.filter(({ id }) => isOurs.has(id)));
      const held = metric.filter(({ id }) => !isOurs.has(id));
      expect(held.filter(({ id }) => !others.some((other) => other.id === id))).toEqual([]);
      const differing = held.filter((each) => !others.some((other) => isLike(each, other))).length;
      expect(write).toMatchObject({ rows: ours.length, held: held.length, differing });
      expect(warnings.filter(({ code }) => code === 'TARGET_ROW_DIFFERS')).toHaveLength(differing > 0 ? 1 : 0);
      const verified = verifyState(mapping, { output });
      expect(verified).toMatchObject({ missing: 0, unexpected: 0, rows: ours.length, others: others.length });
    }
  },
);

/** A row of the owner's own is known by its note. */
function isAnothers({ note }: Thing): boolean {
  return note?.startsWith('own') ?? false;
}

function isLike(a: Metric, b: Metric): boolean {
  return a.id === b.id && a.x === b.x && a.y === b.y;
}

/** Keys that are taken already are not taken twice, where the table minds. */
function doDeed(database: string, each: Deed, count: number): void {
  const isTwice = each.does === 'insert' && thingsIn(database).some((thing) => thing.id === each.id);
  try {
    // Of two rows of one key that are alike nobody could tell which one is ours.
    execute(database, sqlOf(isTwice ? { ...each, y: 'own' } : each, count));
  } catch (error) {
    if (!String(error).includes('UNIQUE')) throw error;
  }
}

function sqlOf(each: Deed, count: number): string {
  switch (each.does) {
    case 'insert':
      return `INSERT INTO things (id, x, y, note) VALUES (${each.id}, ${each.x}, '${each.y}', 'own ${count}')`;
    case 'delete':
      return `DELETE FROM things WHERE id = ${each.id} AND note LIKE 'own%'`;
    case 'note':
      return `UPDATE things SET note = 'seen ${count}' WHERE id = ${each.id} AND coalesce(note, '') NOT LIKE 'own%'`;
    case 'vacuum':
      return 'VACUUM';
  }
}

function metricIn(database: string): readonly Metric[] {
  return thingsIn(database).map(({ id, x, y }) => ({ id, x, y }));
}

function thingsIn(database: string): readonly Thing[] {
  const names = columnsOf(database, 'things').map((name) => name.toLowerCase());
  const things = rowsOf(database, 'things').map((row) => {
    const cells = new Map(row.map((value, n) => [names[n], value]));
    const text = (name: string) => (cells.get(name) ?? null) as string | null;
    return { id: Number(cells.get('id')), x: Number(cells.get('x')), y: text('y'), note: text('note') };
  });
  return things.sort((a, b) => a.id - b.id || (String(a.note) < String(b.note) ? -1 : 1));
}
