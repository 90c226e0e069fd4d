import { parseArgs } from 'node:util';
import { fail } from '../diagnostic/diagnostic.ts';
import { hints } from '../diagnostic/messages.ts';
import { sinkKindOf } from '../mapping/mapping.ts';
import type { RunOptions } from '../pipeline/options.ts';
import { ONLY_SOURCE } from '../pipeline/places.ts';

/** The flags of `etl run` that say how a mapping is run, as they are written. */
export interface RunFlags {
  readonly input?: readonly string[];
  readonly output?: string;
  readonly fullRefresh?: boolean;
  readonly dryRun?: boolean;
  readonly batchSize?: string;
  readonly strict?: boolean;
  readonly follow?: boolean;
  readonly deadLetter?: string;
}

/** Throws an EtlError for a flag whose value is not understood. */
export function readFlags(flags: RunFlags): RunOptions {
  if (flags.follow && flags.dryRun) fail('FLAGS_EXCLUDE', { flags: ['--follow', '--dry-run'] });
  return {
    inputs: readInputs(flags.input ?? []),
    fullRefresh: flags.fullRefresh === true,
    dryRun: flags.dryRun === true,
    strict: flags.strict === true,
    follow: flags.follow === true,
    ...(flags.batchSize !== undefined && { batchSize: readCount('--batch-size', flags.batchSize) }),
    ...(flags.output !== undefined && { output: readOutput(flags.output) }),
  };
}

/** The flags that a golden case may hold, one a line. Throws an EtlError for any other. */
export function optionsOf(args: readonly string[]): RunOptions {
  const options = { input: { type: 'string', multiple: true }, 'batch-size': { type: 'string' } } as const;
  const words = args.flatMap((line) => line.split(/\s+/));
  const { tokens } = parseArgs({ args: words, options, strict: false, tokens: true });
  const flags: { input: string[]; batchSize?: string } = { input: [] };
  for (const token of tokens) {
    if (token.kind === 'option' && token.name === 'input') flags.input.push(valueIn(token));
    else if (token.kind === 'option' && token.name === 'batch-size') flags.batchSize = valueIn(token);
    else fail('UNKNOWN_FLAG', { name: words[token.index] ?? '', of: 'a golden case' }, { hint: hints.known(ARGS) });
  }
  return readFlags(flags);
}

const ARGS = ['--input', '--batch-size'];

function valueIn({ rawName, value }: { readonly rawName: string; readonly value?: string | undefined }): string {
  return value ?? fail('FLAG_WITHOUT_VALUE', { flag: rawName });
}

function readInputs(texts: readonly string[]): ReadonlyMap<string, string> {
  const inputs = new Map<string, string>();
  for (const [name, path] of texts.map(readInput)) {
    const first = inputs.get(name);
    if (first !== undefined) fail('INPUT_TWICE', { name, first, second: path });
    inputs.set(name, path);
  }
  return inputs;
}

/** A name has no slash and no dot, so that a path with an equals sign in it can still be given: as `./a=b.json`. */
function readInput(text: string): [name: string, path: string] {
  const [, name, path] = /^([A-Za-z_]\w*)=(.+)$/s.exec(text) ?? [];
  return name !== undefined && path !== undefined ? [name, path] : [ONLY_SOURCE, text];
}

/** `sqlite:PATH`, a path alone, or the URL of a database. */
function readOutput(text: string): string {
  const [, kind, where] = /^([a-z]+):(.*)$/s.exec(text) ?? [];
  if (sinkKindOf(text) !== 'sqlite') return text;
  const path = kind === 'sqlite' ? (where ?? '') : text;
  // A kind that is misspelled would be a file of that name. One letter before the colon is a drive of Windows.
  if (path === '' || (kind !== undefined && kind !== 'sqlite' && kind.length > 1)) {
    fail(
      'BAD_FLAG',
      { flag: '--output', expected: 'sqlite:PATH, a path or the URL of a database', value: text },
      { hint: hintForPlace(path) },
    );
  }
  return path;
}

function hintForPlace(place: string): string | undefined {
  if (place === '') return undefined;
  return /^https?:/.test(place) ? hints.overHttp(place) : hints.dotSlash(place);
}

/** The number that a flag takes. */
export function readCount(flag: string, text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  return fail('BAD_FLAG', { flag, expected: 'a whole number from 1', value: text });
}
