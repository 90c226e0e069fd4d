/** A MariaDB of the tests' own: made in a temporary folder, on a free port of this machine, gone at the end. */
import { type ChildProcess, execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

export interface MariaDb {
  readonly port: number;
  /** Runs statements in the database `test`, as root without a password. */
  query(sql: string): Promise<void>;
  stop(): Promise<void>;
}

/** What the tests say where they skip for want of a server. */
export const NO_MARIADB = 'MariaDB is not installed: no mariadbd, mariadb-install-db and mariadb in PATH';

/** Starts a server, null where MariaDB is not installed. */
export async function startMariaDb(): Promise<MariaDb | null> {
  const [server, install, client] = [found('mariadbd'), found('mariadb-install-db'), found('mariadb')];
  if (!server || !install || !client) return null;
  const folder = mkdtempSync(join(tmpdir(), 'mariadb-'));
  const [data, socket, port] = [join(folder, 'data'), join(folder, 'socket'), await freePort()];
  // As root MariaDB runs as its own user, who must reach the folder.
  const user = process.getuid?.() === 0 ? ['--user=mysql'] : [];
  if (user.length > 0) execFileSync('chown', ['mysql', folder]);
  makeData(install, data, user);
  const place = [`--datadir=${data}`, `--socket=${socket}`, `--port=${port}`, '--bind-address=127.0.0.1'];
  const options = [
    '--no-defaults',
    ...place,
    '--innodb-flush-log-at-trx-commit=0',
    '--character-set-server=utf8mb4',
    // In seconds: a table that somebody still reads is not waited for all day.
    '--lock-wait-timeout=10',
    ...user,
  ];
  const child = spawn(server, options, { stdio: 'ignore', cwd: folder });
  const args = ['--no-defaults', '--default-character-set=utf8mb4', `--socket=${socket}`, '-u', 'root'];
  const run = (sql: string, database: string) => say(client, [...args, database], sql);
  await ready(() => run('CREATE OR REPLACE DATABASE test', 'mysql'), child);
  return {
    port,
    query: (sql) => run(sql, 'test'),
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

/** Now and then a server that is only there for this ends without a word: another one does not. */
function makeData(install: string, data: string, user: readonly string[]): void {
  const flags = ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', ...user];
  for (let tries = 3; tries > 0; tries--) {
    const { status, stdout, stderr } = spawnSync(install, flags, { encoding: 'utf8' });
    if (status === 0) return;
    if (tries === 1) throw new Error(`${install} failed:\n${stdout}${stderr}`);
    rmSync(data, { recursive: true, force: true });
  }
}

/** Hands statements to the client; those who read meanwhile may be in this process, which must not stand still. */
function say(client: string, args: readonly string[], sql: string): Promise<void> {
  return new Promise((done, failed) => {
    const child = execFile(client, args, (error) => (error ? failed(error) : done()));
    // A client that finds no server is gone before it reads; its exit tells of it.
    child.stdin?.on('error', () => {});
    child.stdin?.end(sql);
  });
}

async function ready(ask: () => Promise<void>, child: ChildProcess): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (tries === 300 || child.exitCode !== null) throw error;
      await setTimeout(100);
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function found(program: string): string | null {
  const folders = ['/usr/sbin', '/usr/bin', ...(process.env.PATH ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path)) ?? null;
}
