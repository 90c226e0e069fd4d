import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What one process took. Where the system has no `/proc`, processor time and memory are NaN. */
export interface Run {
  /** From its start to its end, in seconds. */
  readonly wall: number;
  /** User and system time of all its threads, in seconds. */
  readonly cpu: number;
  /** The most memory it had resident, in bytes. */
  readonly peak: number;
  readonly stdout: string;
}

/** A program and its arguments. */
export type Command = readonly string[];

/** How often a process is asked for its memory, in ms; what it takes in its last moments may be missed. */
const POLL = 5;

/** Linux tells processor time in hundredths of a second. */
const TICKS = 100;

/** Runs a process to its end and measures it. Throws where it fails, with what it wrote to stderr. */
export async function measure([program = '', ...args]: Command): Promise<Run> {
  const before = timeOfChildren();
  const started = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr, peak] = ['', '', Number.NaN];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const poll = setInterval(() => (peak = peakOf(child.pid) ?? peak), POLL);
  try {
    const wall = await new Promise<number>((done, failed) => {
      let ended = 0;
      child.once('exit', () => (ended = performance.now() - started));
      child.once('error', failed);
      child.once('close', (code) => (code === 0 ? done(ended / 1000) : failed(new Error(lastWords(stderr, code)))));
    });
    return { wall, cpu: timeOfChildren() - before, peak, stdout };
  } finally {
    clearInterval(poll);
  }
}

/** The high-water mark of a process that still runs. */
function peakOf(process: number | undefined): number | undefined {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(textOf(`/proc/${process}/status`))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

/** Processor time of all processes that this one has started and that have ended. */
function timeOfChildren(): number {
  // The second field is a name in brackets; user and system time of children are the 16th and 17th.
  const fields = textOf('/proc/self/stat').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) / TICKS;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** An exception's message is on the first line that names an error; other programs say it last. */
function lastWords(stderr: string, code: number | null): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const said = lines.find((line) => /^\w*(Error|Exception)\b/.test(line)) ?? lines.at(-1) ?? `ended with ${code}`;
  return said.replaceAll(`${process.cwd()}/`, '');
}
