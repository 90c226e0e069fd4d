/** Captures of a real wal2json with PostgreSQL's own answers, where this clone has them beside it. */
import { existsSync, readFileSync } from 'node:fs';
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

/** All captures of a case whose view is a join without aggregates. */
export function capturesOf(name: string): Capture[] {
  const folder = `${FOLDER}/${name}`;
  const description = JSON.parse(readFileSync(`${folder}/case.json`, 'utf8')) as Description;
  const views = Object.entries(description.views).filter(([, view]) => view.mapping.base !== undefined);
  return description.checkpoints.flatMap(({ label, lines, truth }) =>
    Object.entries(lines).flatMap(([file, count]) =>
      views.map(([view, { mapping, columns }]): Capture => {
        const rows = parseAll(readFileSync(`${folder}/${truth[view]?.file}`, 'utf8'));
        return {
          name: `${file} at ${label}, ${view}`,
          mapping: mappingText(view, mapping, description.tables),
          log: firstLines(readFileSync(`${folder}/${file}`, 'utf8'), count),
          truth: rows.map((row) => columns.map((column) => expected(row, column))),
        };
      }),
    ),
  );
}

interface Description {
  readonly tables: readonly { readonly table: string; readonly primary_key: readonly string[] }[];
  readonly views: Readonly<Record<string, { readonly columns: readonly Column[]; readonly mapping: View }>>;
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

function mappingText(view: string, { base, joins, fields }: View, tables: Description['tables']): string {
  const keyOf = (table: string): string => (tables.find((each) => each.table === table)?.primary_key ?? []).join(', ');
  const lines = joins.map(({ type, on }) => {
    const text = on.map(({ left, right }) => `${left.join('.')} = ${right.join('.')}`).join(' and ');
    return type === 'left' ? `  - left: ${text}` : `  - ${text}`;
  });
  const columns = fields.map(({ alias, column, json_path, as }) => {
    return `  - { name: ${as}, expr: ${[alias, column, ...(json_path ?? [])].join('.')} }`;
  });
  return [
    `metric: ${view}_view`,
    'source:',
    '  format: wal2json',
    '  path: wal.json',
    'tables:',
    ...[base, ...joins].map(({ alias, table }) => `  ${alias}: { table: ${table}, key: [${keyOf(table)}] }`),
    `from: ${base.alias}`,
    'join:',
    ...lines,
    'columns:',
    ...columns,
    'sink:',
    '  sqlite: metrics.db',
    '',
  ].join('\n');
}

/** The first lines of a file, or as many elements where it is an array on one line. */
function firstLines(text: string, count: number): string {
  const array = text.startsWith('[') ? parseOne(text) : null;
  if (array?.kind === 'array') return `[${array.items.slice(0, count).map((item) => item.raw)}]\n`;
  return text.split('\n').slice(0, count).join('\n');
}

/** PostgreSQL's text of a value, told apart as `canonical` does; a character(3) was cut of its blanks. */
function expected(row: Json, { name, type }: Column): string | null {
  const value = row.kind === 'object' ? row.members.get(name) : undefined;
  if (value?.kind !== 'string') return null;
  if (type === 'integer') return value.value;
  return `'${type === 'character' ? value.value.padEnd(3) : value.value}`;
}
