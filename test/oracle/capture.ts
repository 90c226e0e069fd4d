/** Captures of a real wal2json with PostgreSQL's own answers, where this clone has them beside it. */
import { existsSync, readFileSync } from 'node:fs';
import { canonical, numberOfText } from './datum.ts';
import type { OracleRow } from './evaluate.ts';
import { type Json, parseAll, parseOne } from './json.ts';

const FOLDER = '../shared/examples/wal2json';

/** A log up to a checkpoint, and what a view then held. */
export interface Capture {
  /** The file, the checkpoint and the view. */
  readonly name: string;
  readonly mapping: string;
  readonly log: string;
  readonly truth: readonly OracleRow[];
}

export const capturesAreHere = existsSync(FOLDER);

/** All captures of a case, of the views that join and of those that aggregate the rows of another one. */
export function capturesOf(name: string): Capture[] {
  const folder = `${FOLDER}/${name}`;
  const description = JSON.parse(readFileSync(`${folder}/case.json`, 'utf8')) as Description;
  const views = Object.entries(description.views);
  return description.checkpoints.flatMap(({ label, lines, truth }) =>
    Object.entries(lines).flatMap(([file, count]) =>
      views.map(([view, { columns }]): Capture => {
        const rows = parseAll(readFileSync(`${folder}/${truth[view]?.file}`, 'utf8'));
        return {
          name: `${file} at ${label}, ${view}`,
          mapping: mappingText(view, description),
          log: firstLines(readFileSync(`${folder}/${file}`, 'utf8'), count),
          truth: rows.map((row) => columns.map((column) => expected(row, column))),
        };
      }),
    ),
  );
}

interface Description {
  readonly tables: readonly { readonly table: string; readonly primary_key: readonly string[] }[];
  readonly views: Readonly<Record<string, View>>;
  readonly checkpoints: readonly {
    readonly label: string;
    readonly lines: Readonly<Record<string, number>>;
    readonly truth: Readonly<Record<string, { readonly file: string }>>;
  }[];
}

interface Column {
  readonly name: string;
  readonly type: string;
}

interface Relation {
  readonly alias: string;
  readonly table: string;
}

interface View {
  readonly columns: readonly Column[];
  readonly mapping: Join | Aggregate;
  readonly sql: string;
}

/** The view whose rows are grouped, and by which of its columns. */
interface Aggregate {
  readonly over: string;
  readonly group_by: readonly string[];
}

interface Join {
  readonly base: Relation;
  readonly joins: readonly (Relation & {
    readonly type: 'inner' | 'left';
    readonly on: readonly { readonly left: readonly string[]; readonly right: readonly string[] }[];
  })[];
  readonly fields: readonly {
    readonly alias: string;
    readonly column: string;
    readonly json_path: readonly string[] | null;
    readonly as: string;
  }[];
}

function mappingText(view: string, { views, tables }: Description): string {
  const { mapping, sql } = viewOf(views, view);
  const { mapping: join } = 'over' in mapping ? viewOf(views, mapping.over) : { mapping };
  if ('over' in join) throw new RangeError('an aggregate over an aggregate');
  const grouped = 'over' in mapping ? { group_by: mapping.group_by.map((name) => pathOf(join, name)) } : {};
  const columns = 'over' in mapping ? aggregateColumns(join, sql) : join.fields.map(({ as }) => [as, pathOf(join, as)]);
  return [
    `metric: ${view}_view`,
    'source:',
    '  format: wal2json',
    '  path: wal.json',
    ...joinLines(join, tables),
    ...Object.entries(grouped).map(([key, paths]) => `${key}: [${paths.join(', ')}]`),
    'columns:',
    ...columns.map(([name, expr]) => `  - { name: ${name}, expr: ${expr} }`),
    'sink:',
    '  sqlite: metrics.db',
    '',
  ].join('\n');
}

function viewOf(views: Description['views'], name: string): View {
  const view = views[name];
  if (!view) throw new RangeError(`there is no view "${name}"`);
  return view;
}

function joinLines({ base, joins }: Join, tables: Description['tables']): string[] {
  const keyOf = (table: string): string => (tables.find((each) => each.table === table)?.primary_key ?? []).join(', ');
  const lines = joins.map(({ type, on }) => {
    const text = on.map(({ left, right }) => `${left.join('.')} = ${right.join('.')}`).join(' and ');
    return type === 'left' ? `  - left: ${text}` : `  - ${text}`;
  });
  const declared = [base, ...joins].map(
    ({ alias, table }) => `  ${alias}: { table: ${table}, key: [${keyOf(table)}] }`,
  );
  return ['tables:', ...declared, `from: ${base.alias}`, 'join:', ...lines];
}

function pathOf({ fields }: Join, name: string): string {
  const field = fields.find(({ as }) => as === name);
  if (!field) throw new RangeError(`no column "${name}" in the view`);
  return [field.alias, field.column, ...(field.json_path ?? [])].join('.');
}

/** What PostgreSQL was asked for, with paths where its subquery has columns. */
function aggregateColumns(join: Join, sql: string): string[][] {
  const list = /^SELECT (.*?) FROM \(/.exec(sql)?.[1] ?? '';
  const names = new Set(join.fields.map(({ as }) => as));
  return list.split(', ').map((item) => {
    const [expression = '', name = expression] = item.split(' AS ');
    return [name, expression.replace(/\w+/g, (word) => (names.has(word) ? pathOf(join, word) : word))];
  });
}

/** The first lines of a file, or as many elements where it is an array on one line. */
function firstLines(text: string, count: number): string {
  const array = text.startsWith('[') ? parseOne(text) : null;
  if (array?.kind === 'array') return `[${array.items.slice(0, count).map((item) => item.raw)}]\n`;
  return text.split('\n').slice(0, count).join('\n');
}

/** The last are averages. */
const NUMBERS = ['integer', 'bigint', 'approx'];

/** PostgreSQL's text of a value, told apart as `canonical` does; a character(3) was cut of its blanks. */
function expected(row: Json, { name, type }: Column): string | null {
  const value = row.kind === 'object' ? row.members.get(name) : undefined;
  if (value?.kind !== 'string') return null;
  if (NUMBERS.includes(type)) return canonical(numberOfText(value.value));
  return `'${type === 'character' ? value.value.padEnd(3) : value.value}`;
}
