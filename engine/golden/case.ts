import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';

/** One case of a metric's goldens: what goes in, and what is to come out. */
export interface Case {
  /** `metric/case`. */
  readonly name: string;
  readonly folder: string;
  /** By the name of the source; under `''` where the mapping has one. */
  readonly inputs: ReadonlyMap<string, string>;
  /** Flags of `etl run`, one a line of the file `args`. */
  readonly args: readonly string[];
}

/** The cases in `<folder>/<case>/`: `input.<ext>` or `input/<source>.<ext>` (several tables of a database: `input/<source>/<table>.jsonl`), `expected.jsonl`, maybe `args`. */
export async function findCases(metric: string, folder: string): Promise<readonly Case[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(names.sort().map((name) => readCase(`${metric}/${name}`, join(folder, name))));
}

async function readCase(name: string, folder: string): Promise<Case> {
  const args = join(folder, 'args');
  const lines = existsSync(args) ? (await readFile(args, 'utf8')).split('\n') : [];
  return {
    name,
    folder,
    inputs: await findInputs(folder),
    args: lines.map((line) => line.trim()).filter((line) => line !== ''),
  };
}

async function findInputs(folder: string): Promise<ReadonlyMap<string, string>> {
  const many = join(folder, 'input');
  if (existsSync(many)) {
    return new Map((await readdir(many)).sort().map((file) => [basename(file, extname(file)), join(many, file)]));
  }
  const file = (await readdir(folder)).find((each) => each.startsWith('input.'));
  return file === undefined ? new Map() : new Map([['', join(folder, file)]]);
}
