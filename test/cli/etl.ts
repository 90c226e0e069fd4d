/** Calls the built command as a user would: another process, its own working directory, nothing of the test's state. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { DiagnosticJson } from '../../engine/diagnostic/frame.ts';
import { rowsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';

export const ROOT = resolve('.');
export const COMMAND = join(ROOT, 'dist', 'cli.js');

export interface Called {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The object that `--json` promises. */
export interface JsonAnswer<Result = unknown> {
  readonly command: string;
  readonly ok: boolean;
  readonly exit: number;
  readonly result: Result;
  readonly diagnostics: readonly DiagnosticJson[];
}

export interface CallOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Null leaves it open. */
  readonly stdin?: string | Uint8Array | null;
  /** Is given the running process. */
  readonly during?: (child: ChildProcess) => void;
}

export type Etl = (args: readonly string[], options?: CallOptions) => Promise<Called>;

export interface Bench {
  readonly folder: string;
  /** Calls `etl` in the folder. */
  readonly etl: Etl;
  /** Calls it with `--json`, and fails unless stdout is one object and stderr is empty. */
  readonly json: <Result>(args: readonly string[], options?: CallOptions) => Promise<JsonAnswer<Result>>;
  readonly write: (name: string, content: string | Uint8Array) => void;
  /** Of the bytes of a file. */
  readonly digest: (name: string) => string;
  /** The rows of the metric in `payments.ts`, each as one text, in order. */
  readonly rows: (database?: string) => readonly string[];
}

/** Works in a folder that holds these files and is gone afterwards. */
export function onBench<T>(files: Readonly<Record<string, string>>, work: (bench: Bench) => Promise<T>): Promise<T> {
  return inScratch((folder) => {
    const write = (name: string, content: string | Uint8Array): void => {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    };
    for (const [name, content] of Object.entries(files)) write(name, content);
    const etl: Etl = (args, options) => call(folder, args, options);
    const json: Bench['json'] = (args, options) => jsonOf(etl, args, options);
    const rows = (database = 'metrics.db') => rowsOf(join(folder, database), 'payments').map(String).sort();
    return work({ folder, etl, json, write, digest: digestIn(folder), rows });
  });
}

async function jsonOf<Result>(etl: Etl, args: readonly string[], options?: CallOptions): Promise<JsonAnswer<Result>> {
  const { exit, stdout, stderr } = await etl([...args, '--json'], options);
  if (stderr !== '') throw new Error(`with --json nothing belongs on stderr, and there is:\n${stderr}`);
  const answer = JSON.parse(stdout) as JsonAnswer<Result>;
  if (answer.exit !== exit) throw new Error(`the object says exit ${answer.exit}, and the process says ${exit}`);
  return answer;
}

function digestIn(folder: string): (name: string) => string {
  return (name) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
}

function call(cwd: string, args: readonly string[], { env, stdin = '', during }: CallOptions = {}): Promise<Called> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [COMMAND, ...args], { cwd, env: { PATH: process.env.PATH, ...env } });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (bytes: Buffer) => out.push(bytes));
    child.stderr.on('data', (bytes: Buffer) => err.push(bytes));
    child.on('error', failed);
    // A command that reads no input may be gone before it is written.
    child.stdin.on('error', () => {});
    if (stdin !== null) child.stdin.end(stdin);
    child.on('close', (exit, signal) => {
      if (exit === null) failed(new Error(`ended by ${signal}`));
      else done({ exit, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    });
    during?.(child);
  });
}
