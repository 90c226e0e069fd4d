import { mkdirSync, symlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findFiles } from '../../engine/source/place.ts';
import { errorOf, folderWith } from './reading.ts';

const empty = { 'b.json': '', 'a.json': '', 'B.json': '', 'c.txt': '', '.hidden.json': '', 'd[1].json': '' };

async function found(folder: string, place: string): Promise<readonly string[]> {
  return (await findFiles(`${folder}/${place}`)).map((path) => path.slice(folder.length + 1));
}

describe('a place names', () => {
  test('standard input', async () => {
    expect(await findFiles('-')).toEqual(['-']);
  });

  test('one file', async () => {
    expect(await found(folderWith(empty), 'b.json')).toEqual(['b.json']);
  });

  test('the files in a folder in name order, without dot files and folders', async () => {
    const folder = folderWith(empty);
    mkdirSync(`${folder}/sub.json`);
    symlinkSync('a.json', `${folder}/link.json`);
    const all = ['B.json', 'a.json', 'b.json', 'c.txt', 'd[1].json', 'link.json'];
    expect(await found(folder, '')).toEqual(all.map((name) => name));
    expect(await findFiles(folder)).toEqual(all.map((name) => `${folder}/${name}`));
  });

  test('no file where a folder is empty', async () => {
    expect(await findFiles(folderWith({}))).toEqual([]);
  });

  test('the files that a pattern matches, in name order', async () => {
    const folder = folderWith(empty);
    expect(await found(folder, '*.json')).toEqual(['B.json', 'a.json', 'b.json', 'd[1].json']);
    expect(await found(folder, '{c,a}.*')).toEqual(['a.json', 'c.txt']);
  });

  test('a file whose name looks like a pattern', async () => {
    expect(await found(folderWith(empty), 'd[1].json')).toEqual(['d[1].json']);
  });
});

describe('what is not there', () => {
  test('a file, with the near name in the same folder', async () => {
    const folder = folderWith({ 'wal.json': '' });
    expect(await errorOf(() => findFiles(`${folder}/wall.json`))).toMatchObject({
      code: 'FILE_NOT_FOUND',
      data: { file: `${folder}/wall.json` },
      hint: '"wal.json" is spelled almost the same',
    });
    expect(await errorOf(() => findFiles(`${folder}/other.csv`))).not.toHaveProperty('hint');
    expect(await errorOf(() => findFiles(`${folder}/no/wal.json`))).toMatchObject({ code: 'FILE_NOT_FOUND' });
    expect(await errorOf(() => findFiles(`${folder}/wal.json/x`))).toMatchObject({ code: 'FILE_NOT_FOUND' });
  });

  test('what a link in a folder points to', async () => {
    const folder = folderWith(empty);
    symlinkSync('gone.json', `${folder}/link.json`);
    const error = await errorOf(() => findFiles(folder));
    expect(error).toMatchObject({ code: 'FILE_NOT_FOUND', data: { file: `${folder}/link.json` } });
  });

  test('a match of a pattern', async () => {
    const error = await errorOf(() => findFiles(`${folderWith(empty)}/*.log`));
    expect(error).toMatchObject({ code: 'FILE_NOT_FOUND', message: 'no file matches this pattern' });
  });
});
