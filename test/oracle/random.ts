/** Random mappings with logs to run them over: what the engine and the oracle must agree on. */
import type fc from 'fast-check';
import { insert, inserted, transaction } from '../log/log.ts';
import { columnNames } from './evaluate.ts';
import { drawAround, drawGrouped, drawWindows } from './random/aggregate.ts';
import { type Draw, drawn, drawnTwice, pickSeveral } from './random/draw.ts';
import { condition, daringCondition, drawExpression, type Reach, steps } from './random/expression.ts';
import { drawHistory, type History } from './random/history.ts';
import { DISTINCT, pathText } from './random/name.ts';
import { drawRow, drawTables, type Family, type RandomTable, STEPS } from './random/table.ts';
import { recordsOf, type Version } from './random/write.ts';

export interface RandomCase {
  /** A mapping; its source is `wal.json` and its sink `metrics.db`. */
  readonly mapping: string;
  /** The records of wal2json, transaction by transaction. */
  readonly log: RandomLog;
}

export type RandomLog = readonly (readonly string[])[];

/** A log in which rows also change and go, and what it is made of. */
export interface RandomHistory extends RandomCase, History {
  readonly version: Version;
}

interface Alias {
  readonly name: string;
  readonly table: RandomTable;
}

/** Mappings of two to five aliases (one table may stand under several), and logs whose rows often meet. */
export const randomCase: fc.Arbitrary<RandomCase> = drawn((draw) => caseOf(draw));

/** The same, with checks of the metric's rows. */
export const checkedCase = drawn((draw) => withChecks(draw, caseOf(draw)));

/** The same mappings over logs in which rows also change and go, and, in version 2, tables are emptied. Some rows have versions. */
export const randomHistory = drawn((draw) => historyOf(draw, draw.pick(VERSIONS), { versions: true }));

export const checkedHistory = drawn((draw) =>
  withChecks(draw, historyOf(draw, draw.pick(VERSIONS), { versions: true })),
);

/** Histories of which every change counts. */
export const plainHistory = drawn((draw) => historyOf(draw, draw.pick(VERSIONS)));

/** Histories in version 1 only. */
export const historyOfVersion1 = drawn((draw) => historyOf(draw, 1, { versions: true }));

/** Histories that may be told again from anywhere. */
export const repeatableHistory = drawn((draw) =>
  historyOf(draw, draw.pick(VERSIONS), { repeatable: true, versions: true }),
);

/** One history, and two or three mappings over it, each with a metric of its own. Most often they can keep what they read once. */
export const sharedHistory = drawn((draw) => {
  const version = draw.pick(VERSIONS);
  const plain = draw.chance(70);
  const tables = drawTables(draw, plain);
  const mappings = Array.from({ length: draw.count(2, 3) }, (_, n) => {
    const aliases = plain ? drawAliasesOnce(draw, tables) : drawAliases(draw, tables);
    const declarations = plain ? aliases.map((alias) => drawDeclaration(draw, alias, false, false)) : undefined;
    return drawMapping(draw, aliases, { metric: `metric_${n}`, versions: true, ...(declarations && { declarations }) });
  });
  const { transactions } = drawHistory(draw, tables, { truncates: version === 2, repeatable: false }, 24);
  return { mappings, tables, log: transactions.map((changes) => recordsOf(version, changes)) };
});

/**
 * One history, and two mappings over the same tables for one metric: other joins, filters, checks, groups, windows and
 * columns. Most often the first keeps all columns, so that the second can be made of what it kept.
 */
export const changedHistory = drawn((draw) => {
  const version = draw.pick(VERSIONS);
  const { tables, aliases } = drawNames(draw);
  const declared = aliases.map((alias) => drawDeclaration(draw, alias, true));
  const again = draw.chance(25) ? aliases.map((alias) => drawDeclaration(draw, alias, true)) : declared;
  const keeping = declared.map((line, n) => withKeep(draw, line, aliases[n]));
  const drawnTo = [draw.chance(80) ? keeping : declared, draw.chance(40) ? keeping : again].map((lines) => {
    const joined = draw.chance(60) ? aliases : aliases.slice(0, draw.count(2, aliases.length));
    return drawMapping(draw, joined, { declarations: lines.slice(0, joined.length) });
  });
  const mappings = draw.chance(90) ? drawnTo.map((mapping) => withKeyColumns(mapping, aliases[0])) : drawnTo;
  // Where there are versions, an update may come before its row: whether it tells all that is in use decides what it does.
  const whole = [...declared, ...again].some((line) => line.includes(', version: '));
  const { transactions } = drawHistory(draw, tables, { truncates: version === 2, repeatable: false, whole }, 24);
  return { mappings, log: transactions.map((changes) => recordsOf(version, changes)) };
});

