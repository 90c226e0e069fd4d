/** A copy of the engine and its tests, with a bug in it. */
import { execFile } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Mutant } from './mutants.ts';

const COPIED = ['engine', 'test', 'package.json', 'tsconfig.json'];
const LINKED = ['node_modules', 'dist', 'mappings', 'data'];

/** A test that ran over the copy. */
export interface Trial {
  readonly name: string;
  readonly status: string;
  readonly messages: readonly string[];
}

/** Puts the bug into a copy in this folder, runs the tests that are to catch it, and gives what came of each. */
export async function tryMutant(folder: string, mutant: Mutant): Promise<readonly Trial[]> {
  // What servers take is large, and in no test that catches a bug.
  const filter = (path: string) => !path.endsWith('node_modules');
  for (const each of COPIED) cpSync(each, join(folder, each), { recursive: true, filter });
  for (const each of LINKED) symlinkSync(resolve(each), join(folder, each));
  const file = join(folder, mutant.file);
  writeFileSync(file, mutated(readFileSync(file, 'utf8'), mutant));
  const [tests, name] = mutant.caughtBy;
  return trialsIn(await runVitest(folder, [tests, '-t', name]));
}

/** The engine's text with the bug in it. Throws where it is not the text that the bug was made for. */
export function mutated(text: string, { file, is, becomes }: Mutant): string {
  const [before, behind, ...more] = text.split(is);
  if (before === undefined || behind === undefined || more.length > 0) {
    throw new Error(`${file} has not once, but ${text.split(is).length - 1} times: ${is}`);
  }
  return before + becomes + behind;
}

/** What vitest prints as JSON. A random test has as many cases as it may need, for it ends with the first that fails. */
function runVitest(folder: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, ETL_TEST: '', ETL_RUNS: '1000' };
  const command = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/mutants/vitest.config.ts'];
  return new Promise((done) => {
    // That it fails is what is hoped for: what it printed tells why.
    execFile(
      process.execPath,
      [...command, '--reporter=json', ...args],
      { cwd: folder, env, maxBuffer: 2 ** 26 },
      (_, stdout) => done(stdout),
    );
  });
}

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[] | null;
    }[];
  }[];
}

function trialsIn(printed: string): readonly Trial[] {
  const { testResults } = JSON.parse(printed.slice(printed.indexOf('{'))) as Report;
  return testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .map(({ fullName, status, failureMessages }) => ({ name: fullName, status, messages: failureMessages ?? [] }));
}
