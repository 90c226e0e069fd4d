/** A PostgreSQL of the tests' own: made in a temporary folder, reached through a socket there, gone at the end. */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable } from 'node:stream';

export interface Postgres {
  /** The folder of its socket, for other clients; the user is `postgres` and has no password. */
  readonly host: string;
  /**
   * Runs statements, and psql's own commands on lines of their own, and gives what they print: rows of one column, a line
   * an item. Fails on an error, after all have run.
   */
  query(sql: string): Promise<string[]>;
  stop(): void;
}

/** What the tests say where they skip for want of a server. */
export const NO_POSTGRES =
  'PostgreSQL is not installed: no initdb, pg_ctl and psql under /usr/lib/postgresql nor in PATH';

export const NO_WAL2JSON = 'wal2json is not installed: PostgreSQL has no wal2json.so among its libraries';

const PROGRAMS = ['initdb', 'pg_ctl', 'psql'];

const DONE = '--done--';

const SETTINGS = [
  "listen_addresses=''",
  'fsync=off',
  'timezone=UTC',
  'autovacuum=off',
  'wal_level=logical',
  'max_replication_slots=4',
];

/** Runs `work` with a server that is stopped afterwards. */
export async function withPostgres<T>(postgres: Postgres, work: (postgres: Postgres) => Promise<T>): Promise<T> {
  try {
    return await work(postgres);
  } finally {
    postgres.stop();
  }
}

/** Whether the log of a server can be read as wal2json. */
export async function hasWal2json(postgres: Postgres): Promise<boolean> {
  const file = `pg_stat_file(setting || '/wal2json.so', true)`;
  return (await postgres.query(`SELECT (${file}).size > 0 FROM pg_config WHERE name = 'PKGLIBDIR'`)).includes('t');
}

/** Starts a server in collation C and UTC whose log can be decoded, null where PostgreSQL is not installed. */
export function startPostgres(): Postgres | null {
  const bin = findBinaries();
  if (bin === null) return null;
  const host = mkdtempSync(join(tmpdir(), 'postgres-'));
  const cluster = join(host, 'cluster');
  // As root PostgreSQL refuses to run: there it runs as its own user, who must reach the folder.
  if (isRoot()) execFileSync('chown', ['postgres', host]);
  chmodSync(host, 0o755);
  run(bin, 'initdb', '-D', cluster, '-U', 'postgres', '-E', 'UTF8', '--locale=C', '-A', 'trust', '-N');
  const options = [...SETTINGS, ...permission(bin, cluster)].map((setting) => `-c ${setting}`).join(' ');
  run(bin, 'pg_ctl', '-D', cluster, '-o', `${options} -k ${host}`, '-l', join(host, 'log'), '-w', 'start');
  const session = openSession(bin, host);
  const stop = (): void => {
    session.close();
    run(bin, 'pg_ctl', '-D', cluster, '-m', 'immediate', 'stop');
    rmSync(host, { recursive: true });
  };
  return { host, query: session.query, stop };
}

/** Later releases load the plugins only that are listed, earlier ones do not start with a setting they don't know. */
function permission(bin: string, cluster: string): string[] {
  try {
    run(bin, 'postgres', '-D', cluster, '-C', 'output_plugin_libraries');
    return ['output_plugin_libraries=wal2json'];
  } catch {
    return [];
  }
}

/** One psql for all queries: to start it is dearer than most of them. */
function openSession(bin: string, host: string): { query: Postgres['query']; close: () => void } {
  // Errors come with the rows, so that all of them are there when the end is.
  const args = ['-c', 'exec "$0" "$@" 2>&1', join(bin, 'psql'), '-h', host, '-U', 'postgres', '-XqAt'];
  const psql = spawn('sh', args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = linesOf(psql.stdout);
  const query = async (sql: string): Promise<string[]> => {
    psql.stdin.write(`${sql};\n\\echo ${DONE}\n`);
    const rows: string[] = [];
    for (let line = await lines.next(); line.value !== DONE; line = await lines.next()) {
      if (line.done) throw new Error(`psql ended: ${rows.join('\n')}`);
      rows.push(line.value);
    }
    const errors = rows.filter((row) => row.startsWith('ERROR:  '));
    if (errors.length > 0) throw new Error(errors.join('\n'));
    return rows;
  };
  return { query, close: () => psql.stdin.end() };
}

/** Readline would end a line at U+2028 too. */
async function* linesOf(stream: Readable): AsyncGenerator<string, undefined> {
  let rest = '';
  for await (const part of stream.setEncoding('utf8')) {
    const lines = `${rest}${part}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

function run(bin: string, program: string, ...args: string[]): void {
  const command = join(bin, program);
  // Quiet: what they print is of interest when they fail, and then it is part of the error.
  const [file, ...rest] = isRoot()
    ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', command]
    : [command];
  execFileSync(file ?? command, [...rest, ...args], { stdio: ['ignore', 'ignore', 'pipe'], cwd: tmpdir() });
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function findBinaries(): string | null {
  const installed = '/usr/lib/postgresql';
  const versions = existsSync(installed) ? readdirSync(installed).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(installed, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  return folders.find((folder) => PROGRAMS.every((program) => existsSync(join(folder, program)))) ?? null;
}