/** Columns for the key of the root, by which a row is found again; where there are groups they would be none of them. */
function withKeyColumns(mapping: string, root: Alias | undefined): string {
  if (/^group_by:/m.test(mapping)) return mapping;
  const paths = root?.table.key.map((column) => pathText([root.name, column])) ?? [];
  const lines = paths.map((path, n) => `\n  - { name: key_${n}, expr: ${scalar(path)} }`);
  return mapping.replace(/^columns:$/m, (line) => line + lines.join(''));
}

const KEEP_ALL = ', keep: all';

/** All columns, one by one or whatever comes. */
function withKeep(draw: Draw, declaration: string, alias: Alias | undefined): string {
  if (declaration.includes(KEEP_ALL)) return declaration;
  if (draw.chance(50)) return declaration.replace(/ }$/, `${KEEP_ALL} }`);
  const columns = alias?.table.columns.map(({ name }) => scalar(pathText([name]))) ?? [];
  return declaration.replace(/ }$/, () => `, keep: [${columns.join(', ')}] }`);
}

/** One history, with odd names and with plain ones. */
export const renamedHistory = drawnTwice((draw) => historyOf(draw, draw.pick(VERSIONS), { versions: true }));

const VERSIONS: readonly Version[] = [1, 2];

function caseOf(draw: Draw): RandomCase {
  const { tables, aliases } = drawNames(draw);
  return { mapping: drawMapping(draw, aliases), log: drawRecords(draw, tables, 28 - 4 * aliases.length) };
}

/** Over any column, whatever its type; some of them can't be computed of some rows. */
function withChecks<T extends RandomCase>(draw: Draw, drawn: T): T {
  const checks = Array.from({ length: draw.count(1, 2) }, () => {
    const column = pathText([draw.pick(columnNames(drawn.mapping))]);
    const check = draw.pick([
      `${column} is not null`,
      `cast(${column} as text) > 'B'`,
      `length(cast(${column} as text)) > 1`,
      `cast(lower(cast(${column} as text)) as numeric) < 100`,
      `not (cast(${column} as text) like '%1%')`,
    ]);
    return `{ expr: ${scalar(check)}, on_fail: ${draw.pick(['reject', 'reject', 'warn'])} }`;
  });
  return { ...drawn, mapping: `${drawn.mapping}checks: [${checks.join(', ')}]\n` };
}

interface Sort {
  readonly repeatable?: boolean;
  /** Whether some tables have a version. The database knows of none: its rows' versions go up and down. */
  readonly versions?: boolean;
}

function historyOf(draw: Draw, version: Version, { repeatable = false, versions = false }: Sort = {}): RandomHistory {
  const { tables, aliases } = drawNames(draw, repeatable);
  const mapping = drawMapping(draw, aliases, { versions });
  const manner = { truncates: version === 2, repeatable };
  const history = drawHistory(draw, tables, manner, 40 - 4 * aliases.length);
  return { mapping, version, ...history, log: history.transactions.map((changes) => recordsOf(version, changes)) };
}

interface Names {
  readonly tables: readonly RandomTable[];
  readonly aliases: readonly Alias[];
}

function drawNames(draw: Draw, keyed = false): Names {
  const tables = drawTables(draw, keyed);
  return { tables, aliases: drawAliases(draw, tables) };
}

function drawAliases(draw: Draw, tables: readonly RandomTable[]): readonly Alias[] {
  const names = pickSeveral(draw, draw.names, draw.count(2, 5));
  return names.map((name): Alias => ({ name, table: draw.pick(tables) }));
}

