/** The built command as a process that tells its steps, and is killed or held up in the midst of one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import type { Step } from '../../engine/store/step.ts';
import { COMMAND } from '../cli/etl.ts';

/**
 * A place in a run: behind the nth time that a step was entered, before the SQL statement of that number (from 0), or so
 * many ms later. The first is between two statements, and can be had again; the second may be within one.
 */
export type Aim = { readonly step: Step; readonly nth: number } & (
  | { readonly statements: number }
  | { readonly delay: number }
);

/** How a process ended. */
export interface Ended {
  /** Null where it was killed. */
  readonly exit: number | null;
  /** The steps that it entered, in order: it died in the last one. */
  readonly steps: readonly Step[];
  /** All that it printed. */
  readonly text: string;
}

/** Runs the command, and kills it with SIGKILL at the aim, unless it ends before. */
export function runAndKill(cwd: string, args: readonly string[], aim: Aim): Promise<Ended> {
  const { child, arrived, ended } = start(cwd, args, aim);
  void arrived.then(() => child.kill('SIGKILL'));
  return ended;
}

/** Runs the command, and holds it up at the aim while something else is done. */
export async function runAndHold(
  cwd: string,
  args: readonly string[],
  aim: Aim & { readonly statements: number },
  meanwhile: () => Promise<void>,
): Promise<Ended> {
  const { child, arrived, ended } = start(cwd, args, aim);
  await Promise.race([arrived, ended]);
  await meanwhile().finally(() => child.kill('SIGCONT'));
  return ended;
}

/** Runs the command to its end. */
export function runToEnd(cwd: string, args: readonly string[]): Promise<Ended> {
  return start(cwd, args, null).ended;
}

interface Started {
  readonly child: ChildProcess;
  /** The process is at the aim. */
  readonly arrived: Promise<void>;
  readonly ended: Promise<Ended>;
}

const REPORT = pathToFileURL(resolve('test/crash/report.mjs')).href;

function start(cwd: string, args: readonly string[], aim: Aim | null): Started {
  const child = spawn(process.execPath, ['--import', REPORT, COMMAND, ...args], {
    cwd,
    // Large packages that are installed beside the servers of the tests.
    env: {
      PATH: process.env.PATH,
      NODE_PATH: resolve('test/servers/node_modules'),
      ...(aim && { AIM: JSON.stringify(aim) }),
    },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const steps: Step[] = [];
  const text: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes: Buffer) => text.push(String(bytes)));
  const ended = new Promise<Ended>((done, failed) => {
    child.on('error', failed);
    child.on('close', (exit) => done({ exit, steps, text: text.join('') }));
  });
  const arrived = new Promise<void>((arrive) => {
    onLines(child.stdio[3] as Readable, (line) => {
      if (line !== 'stopped') steps.push(line as Step);
      if (line === 'stopped' || isDelayOver(aim, steps)) arrive();
    });
  });
  return { child, arrived, ended };
}

/** Where the aim is a time after the step that was entered just now: waits so long, without sleeping, for it is short. */
function isDelayOver(aim: Aim | null, steps: readonly Step[]): boolean {
  if (!aim || !('delay' in aim) || steps.at(-1) !== aim.step) return false;
  if (steps.filter((step) => step === aim.step).length !== aim.nth) return false;
  for (const end = performance.now() + aim.delay; performance.now() < end; );
  return true;
}

function onLines(stream: Readable, take: (line: string) => void): void {
  let rest = '';
  stream.on('data', (bytes: Buffer) => {
    const lines = (rest + bytes).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
  });
}
