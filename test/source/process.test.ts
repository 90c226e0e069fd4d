/** What only a process of its own can show: standard input, and how much memory reading takes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { expect, test } from 'vitest';
import * as version2 from '../log/version2.ts';
import { isFull } from '../support/counts.ts';
import { folderWith, insert } from './reading.ts';

const PROGRAM = `
import { readFiles } from './read.mjs';
const of = { inserts: 0, commits: 0, marks: 0, error: null };
const columns = new Set(['id']);
try {
  for await (const { items, mark, marks } of readFiles({ path: '-', format: { kind: 'wal2json' }, mode: 'log', table: '' }, [], [{ schema: null, tables: ['*'], columns }])) {
    for (const item of items) item.op === 'commit' ? of.commits++ : of.inserts++;
    of.marks += marks.length + items.filter((item) => item.op === 'commit' && mark(item) !== null).length;
  }
} catch (error) {
  of.error = error.diagnostics?.[0].code ?? String(error);
}
console.log(JSON.stringify({ ...of, mebibytes: process.resourceUsage().maxRSS / 1024 }));
`;

/** Starts a program that reads its standard input and says what it found. */
function start(): ChildProcess {
  const folder = folderWith({ 'program.mjs': PROGRAM });
  buildSync({
    entryPoints: ['engine/source/read.ts'],
    outfile: join(folder, 'read.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['tinyglobby'],
    logLevel: 'error',
  });
  return spawn(process.execPath, [join(folder, 'program.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
}

async function tell(parts: Iterable<string | Uint8Array>): Promise<Record<string, unknown> & { mebibytes: number }> {
  const { stdin, stdout } = start();
  if (!stdin || !stdout) throw new Error('both are pipes');
  for (const part of parts) if (!stdin.write(part)) await once(stdin, 'drain');
  stdin.end();
  return JSON.parse(await text(stdout));
}

test('standard input is read to its end, plain or gzip, and never marked', async () => {
  const log = `[${insert('t', { id: 1 })}, ${insert('t', { id: 2 })}]`;
  const zipped = gzipSync(log);
  const found = { inserts: 2, commits: 2, marks: 0, error: null };
  expect(await tell([log])).toMatchObject(found);
  expect(await tell([zipped.subarray(0, 1), zipped.subarray(1)])).toMatchObject(found);
  expect(await tell([log.slice(0, -30)])).toMatchObject({ inserts: 1, commits: 1, marks: 0, error: 'TRUNCATED_INPUT' });
  expect(await tell([])).toMatchObject({ inserts: 0, commits: 0, marks: 0, error: null });
});

test('memory does not grow with a transaction, nor with an array, all on one line', async () => {
  const changes = isFull ? 5_000_000 : 300_000;
  const change = insert('t', { id: 1, text: 'x'.repeat(100) }).slice('{"change":['.length, -2);
  function* list(before: string, each: string, behind: string, between = ',') {
    yield before + each;
    const portion = `${between}${each}`.repeat(1000);
    for (let at = 0; at < changes; at += 1000) yield portion;
    yield behind;
  }
  const transaction = await tell(list('{"change":[', change, ']}'));
  expect(transaction).toMatchObject({ inserts: changes + 1, commits: 1, error: null });
  const array = await tell(list('[', `{"change":[${change}]}`, ']'));
  expect(array).toMatchObject({ inserts: changes + 1, commits: changes + 1, error: null });
  const record = version2.inserted('t', [
    ['id', 'integer', 1],
    ['text', 'text', 'x'.repeat(100)],
  ]);
  const records = await tell(list('{"action":"B"}', record, '{"action":"C"}', '\n'));
  expect(records).toMatchObject({ inserts: changes + 1, commits: 1, error: null });
  for (const { mebibytes } of [transaction, array, records]) expect(mebibytes).toBeLessThan(200);
});