/** Each table under one alias at most. */
function drawAliasesOnce(draw: Draw, tables: readonly RandomTable[]): readonly Alias[] {
  const places = pickSeveral(draw, [...tables.keys()], draw.count(Math.min(2, tables.length), tables.length));
  const names = pickSeveral(draw, draw.names, places.length);
  return places.map((place, n): Alias => ({ name: names[n] ?? '', table: tables[place] as RandomTable }));
}

interface Words {
  readonly metric?: string;
  readonly versions?: boolean;
  /** What stands under `tables`, where that is drawn already. */
  readonly declarations?: readonly string[];
}

function drawMapping(
  draw: Draw,
  aliases: readonly Alias[],
  { metric = 'random_metric', versions = false, declarations }: Words = {},
): string {
  const reach = aliases.flatMap(reachOf);
  return [
    `metric: ${metric}`,
    'source:',
    '  format: wal2json',
    '  path: wal.json',
    'tables:',
    ...(declarations ?? aliases.map((alias) => drawDeclaration(draw, alias, versions))),
    `from: ${scalar(aliases[0]?.name ?? '')}`,
    ...(aliases.length > 1 ? ['join:'] : []),
    ...aliases.slice(1).map((alias, index) => drawJoin(draw, alias, aliases.slice(0, index + 1))),
    ...(draw.chance(30) ? [`where: ${scalar(condition(draw, reach, 2))}`] : []),
    ...drawOutput(draw, reach),
    'sink:',
    '  sqlite: metrics.db',
    '',
  ].join('\n');
}

function reachOf({ name, table }: Alias): Reach[] {
  return table.columns.map((column) => ({ path: pathText([name, column.name]), column }));
}

function drawDeclaration(draw: Draw, alias: Alias, versions: boolean, keeps = true): string {
  const { name, table } = alias;
  const bare = table.columns.map((column) => ({ path: pathText([column.name]), column }));
  // Steps behind a bare name could be taken for a column of the alias that has this name.
  const own = draw.chance(30) ? bare.filter(({ column }) => column.kind.family !== 'json') : reachOf(alias);
  const where = draw.chance(15) ? `, where: ${scalar(condition(draw, own, 2))}` : '';
  const key = table.key.map(scalar).join(', ');
  const checks = draw.chance(20) ? `, checks: [${drawChecks(draw, own)}]` : '';
  const version = versions && draw.chance(30) ? drawVersion(draw, alias) : '';
  const keep = keeps && draw.chance(15) ? KEEP_ALL : '';
  return `  ${scalar(name)}: { table: ${scalar(table.name)}, key: [${key}]${version}${where}${checks}${keep} }`;
}

/** Over one column that is not of the key, and NULL where that is: whether a delete tells its version is then plain. */
function drawVersion(draw: Draw, alias: Alias): string {
  const { key } = alias.table;
  const fit = reachOf(alias).filter(({ column: { name, kind } }) => !key.includes(name) && kind.family !== 'json');
  if (key.length === 0 || fit.length === 0) return '';
  const { path, column } = draw.pick(fit);
  const others = { number: `-(${path})`, text: `lower(${path})`, time: `month(${path})` } as const;
  const expression = draw.chance(70)
    ? path
    : (Object.entries(others).find(([family]) => family === column.kind.family)?.[1] ?? path);
  return `, version: ${scalar(expression)}`;
}

/** Those that stop a run are left out: what then is there depends on where the log was cut. */
function drawChecks(draw: Draw, own: readonly Reach[]): string {
  const checks = Array.from({ length: draw.count(1, 2) }, () => {
    const check = draw.chance(20) ? daringCondition(draw, own) : condition(draw, own, 2);
    return `{ expr: ${scalar(check)}, on_fail: ${draw.pick(['reject', 'reject', 'warn'])} }`;
  });
  return checks.join(', ');
}

/** Equalities to one or two aliases before it. Now and then one between a number and a text, which nothing meets. */
function drawJoin(draw: Draw, alias: Alias, before: readonly Alias[]): string {
  const equalities = Array.from({ length: draw.pick([1, 1, 1, 2]) }, () =>
    drawEqualities(draw, draw.pick(before), alias),
  );
  const line = equalities.flat().join(' and ');
  return draw.chance(50) ? `  - { left: ${scalar(line)} }` : `  - ${scalar(line)}`;
}

