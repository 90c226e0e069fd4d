/** The numbers of a report, read from the page as a browser has it, against `etl status` and SQL over the target. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Value } from '../../engine/change.ts';
import { report } from '../../engine/commands/report.ts';
import { tellStatus } from '../../engine/commands/status.ts';
import { count } from '../../engine/diagnostic/quantity.ts';
import { loadMapping } from '../../engine/mapping/load.ts';
import { run } from '../../engine/pipeline/run.ts';
import type { Status } from '../../engine/pipeline/status.ts';
import { quote } from '../../engine/sql/dialect.ts';
import { readDatabase } from '../../engine/store/database/database.ts';
import { columnsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';
import { tell } from '../support/tally.ts';
import { browserOfFile, needsBrowser } from './browser.ts';
import { type ColumnOnPage, columnsOn, glanceOn, numberIn, tableRows } from './page-numbers.ts';

const open = browserOfFile();

const REAL_LOG = '../shared/data/wal.json';
const cases = [
  { mapping: 'mappings/dashboard_metric.yaml', input: 'data/wal.json' },
  { mapping: 'mappings/dashboard_metric.yaml', input: REAL_LOG },
  { mapping: 'mappings/event_journal.yaml', input: 'data/wal.json' },
  { mapping: 'mappings/daily_volume.yaml', input: 'data/wal.json' },
  { mapping: 'mappings/decline_report.yaml', input: 'data/wal.json' },
];

for (const { mapping, input } of cases) {
  test(`the numbers of ${mapping} over ${input} are those of status and of the target`, async (context) => {
    needsBrowser(context);
    if (!existsSync(input)) context.skip(`${input} is not there`);
    await inScratch(async (folder) => {
      const flags = { input: [input], output: join(folder, 'metrics.db') };
      await runMapping(mapping, input, flags.output);
      const file = join(folder, 'report.html');
      expect(await report(mapping, { ...flags, to: file })).toMatchObject({ exit: 0, diagnostics: [] });
      const status = await statusSaid(mapping, flags);
      const { page, faults } = await open(file);
      const joins = await tableRows(page.getByRole('table', { name: /^Joins/ }));
      expect(joins.map((cells) => cells.slice(1).map(numberIn))).toEqual(joinsOf(status));
      expect(await glanceOn(page)).toEqual(glanceOf(status));
      const columns = columnsIn(flags.output, status.target.table);
      expect((await columnsOn(page)).map(asSqlite)).toEqual(columns);
      expect(faults).toEqual([]);
      tell('columns of reports, against SQL', columns.length);
    });
  });
}

async function runMapping(mapping: string, input: string, output: string): Promise<void> {
  const loaded = await loadMapping(mapping);
  if (!('mapping' in loaded)) throw new Error('the mapping has findings');
  await run(loaded.mapping, { inputs: new Map([['', input]]), output });
}

/** As `etl status --json` has it. */
async function statusSaid(mapping: string, flags: { input: readonly string[]; output: string }): Promise<Status> {
  const { result } = await tellStatus([mapping], flags);
  return (result as { readonly metrics: readonly [Status] }).metrics[0];
}

function joinsOf({ joins }: Status): readonly (readonly number[])[] {
  return joins.map(({ rows, matched, waiting, nullKey, fanout }) => [rows, matched, waiting, nullKey, fanout]);
}

function glanceOf({ rows, joins, rejected }: Status): object {
  const sum = (of: 'waiting' | 'nullKey') => joins.reduce((all, join) => all + join[of], 0);
  const waits = { 'wait for a partner': sum('waiting'), 'have a NULL key': sum('nullKey') };
  const leftOut = rejected.transactions + rejected.rows;
  return { 'rows in the metric': rows, ...(joins.length > 0 && waits), 'left out': leftOut };
}

/** What SQLite says of the columns of a target. */
function columnsIn(database: string, table: string): readonly ColumnOnPage[] {
  const db = readDatabase(database);
  const all = <T>(sql: string) =>
    db
      .prepare(sql.replaceAll('TARGET', quote(table)))
      .raw()
      .all() as readonly T[];
  const columns = columnsOf(database, table).map((name): ColumnOnPage => {
    const column = quote(name);
    const [counts] = all<readonly bigint[]>(`SELECT count(*), count(${column}), count(DISTINCT ${column}) FROM TARGET`);
    const [rows = 0, filled = 0, distinct = 0] = counts?.map(Number) ?? [];
    const frequent = all<readonly [Value, bigint]>(
      `SELECT ${column}, count(*) FROM TARGET WHERE ${column} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 6`,
    );
    const shown = distinct === filled ? frequent.slice(0, 3) : frequent;
    return {
      name,
      filled: `${count(filled)} of ${count(rows)}`,
      distinct,
      spread: distinct > 16 ? spreadOf(all<readonly [Value]>(`SELECT ${column} FROM TARGET`).flat()) : [],
      frequent: shown.map(([value, times]) => [cut(String(value)), Number(times)]),
    };
  });
  db.close();
  return columns;
}

/** A page says booleans in words, and no value in more than 80 letters. */
function asSqlite(column: ColumnOnPage): ColumnOnPage {
  const words: Readonly<Record<string, string>> = { true: '1', false: '0' };
  return { ...column, frequent: column.frequent.map(([value, rows]) => [words[value] ?? value, rows]) };
}

function cut(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}\u2026` : text;
}

/** Amounts and times in sixteen equal parts, counted one by one; empty where they are neither. */
function spreadOf(values: readonly Value[]): readonly number[] {
  const known = values.filter((value) => value !== null);
  const amounts = known.map((value) => {
    if (typeof value !== 'string') return Number(value);
    return Date.parse(`${value.slice(0, 19).replace(' ', 'T')}Z`) / 1000 + Number(`0${value.slice(19)}`);
  });
  if (amounts.some(Number.isNaN)) return [];
  const [least, greatest] = [Math.min(...amounts), Math.max(...amounts)];
  const parts = amounts.map((amount) => Math.min(15, Math.floor(((amount - least) * 16) / (greatest - least))));
  return Array.from({ length: 16 }, (_, part) => parts.filter((each) => each === part).length);
}
