import { chmodSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readBytes } from '../../engine/source/file.ts';
import { withoutPrivileges } from '../support/privileges.ts';
import { errorOf, folderWith, insert, read, valuesOf } from './reading.ts';

const log = Array.from({ length: 50 }, (_, id) => insert('t', { id })).join('\n');

async function bytesOf(path: string, from: number): Promise<string> {
  const all: Buffer[] = [];
  for await (const bytes of readBytes(path, from)) {
    expect(bytes.length).toBeGreaterThan(0);
    all.push(bytes);
  }
  return Buffer.concat(all).toString();
}

describe('bytes of a file', () => {
  test.each(['', 'a', 'ab', 'abc', 'x'.repeat(3_000_000)])('from any place on, plain or gzip', async (text) => {
    const folder = folderWith({ plain: text, zipped: gzipSync(text) });
    for (const from of [0, 1, 2, text.length - 1, text.length, text.length + 1].filter((each) => each >= 0)) {
      expect((await bytesOf(`${folder}/plain`, from)) === text.slice(from)).toBe(true);
      expect((await bytesOf(`${folder}/zipped`, from)) === text.slice(from)).toBe(true);
    }
  });

  test('one that is gone when it is read', async () => {
    expect(await errorOf(() => bytesOf(`${folderWith({})}/x`, 0))).toMatchObject({ code: 'FILE_NOT_FOUND' });
  });

  test('one that must not be read', async () => {
    const folder = folderWith({ secret: log });
    chmodSync(`${folder}/secret`, 0);
    const { error } = await withoutPrivileges(folder, () => read(`${folder}/secret`));
    expect(error).toMatchObject({ code: 'NO_PERMISSION' });
  });
});

describe('gzip', () => {
  test('is known by its first bytes, whatever the name, and may have several members', async () => {
    const half = log.lastIndexOf('\n', log.length / 2);
    const zipped = Buffer.concat([gzipSync(log.slice(0, half)), gzipSync(log.slice(half))]);
    const folder = folderWith({ 'log.json': zipped, plain: log });
    const { items, error } = await read(`${folder}/log.json`);
    expect(error).toBeNull();
    expect(valuesOf(items)).toEqual(valuesOf((await read(`${folder}/plain`)).items));
  });

  test('that is cut gives the whole records before the cut, and the mended file goes on behind them', async () => {
    const long = Array.from({ length: 20_000 }, (_, id) => insert('t', { id, text: String(Math.sin(id)) })).join('\n');
    const zipped = gzipSync(long);
    const folder = folderWith({ cut: zipped.subarray(0, -1000), whole: zipped });
    const cut = await read(`${folder}/cut`);
    expect(cut.error).toMatchObject({ code: 'TRUNCATED_INPUT', data: { file: `${folder}/cut` } });
    expect(cut.items.length).toBeGreaterThan(30_000);
    const rest = await read(
      `${folder}/whole`,
      cut.marks.map((mark) => ({ ...mark, path: `${folder}/whole` })),
    );
    expect(rest.error).toBeNull();
    expect([...valuesOf(cut.items), ...valuesOf(rest.items)]).toHaveLength(20_000);
  });

  test('that is broken', async () => {
    const folder = folderWith({ broken: Buffer.concat([gzipSync(log).subarray(0, 60), Buffer.alloc(100, 7)]) });
    expect((await read(`${folder}/broken`)).error).toMatchObject({ code: 'NOT_GZIP' });
  });
});
