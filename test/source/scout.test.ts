/** A large file is read with a scout ahead in a thread of its own, which changes nothing of what is read. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { expect, test } from 'vitest';
import { folderWith, insert } from './reading.ts';

const PROGRAM = `
import { createHash } from 'node:crypto';
import { readFiles } from './read.js';
const of = { threads: 0, items: 0, marks: [], error: null };
process.on('worker', () => of.threads++);
const [hash, columns] = [createHash('sha256'), new Set(['id', 'text'])];
const written = (_, value) => (typeof value === 'bigint' ? String(value) : value);
try {
  for await (const { items, marks } of readFiles({ path: process.argv[2], format: { kind: 'wal2json' }, mode: 'log', table: '' }, [], () => columns)) {
    of.items += items.length;
    hash.update(JSON.stringify(items, written));
    of.marks.push(...marks);
  }
} catch (error) {
  of.error = error.diagnostics?.[0] ?? String(error);
}
console.log(JSON.stringify({ ...of, hash: hash.digest('hex') }));
`;

/** Reads a file with a scout, and without one. */
function readTwice(log: Uint8Array) {
  const folder = folderWith({ 'program.mjs': PROGRAM, 'package.json': '{"type":"module"}', log });
  buildSync({
    entryPoints: [
      { in: 'engine/source/read.ts', out: 'read' },
      { in: 'engine/source/scout-thread.ts', out: 'scout-thread' },
    ],
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['tinyglobby'],
    logLevel: 'error',
  });
  const read = () => {
    const { stdout } = spawnSync(process.execPath, [join(folder, 'program.mjs'), join(folder, 'log')]);
    return JSON.parse(stdout.toString());
  };
  const scouted = read();
  rmSync(join(folder, 'scout-thread.js'));
  return { scouted, alone: read() };
}

const records = Array.from({ length: 250_000 }, (_, id) =>
  insert('t', { id, text: `{"a":"${'ł'.repeat(id % 9)}\n"}` }),
);
const log = Buffer.from(records.join('\n'));

test('reads what is read without it, and knows the file by the same digest', () => {
  const { scouted, alone } = readTwice(log);
  expect(scouted).toEqual({ ...alone, threads: 1 });
  expect(alone).toMatchObject({ threads: 0, items: 500_000, error: null, marks: [{ bytes: log.length }] });
});

test('finds the same fault at the same place', () => {
  const damaged = Buffer.from(log);
  damaged.writeUInt8(0xff, damaged.indexOf('ł', log.length - 5000));
  const { scouted, alone } = readTwice(damaged);
  expect(scouted).toEqual({ ...alone, threads: 1 });
  expect(alone).toMatchObject({ threads: 0 });
});
