import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, renameSync } from 'node:fs';
import { join } from 'node:path';

export type Layout = 'lines' | 'line-array';

const GENERATOR = 'data/generate.mjs';

/** A generated log of so many records in a folder, made unless it is there. */
export function logIn(folder: string, records: number, layout: Layout): string {
  const file = join(folder, `${records}.${layout}.${generatorDigest()}.json`);
  if (existsSync(file)) return inCache(file);
  const flags = ['--varied', '--records', String(records), '--layout', layout];
  // A log that was interrupted must not be taken for a whole one.
  execFileSync(process.execPath, [GENERATOR, ...flags, '--out', `${file}.part`]);
  renameSync(`${file}.part`, file);
  return file;
}

/** Reads a file once, so that nobody who is measured has to wait for the disk. */
function inCache(file: string): string {
  const [descriptor, bytes] = [openSync(file, 'r'), Buffer.allocUnsafe(1 << 20)];
  while (readSync(descriptor, bytes) > 0);
  closeSync(descriptor);
  return file;
}

/** A few records of another seed than all logs: none of their keys is in any of those. */
export function freshRecords(records: number): readonly string[] {
  const flags = ['--varied', '--seed', '2', '--records', String(records), '--layout', 'lines', '--out', '-'];
  const text = execFileSync(process.execPath, [GENERATOR, ...flags], { encoding: 'utf8', maxBuffer: 2 ** 30 });
  return text.trimEnd().split('\n');
}

/** Another generator writes other logs. */
function generatorDigest(): string {
  const folder = 'data/generator';
  const files = [GENERATOR, ...readdirSync(folder).map((name) => join(folder, name))];
  const hash = createHash('sha256');
  for (const file of files.sort()) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 8);
}
