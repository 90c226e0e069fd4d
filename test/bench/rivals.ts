import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { rowsIn } from './engine.ts';
import type { Command } from './measure.ts';

/** Another way to the same metric, which is given a log with one record a line and a place to write to. */
export interface Rival {
  readonly title: string;
  /** How it does the job. */
  readonly how: string;
  /** The package it is made of, where that is not part of Node or Python. */
  readonly package?: string;
  readonly command: (log: string, output: string) => Command;
  readonly rows: (output: string) => AsyncIterable<unknown> | Iterable<unknown>;
}

const FOLDER = 'test/bench';

const script = (name: string): string => `${FOLDER}/rivals/${name}`;
const byNode =
  (name: string): Rival['command'] =>
  (log, output) => [process.execPath, script(name), log, output];

/** By the names that `--rivals` takes. */
export const RIVALS: Readonly<Record<string, Rival>> = {
  duckdb: {
    title: 'DuckDB into its own table',
    how: '`read_json` with declared columns, of each row what the metric needs, the joins; every core; a DuckDB file',
    package: '@duckdb/node-api',
    command: byNode('duckdb.mjs'),
    rows: (output) => rowsOfScript('duckdb.mjs', output),
  },
  'duckdb-sqlite': {
    title: 'DuckDB delivered into SQLite',
    how: 'the same in memory; rows are handed over as JSON texts and written by better-sqlite3 in one transaction without a journal, eight a statement',
    package: '@duckdb/node-api',
    command: byNode('duckdb-sqlite.mjs'),
    rows: rowsIn,
  },
  clickhouse: {
    title: 'embedded ClickHouse into MergeTree',
    how: '`JSONEachRow` with a declared structure, of each row what the metric needs, the joins; every core; a data folder',
    package: 'chdb',
    command: byNode('clickhouse.mjs'),
    rows: (output) => rowsOfScript('clickhouse.mjs', output),
  },
  python: {
    title: 'Python, standard library',
    how: '`json.loads` of each line, dicts of what the joins need, `sqlite3` in one transaction without a journal',
    command: (log, output) => ['python3', script('python.py'), log, output],
    rows: rowsIn,
  },
  node: {
    title: 'Node, JSON.parse and Map',
    how: '`JSON.parse` of each line, Maps of what the joins need, better-sqlite3 as above',
    command: byNode('node.mjs'),
    rows: rowsIn,
  },
};

/** A database that only its own library reads prints its rows, a JSON array each. */
async function* rowsOfScript(name: string, output: string): AsyncGenerator<unknown> {
  const child = spawn(process.execPath, [script(name), '--rows', output], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) yield JSON.parse(line);
}

/** Installs the rivals' packages as they are locked, unless they are there. Says why, where that fails. */
export function install(): string | undefined {
  const wanted: Record<string, string> = JSON.parse(readFileSync(`${FOLDER}/package.json`, 'utf8')).dependencies;
  if (Object.entries(wanted).every(([name, version]) => versionOf(name) === version)) return undefined;
  const { status, stderr } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: FOLDER, encoding: 'utf8' });
  return status === 0 ? undefined : `npm ci in ${FOLDER} failed: ${stderr}`;
}

/** The version of a package that is installed for the benchmark or for the engine. */
export function versionOf(name: string): string | undefined {
  const file = [FOLDER, '.'].map((folder) => `${folder}/node_modules/${name}/package.json`).find(existsSync);
  return file && JSON.parse(readFileSync(file, 'utf8')).version;
}
