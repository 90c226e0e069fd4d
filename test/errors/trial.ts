/** A pair in use: its mapping is run over its log, into a database that is gone afterwards. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../../engine/diagnostic/diagnostic.ts';
import type { Code } from '../../engine/diagnostic/messages.ts';
import { loadMapping } from '../../engine/mapping/load.ts';
import type { Mapping } from '../../engine/mapping/mapping.ts';
import type { RunOptions } from '../../engine/pipeline/options.ts';
import { run } from '../../engine/pipeline/run.ts';

/** Relative, as a user would write it: paths are part of what is printed. */
export const FOLDER = 'test/errors';

export interface Trial {
  readonly code: Code;
  readonly mapping: Mapping;
  /** A folder of its own. */
  readonly scratch: string;
  readonly database: string;
}

export function openTrial(code: Code, mapping: Mapping, scratch: string): Trial {
  return { code, mapping, scratch, database: join(scratch, 'metrics.db') };
}

/** The path of one of the pair's files: its mapping `.yaml`, its log `.json`, a second log `.then.json`. */
export function fileOf({ code }: Pick<Trial, 'code'>, ending: string): string {
  return `${FOLDER}/${code}${ending}`;
}

/** Runs the pair's mapping with no variable set, and gives the warnings and what is missed. Throws an EtlError. */
export async function runOnce(trial: Trial, options: RunOptions = {}): Promise<readonly Diagnostic[]> {
  const { warnings, missed } = await run(trial.mapping, { output: trial.database, env: {}, ...options });
  return [...warnings, ...missed];
}

/**
 * Runs what the pair has files for: `.first.yaml`, another mapping, before its own; `.then.json`, a log that comes
 * later, after its own.
 */
export async function runAll(trial: Trial): Promise<readonly Diagnostic[]> {
  const first = fileOf(trial, '.first.yaml');
  if (existsSync(first)) {
    const loaded = await loadMapping(first);
    if ('mapping' in loaded) await runOnce({ ...trial, mapping: loaded.mapping });
  }
  const warnings = await runOnce(trial);
  const later = fileOf(trial, '.then.json');
  return existsSync(later) ? runOnce(trial, { inputs: inputs(later) }) : warnings;
}

/** `--input PATH`. */
export function inputs(path: string): ReadonlyMap<string, string> {
  return new Map([['', path]]);
}
