/** What a changed mapping would change, against the difference of two full runs, worked out by itself. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Diff, diffMappings } from '../../engine/diff/diff.ts';
import { run } from '../../engine/pipeline/run.ts';
import { quote } from '../../engine/sql/dialect.ts';
import { asLines } from '../log/log.ts';
import { changedHistory } from '../oracle/random.ts';
import { runs } from '../support/counts.ts';
import { columnsOf, mappingOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';
import { tell } from '../support/tally.ts';

test('a diff is the difference of two full runs, on a log and on the state, and says right whether that suffices', async () => {
  const property = fc.asyncProperty(changedHistory, async ({ mappings, log }) => {
    const [before, after] = mappings.map((each) => mappingOf(each)) as [
      ReturnType<typeof mappingOf>,
      ReturnType<typeof mappingOf>,
    ];
    await inScratch(async (folder) => {
      const [input, was, is] = ['log.json', 'was.db', 'is.db'].map((name) => join(folder, name)) as [
        string,
        string,
        string,
      ];
      writeFileSync(input, asLines(log.flat()));
      const inputs = new Map([['', input]]);
      await run(before, { inputs, output: was });
      await run(after, { inputs, output: is });
      const found = await diffMappings(before, after, { inputs, output: was });
      expect(said(found)).toEqual(differenceOf(was, is, found.rows?.identity ?? null));
      tell(`diffs of rows that are ${found.rows?.identity ? 'found again' : 'not found again'}`);
      const kept = await diffMappings(before, after, { output: was });
      expect(kept.lacks).toEqual(found.lacks);
      if (kept.rows) expect({ ...kept, of: 'log' }).toEqual(found);
      const migrated = await run(after, { inputs, output: was }).then(
        () => true,
        () => false,
      );
      expect(migrated).toBe(found.inPlace);
    });
  });
  await fc.assert(property, { numRuns: runs(10, 80) });
});

type Counts = ReturnType<typeof said>;

/** What a diff says in numbers. */
function said({ appear, vanish, rows }: Diff) {
  const { before, after, changed, cells = [], filled = [] } = rows ?? {};
  return {
    columns: [...appear.map((name) => `+${name}`), ...vanish.map((name) => `-${name}`)],
    filled: Object.fromEntries(filled.map((each) => [each.column, each.filled])),
    rows: [before, after, rows?.appear.count, changed, rows?.vanish.count],
    cells: Object.fromEntries(cells.map(({ column, count }) => [column, count])),
  };
}

/** The same of two tables: rows that agree in `identity` are one, in their order; without it none is another's. */
function differenceOf(was: string, is: string, identity: readonly string[] | null): Counts {
  const [old, fresh] = [columnsOf(was, 'random_metric'), columnsOf(is, 'random_metric')];
  const shared = fresh.filter((name) => old.includes(name));
  const columns = [...(identity ?? []), ...shared.filter((name) => !identity?.includes(name))];
  const [left, right] = [groupsIn(was, columns, identity), groupsIn(is, columns, identity)];
  const cells = new Map<string, number>();
  let [appear, vanish, changed] = [0, 0, 0];
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const [gone, come] = without(left.get(key) ?? [], right.get(key) ?? []);
    const pairs = identity ? Math.min(gone.length, come.length) : 0;
    [appear, vanish, changed] = [appear + come.length - pairs, vanish + gone.length - pairs, changed + pairs];
    for (let n = 0; n < pairs; n++)
      for (const [at, column] of columns.entries())
        if (gone[n]?.[at] !== come[n]?.[at]) cells.set(column, (cells.get(column) ?? 0) + 1);
  }
  const [plus, minus] = [fresh.filter((name) => !old.includes(name)), old.filter((name) => !fresh.includes(name))];
  const filled = [
    ...plus.map((name) => [name, filledIn(is, name)]),
    ...minus.map((name) => [name, filledIn(was, name)]),
  ];
  return {
    columns: [...plus.map((name) => `+${name}`), ...minus.map((name) => `-${name}`)],
    filled: Object.fromEntries(filled),
    rows: [sum(left), sum(right), appear, changed, vanish],
    cells: Object.fromEntries(cells),
  };
}

type Cells = readonly string[];

/** Rows, each cell as a text, by what identifies them. */
function groupsIn(file: string, columns: readonly string[], identity: readonly string[] | null): Map<string, Cells[]> {
  const order = columns.map((_, n) => `${n + 1} COLLATE BINARY`).join(', ');
  const select =
    columns.length > 0
      ? `${columns.map(quote).join(', ')} FROM random_metric ORDER BY ${order}`
      : '0 FROM random_metric';
  const groups = new Map<string, Cells[]>();
  for (const row of query(file, `SELECT ${select}`)) {
    const cells = columns.map((_, n) => `${typeof row[n]} ${String(row[n])}`);
    // As SQLite compares keys, 1 and 1.0 are one.
    const key = (identity ?? columns).map((_, n) => String(row[n])).join('\0');
    groups.set(key, [...(groups.get(key) ?? []), cells]);
  }
  return groups;
}

function filledIn(file: string, column: string): number {
  return Number(query(file, `SELECT count(${quote(column)}) FROM random_metric`)[0]?.[0]);
}

function query(file: string, sql: string): readonly (readonly unknown[])[] {
  const db = new Sqlite(file, { readonly: true });
  const rows = db.defaultSafeIntegers(true).prepare(sql).raw().all() as unknown[][];
  db.close();
  return rows;
}

/** Both lists without what they have in common. */
function without(left: readonly Cells[], right: readonly Cells[]): [Cells[], Cells[]] {
  const [gone, come] = [[...left], [] as Cells[]];
  for (const row of right) {
    const at = gone.findIndex((each) => each.join('\0') === row.join('\0'));
    if (at < 0) come.push(row);
    else gone.splice(at, 1);
  }
  return [gone, come];
}

function sum(groups: ReadonlyMap<string, readonly unknown[]>): number {
  return [...groups.values()].reduce((total, rows) => total + rows.length, 0);
}
