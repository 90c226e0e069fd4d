import { parseArgs } from 'node:util';
import { fail } from '../diagnostic/diagnostic.ts';
import { ONLY_SOURCE } from '../pipeline/places.ts';
import type { RunOptions } from '../pipeline/options.ts';

/** The flags of `etl run` that say how a mapping is run, as they are written. */
export interface RunFlags {
  readonly input?: readonly string[];
  readonly output?: string;
  readonly fullRefresh?: boolean;
  readonly dryRun?: boolean;
  readonly batchSize?: string;
}

/** Throws an EtlError for a flag whose value is not understood. */
export function readFlags(flags: RunFlags): RunOptions {
  return {
    inputs: new Map((flags.input ?? []).map(readInput)),
    fullRefresh: flags.fullRefresh === true,
    dryRun: flags.dryRun === true,
    ...(flags.batchSize !== undefined && { batchSize: readBatchSize(flags.batchSize) }),
    ...(flags.output !== undefined && { output: readOutput(flags.output) }),
  };
}

/** The flags that a golden case may hold, one a line. */
export function optionsOf(args: readonly string[]): RunOptions {
  const options = { input: { type: 'string', multiple: true }, 'batch-size': { type: 'string' } } as const;
  try {
    const { values } = parseArgs({ args: args.flatMap((line) => line.split(/\s+/)), options });
    const size = values['batch-size'];
    return readFlags({ input: values.input ?? [], ...(size !== undefined && { batchSize: size }) });
  } catch (error) {
    if (error instanceof TypeError) fail('BAD_CALL', { reason: error.message });
    throw error;
  }
}

/** A name has no slash and no dot, so that a path with an equals sign in it can still be given: as `./a=b.json`. */
function readInput(text: string): [name: string, path: string] {
  const [, name, path] = /^([A-Za-z_]\w*)=(.+)$/s.exec(text) ?? [];
  return name !== undefined && path !== undefined ? [name, path] : [ONLY_SOURCE, text];
}

/** `sqlite:PATH`, or a path alone. */
function readOutput(text: string): string {
  const [, kind, where] = /^([a-z]+):(.*)$/s.exec(text) ?? [];
  if (kind === 'postgres' || kind === 'postgresql' || kind === 'clickhouse') {
    fail('NOT_SUPPORTED_YET', { name: `--output ${kind}:` });
  }
  const path = kind === 'sqlite' ? (where ?? '') : text;
  if (path === '') fail('BAD_CALL', { reason: '--output takes a path, as in sqlite:metrics.db' });
  return path;
}

function readBatchSize(text: string): number {
  const size = Number(text);
  if (Number.isSafeInteger(size) && size > 0) return size;
  return fail('BAD_CALL', { reason: `--batch-size takes a whole number from 1, and is "${text}"` });
}