function drawEqualities(draw: Draw, earlier: Alias, alias: Alias): string {
  const family = draw.pick<Family>(['number', 'number', 'text', 'text', 'uuid', 'time', 'boolean']);
  const left = draw.pick(ofFamily(earlier, family));
  const right = draw.pick(ofFamily(alias, draw.chance(3) ? 'text' : left.family));
  const sides = [left.path, right.path];
  return (draw.chance(30) ? sides.reverse() : sides).join(' = ');
}

/** Columns to join by; numbers where a table has none of the family. */
function ofFamily(alias: Alias, family: Family): { path: string; family: Family }[] {
  const reach = reachOf(alias);
  const own = reach.filter(({ column }) => column.kind.family === family).map(({ path }) => ({ path, family }));
  const inside = reach
    .filter(({ column }) => column.kind.family === 'json')
    .map(({ path }) => ({ path: `${path}.s`, family }));
  const fit = family === 'text' ? [...own, ...inside] : own;
  return fit.length > 0 ? fit : ofFamily(alias, 'number');
}

/** How many of a hundred mappings are aggregates, and how many have windows. */
const SHARE = { aggregates: 40, windows: 20 };

function drawOutput(draw: Draw, reach: readonly Reach[]): string[] {
  const grouped = draw.chance(SHARE.aggregates) ? drawGrouped(draw, reach) : null;
  const windows = draw.chance(SHARE.windows) ? drawWindows(draw, grouped?.reach ?? reach, grouped?.keys ?? reach) : [];
  if (!grouped && windows.length === 0) return ['columns:', ...drawColumns(draw, reach)];
  const groups = grouped ? [`group_by: [${grouped.groups.map(scalar).join(', ')}]`] : [];
  return [...groups, 'columns:', ...drawComputed(draw, grouped?.reach ?? reach, windows)];
}

/** Columns of groups and aggregates, or of rows; of windows too, where there are any. */
function drawComputed(draw: Draw, reach: readonly Reach[], windows: readonly Reach[]): string[] {
  const places = pickSeveral(draw, DISTINCT, draw.count(1, 6));
  return places.map((place, n) => {
    const isWindow = windows.length > 0 && (n === 0 || draw.chance(40));
    return `  - { name: ${scalar(draw.names[place] ?? '')}, expr: ${scalar(drawAround(draw, isWindow ? windows : reach))} }`;
  });
}

function drawColumns(draw: Draw, reach: readonly Reach[]): string[] {
  const places = pickSeveral(draw, DISTINCT, draw.count(1, 5));
  return places.map((place) => {
    const name = draw.names[place] ?? '';
    const { path, column } = draw.pick(reach);
    if (column.name === name && draw.chance(90)) return `  - ${scalar(path)}`;
    if (column.kind.family === 'json' && draw.chance(80)) return nestedColumn(draw, name, path);
    return `  - { name: ${scalar(name)}, expr: ${scalar(draw.chance(40) ? path : drawExpression(draw, reach, 2))} }`;
  });
}

function nestedColumn(draw: Draw, name: string, path: string): string {
  const { steps: into, type } = draw.pick(STEPS);
  const typed = type && draw.chance(85) ? `, type: ${type}` : '';
  return `  - { name: ${scalar(name)}, expr: ${scalar(path + steps(into))}${typed} }`;
}

/** At most so many: fewer for more aliases, for every join may multiply rows. */
function drawRecords(draw: Draw, tables: readonly RandomTable[], most: number): RandomLog {
  const records = Array.from({ length: draw.count(0, most) }, () => drawRecord(draw, tables));
  if (draw.chance(30)) records.push(transaction([]), insert('no table of the mapping', [['id', 'integer', 1]]));
  return records.map((record) => [record]);
}

function drawRecord(draw: Draw, tables: readonly RandomTable[]): string {
  const rows = Array.from({ length: draw.pick([1, 1, 2]) }, () => draw.pick(tables));
  return transaction(rows.map((table) => inserted(table.name, drawRow(draw, table))));
}

/** JSON's strings are YAML's too. */
function scalar(text: string): string {
  return JSON.stringify(text);
}
