import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

/** From the top down, as in engine/ARCHITECTURE.md: who stands in a line may import from the lines below it only. */
const floors: readonly (readonly string[])[] = [
  ['cli', 'stages'],
  ['commands'],
  ['golden', 'verify', 'why', 'infer', 'diff', 'report'],
  ['pipeline'],
  ['source', 'sink'],
  ['store'],
  ['sql'],
  ['plan'],
  ['mapping'],
  ['expression'],
  ['server'],
  ['json', 'diagnostic'],
  ['change', 'interest'],
];

/** Each package is imported by one room, so that it can be replaced there. */
const owners: Readonly<Record<string, readonly string[]>> = {
  yaml: ['mapping'],
  ajv: ['mapping'],
  '#mapping-schema': ['mapping'],
  '#wide-match': ['source'],
  'jsonpath-plus': ['expression'],
  'big.js': ['expression'],
  'better-sqlite3': ['store'],
  tinyglobby: ['source'],
  pg: ['server'],
  '@clickhouse/client': ['server'],
  chdb: ['server'],
  mysql2: ['source'],
  'csv-parse': ['source'],
  commander: ['cli'],
  'cli-progress': ['cli'],
  '@viz-js/viz': ['report'],
  'd3-scale': ['report'],
};

const engine = resolve('engine');

interface Import {
  readonly file: string;
  readonly to: string;
}

function filesIn(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(file, 'utf8');
  const found = text.matchAll(/^(?:import|export)\b[^;]*?\bfrom '([^']+)'|\bimport\('([^']+)'\)/gm);
  return [...found].map((match) => ({ file, to: match[1] ?? match[2] ?? '' }));
}

/** The first part of a path inside engine/, without its ending: a folder, or a file that stands alone. */
function roomOf(path: string): string {
  const [first = ''] = relative(engine, path).split('/');
  return first.replace(/\.ts$/, '');
}

function floorOf(room: string): number {
  return floors.findIndex((rooms) => rooms.includes(room));
}

const files = filesIn(engine);
const imports = files.flatMap(importsOf);
const local = imports
  .filter(({ to }) => to.startsWith('.'))
  .map(({ file, to }) => ({ file, to: resolve(dirname(file), to) }));
const inside = local.filter(({ to }) => to.startsWith(`${engine}/`));

test('every room stands on a floor', () => {
  expect([...new Set(files.map(roomOf))].filter((room) => floorOf(room) === -1)).toEqual([]);
});

test('a room imports from floors below it only', () => {
  const upward = inside.filter(
    ({ file, to }) => roomOf(file) !== roomOf(to) && floorOf(roomOf(file)) >= floorOf(roomOf(to)),
  );
  expect(upward.map(({ file, to }) => `${relative(engine, file)} -> ${relative(engine, to)}`)).toEqual([]);
});

test('files do not import each other in a circle', () => {
  expect(circlesIn(inside)).toEqual([]);
});

test('folders of a room do not import each other in a circle', () => {
  const folders = inside
    .map(({ file, to }) => ({ file: dirname(file), to: dirname(to) }))
    .filter(({ file, to }) => file !== to && isWithinRoom(file) && isWithinRoom(to) && roomOf(file) === roomOf(to));
  expect(folders.length).toBeGreaterThan(0);
  expect(circlesIn(folders)).toEqual([]);
});

/** Whether a folder is one of a room, and not the room itself. */
function isWithinRoom(folder: string): boolean {
  return dirname(folder) !== engine;
}

function circlesIn(all: readonly Import[]): readonly string[] {
  const next = new Map<string, string[]>();
  for (const { file, to } of all) next.set(file, [...(next.get(file) ?? []), to]);
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file))
      circles.push([...path.slice(path.indexOf(file)), file].map((each) => relative(engine, each)).join(' -> '));
    else if (!done.has(file)) for (const to of next.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of next.keys()) visit(file, []);
  return circles;
}

test('each package is imported by its owner only', () => {
  const packages = imports.filter(({ to }) => !to.startsWith('.') && !to.startsWith('node:'));
  const strangers = packages.filter(({ file, to }) => {
    const name = Object.keys(owners).find((each) => to === each || to.startsWith(`${each}/`));
    return !(name !== undefined && owners[name]?.includes(roomOf(file)));
  });
  expect(strangers.map(({ file, to }) => `${relative(engine, file)} -> ${to}`)).toEqual([]);
});

test('a file has at most 300 lines', () => {
  const tables = ['diagnostic/messages.ts'];
  const long = files.filter((file) => readFileSync(file, 'utf8').split('\n').length > 301);
  expect(long.map((file) => relative(engine, file)).filter((file) => !tables.includes(file))).toEqual([]);
});
