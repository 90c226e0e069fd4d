/** A large file is decoded in a thread of its own, which changes nothing of what is read. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { expect, test } from 'vitest';
import type { Format } from '../../engine/mapping/format.ts';
import { ROWS } from '../../engine/mapping/format.ts';
import { folderWith, insert } from './reading.ts';

/** Reads a file to its end, or so many of its readings. */
const PROGRAM = `
import { createHash } from 'node:crypto';
import { readFiles } from './read.js';
const [, , path, format, most] = process.argv;
const of = { threads: 0, items: 0, bytes: 0, marks: [], error: null };
process.on('worker', () => of.threads++);
process.on('warning', ({ message }) => { of.error = message; });
const hash = createHash('sha256');
const written = (_, value) => (typeof value === 'bigint' ? String(value) : value);
const interest = [{ schema: null, tables: ['*'], columns: new Set(['id', 'text']) }];
let left = Number(most);
try {
  for await (const { items, bytes, marks } of readFiles({ path, format: JSON.parse(format), mode: 'log', table: 't' }, [], interest)) {
    of.items += items.length;
    of.bytes += bytes;
    hash.update(JSON.stringify(items, written));
    of.marks.push(...marks);
    if (--left === 0) break;
  }
} catch (error) {
  of.error = error.diagnostics?.[0] ?? String(error);
}
process.on('exit', () => console.log(JSON.stringify({ ...of, hash: hash.digest('hex') })));
`;

/** Has a thread be worth its start for the logs of these tests, which are larger than what it is ahead. */
const worthIt: Plugin = {
  name: 'worth it',
  setup: ({ onLoad }) => onLoad({ filter: /\/worth\.ts$/ }, () => ({ contents: 'export const WORTH_IT = 1 << 20;' })),
};

/** Reads a file with a thread, and without one. */
async function readTwice(bytes: Uint8Array, format: Format = { kind: 'wal2json' }, most = 0) {
  const folder = folderWith({ 'program.mjs': PROGRAM, 'package.json': '{"type":"module"}', log: bytes });
  await build({
    entryPoints: [
      { in: 'engine/source/read.ts', out: 'read' },
      { in: 'engine/source/decode/thread.ts', out: 'decode-thread' },
    ],
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['tinyglobby'],
    logLevel: 'error',
    plugins: [worthIt],
  });
  const args = [join(folder, 'program.mjs'), join(folder, 'log'), JSON.stringify(format), String(most)];
  const read = () => JSON.parse(spawnSync(process.execPath, args).stdout.toString());
  const ahead = read();
  rmSync(join(folder, 'decode-thread.js'));
  return { ahead, alone: read() };
}

const rows = Array.from({ length: 250_000 }, (_, id) => ({ id, text: `{"a":"${'ł'.repeat(id % 9)}\n"}` }));
const log = Buffer.from(rows.map((row) => insert('t', row)).join('\n'));

test('reads what is read without it, and knows the file by the same digest', async () => {
  const { ahead, alone } = await readTwice(log);
  expect(ahead).toEqual({ ...alone, threads: 1 });
  expect(alone).toMatchObject({ threads: 0, items: 500_000, error: null, marks: [{ bytes: log.length }] });
});

/** Fewer, and as many bytes. */
const wide = rows.slice(0, 25_000).map(({ id, text }) => ({ id, text: text + 'x'.repeat(1_500) }));

test('reads other formats too', async () => {
  const documents = Buffer.from(wide.map((row) => JSON.stringify(row)).join('\n'));
  const json = await readTwice(documents, ROWS);
  expect(json.ahead).toEqual({ ...json.alone, threads: 1 });
  expect(json.alone).toMatchObject({ items: 50_000, error: null });
  const sheet = Buffer.from(
    `id,text\n${wide.map(({ id, text }) => `${id},"${text.replaceAll('"', '""')}"`).join('\n')}`,
  );
  const csv = await readTwice(sheet, { kind: 'csv', delimiter: ',', encoding: { name: 'utf-8', unit: null } });
  expect(csv.ahead).toEqual({ ...csv.alone, threads: 1 });
  expect(csv.alone).toMatchObject({ items: 50_000, error: null, marks: [{ shape: 'unended' }] });
});

test('finds the same fault at the same place', async () => {
  const damaged = Buffer.from(log);
  damaged.writeUInt8(0xff, damaged.indexOf('ł', log.length - 5000));
  const { ahead, alone } = await readTwice(damaged);
  expect(ahead).toEqual({ ...alone, threads: 1 });
  expect(alone).toMatchObject({ threads: 0 });
});

test('finds the same end where it can not go on', async () => {
  const cut = Buffer.concat([log.subarray(0, -5000), Buffer.from('}')]);
  const { ahead, alone } = await readTwice(cut);
  expect(ahead).toEqual({ ...alone, threads: 1 });
  expect(alone).toMatchObject({ threads: 0, marks: [], error: { severity: 'error' } });
});

test('ends with whoever takes no more', async () => {
  const { ahead, alone } = await readTwice(log, { kind: 'wal2json' }, 3);
  expect(ahead).toEqual({ ...alone, threads: 1 });
  expect(alone).toMatchObject({ bytes: 3 << 19, error: null });
});
