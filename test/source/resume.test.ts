import { createHash } from 'node:crypto';
import { appendFileSync, copyFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type FileMark, isFileMark } from '../../engine/change.ts';
import * as version2 from '../log/version2.ts';
import { folderWith, insert, type Outcome, read, valuesOf } from './reading.ts';

const inserted = (id: string): string => version2.inserted('t', [['id', 'text', id]]);
const whole = version2.transaction([inserted('a')]).join('\n');
const second = version2
  .transaction([inserted('b')])
  .slice(0, -1)
  .join('\n');
const [a, b, c] = [insert('t', { id: 'a' }), insert('t', { id: 'b' }), insert('t', { id: 'c' })];

/** What was read in whole transactions. */
function ids({ items }: Outcome): readonly unknown[] {
  return valuesOf(items.slice(0, items.findLastIndex(({ op }) => op === 'commit') + 1)).flat();
}

/** Reads a folder, changes it, and reads what is new. */
async function readAgain(files: Record<string, string | Buffer>, change: (folder: string) => void, mode?: 'upsert') {
  const folder = folderWith(files);
  const first = await read(folder);
  change(folder);
  const second = await read(folder, first.marks, mode && { mode });
  return { folder, first, second, again: await read(folder, second.marks, mode && { mode }) };
}

describe('the mark of a file', () => {
  test('tells bytes, records, digest, size and shape', async () => {
    const text = ` [${a} , ${b} ] `;
    const path = `${folderWith({ log: text })}/log`;
    const { marks } = await read(path);
    const bytes = text.indexOf(' ] ');
    const sha256 = (of: string | Buffer) => createHash('sha256').update(of);
    const digest = sha256(sha256(text.slice(0, bytes)).digest()).digest('hex');
    const { size, ctimeMs: changed } = statSync(path);
    expect(marks).toEqual([{ path, bytes, records: 2, digest, size, changed, shape: 'array' }]);
  });

  test('behind any commit is where the rest of the items starts', async () => {
    for (const text of [`[${a}, ${b}, ${c}]`, `${a}\n${b}\r\n${c}`]) {
      const path = `${folderWith({ log: text })}/log`;
      const whole = await read(path);
      for (const reading of whole.readings) {
        for (const commit of reading.items) {
          if (commit.op !== 'commit') continue;
          const mark = reading.mark(commit);
          const rest = await read(path, mark && isFileMark(mark) ? [mark] : []);
          expect(rest.items).toEqual(whole.items.slice(whole.items.indexOf(commit) + 1));
          expect(rest.marks).toEqual(whole.marks);
        }
      }
    }
  });

  test('is made behind the last whole record of a file that ends too early, and the mended file goes on there', async () => {
    for (const [cut, mended] of [
      [`[${a},${b.slice(0, 30)}`, `[${a},${b}]`],
      [`[${a}`, `[${a},${b}]`],
      [`${a}\n${b.slice(0, 30)}`, `${a}\n${b}`],
      [`${whole}\n${second}`, `${whole}\n${second}\n{"action":"C"}`],
      [
        `[${whole.replaceAll('\n', ',')},${second.replaceAll('\n', ',')}]`,
        `[${`${whole}\n${second}`.replaceAll('\n', ',')},{"action":"C"}]`,
      ],
    ] as const) {
      const { first, second, again } = await readAgain({ log: cut }, (folder) =>
        writeFileSync(`${folder}/log`, mended),
      );
      expect([ids(first), ids(second), ids(again)]).toEqual([['a'], ['b'], []]);
      expect(first.error).toMatchObject({ code: 'TRUNCATED_INPUT' });
      expect(second.error).toBeNull();
    }
  });

  test('is made behind the last whole record before one that can not be read', async () => {
    const { first, second } = await readAgain({ log: `${a}\n${b}x${c}` }, (folder) =>
      writeFileSync(`${folder}/log`, `${a}\n${b}${c}`),
    );
    expect(first.error).toMatchObject({ code: 'NOT_JSON', data: { record: 3, offset: a.length + b.length + 1 } });
    expect([ids(first), ids(second)]).toEqual([['a', 'b'], ['c']]);
  });
});

test('of a transaction with a change that can not be read, no other change is handed out with those before it', async () => {
  const half = `{"change":[${b.slice(11, -2)},{"kind":"upsert"}]}`;
  const { items, error } = await read(`${folderWith({ log: `${a}\n${half}` })}/log`);
  expect(error).toMatchObject({ code: 'NOT_WAL2JSON' });
  expect(items.map(({ op }) => op)).toEqual(['insert', 'commit']);
});

describe('a file that was read', () => {
  test('is not opened again as long as size and time of change stay', async () => {
    const { second } = await readAgain({ log: a }, () => {});
    expect(second.readings).toEqual([]);
  });

  test('gives nothing when only its time of change is another, and is not opened again then', async () => {
    const { first, second, again } = await readAgain({ log: `[${a}]\n` }, (folder) =>
      utimesSync(`${folder}/log`, 1, 1),
    );
    expect(ids(second)).toEqual([]);
    expect(second.marks).toEqual([{ ...first.marks[0], changed: expect.any(Number) }]);
    expect(second.marks[0]?.changed).toBeGreaterThan(first.marks[0]?.changed ?? Number.NaN);
    expect(again.readings).toEqual([]);
  });

  test.each([
    ['lines', `${a}`, `${a}\n${b}\n`],
    ['lines', `${a}\n`, `${a}\n${b}`],
    ['an array', `[${a}]`, `[${a},${b}]`],
    ['an array', `[\n${a}\n]\n`, `[\n${a}\n,\n${b}\n]\n`],
    ['gzip', gzipSync(a), gzipSync(`${a}\n${b}`)],
    ['gzip', gzipSync(a), Buffer.concat([gzipSync(a), gzipSync(b)])],
  ])('that has grown is read on: %s', async (_, before, after) => {
    const { second, again } = await readAgain({ log: before }, (folder) => writeFileSync(`${folder}/log`, after));
    expect(ids(second)).toEqual(['b']);
    expect(second.items[0]).toMatchObject({ at: { record: 2 } });
    expect(again.readings).toEqual([]);
  });

  test('from which an empty array was read may get its first record', async () => {
    const { second } = await readAgain({ log: '[]' }, (folder) => writeFileSync(`${folder}/log`, `[${a}]`));
    expect(ids(second)).toEqual(['a']);
  });

  test.each([
    ['replaced', `${b}\n${c}`],
    ['replaced by a longer one that differs in one byte', `${a.replace('"a"', '"x"')}\n${b}`],
    ['shorter', a.slice(0, -1)],
    ['emptied', ''],
  ])('and is now %s stops a log before anything is read, and is read again by key', async (_, content) => {
    const change = (folder: string) => {
      writeFileSync(`${folder}/log`, content);
      writeFileSync(`${folder}/another`, c);
    };
    const { folder, second } = await readAgain({ log: `${a}\n` }, change);
    expect(second.readings).toEqual([]);
    expect(second.error).toMatchObject({ code: 'FILE_REPLACED', data: { file: `${folder}/log` } });
    expect(second.error?.hint).toContain('--full-refresh');
    const upsert = await readAgain({ log: `${a}\n` }, change, 'upsert');
    expect(ids(upsert.second)).toEqual(['c', ...ids(await read(`${upsert.folder}/log`))]);
  });
});

describe('files under other names', () => {
  const renamedIn = ({ readings }: Outcome, folder: string) =>
    readings.flatMap(({ renamed }) => [...renamed].map((pair) => pair.map((path) => path.slice(folder.length + 1))));

  test('a renamed file is known, also when it has grown', async () => {
    for (const more of ['', `\n${b}`]) {
      const { folder, second, again } = await readAgain({ log: a }, (at) => {
        renameSync(`${at}/log`, `${at}/old`);
        appendFileSync(`${at}/old`, more);
      });
      expect(ids(second)).toEqual(more === '' ? [] : ['b']);
      expect(renamedIn(second, folder)).toEqual([['log', 'old']]);
      expect(second.marks.map(({ path }) => path)).toEqual([`${folder}/old`]);
      expect(again.readings).toEqual([]);
    }
  });

  test('a rotated log is known under its new name, though it had grown, and the old name is a new file behind it', async () => {
    const { folder, second, again } = await readAgain({ log: `${a}`, 'log.1': c }, (at) => {
      appendFileSync(`${at}/log`, b);
      renameSync(`${at}/log.1`, `${at}/log.2`);
      renameSync(`${at}/log`, `${at}/log.1`);
      writeFileSync(`${at}/log`, insert('t', { id: 'd' }));
    });
    expect(second.error).toBeNull();
    expect(ids(second)).toEqual(['b', 'd']);
    expect(renamedIn(second, folder).sort()).toEqual([
      ['log', 'log.1'],
      ['log.1', 'log.2'],
    ]);
    expect(again.readings).toEqual([]);
  });

  test('names may be swapped', async () => {
    const { folder, second, again } = await readAgain({ x: a, y: b }, (at) => {
      // Both are equally large, so it is their time of change that tells.
      utimesSync(`${at}/x`, 1, 1);
      utimesSync(`${at}/y`, 2, 2);
      renameSync(`${at}/x`, `${at}/z`);
      renameSync(`${at}/y`, `${at}/x`);
      renameSync(`${at}/z`, `${at}/y`);
    });
    expect(second).toMatchObject({ items: [], error: null });
    expect(renamedIn(second, folder)).toEqual([
      ['y', 'x'],
      ['x', 'y'],
    ]);
    expect(again.readings).toEqual([]);
  });

  test('a log that was copied away and emptied goes on', async () => {
    const { second } = await readAgain({ log: a }, (at) => {
      copyFileSync(`${at}/log`, `${at}/old`);
      writeFileSync(`${at}/log`, b);
    });
    expect(second.error).toBeNull();
    expect(ids(second)).toEqual(['b']);
  });

  test('a copy is known, and both are known from then on', async () => {
    const { folder, second, again } = await readAgain({ log: a }, (at) => copyFileSync(`${at}/log`, `${at}/copy`));
    expect(ids(second)).toEqual([]);
    expect(renamedIn(second, folder)).toEqual([]);
    expect(again.readings).toEqual([]);
    expect(again.marks).toHaveLength(2);
  });

  test('a file that appears later is read then, and the marks of files that are gone are kept', async () => {
    const { second } = await readAgain({ m: a }, (at) => {
      rmSync(`${at}/m`);
      writeFileSync(`${at}/k`, b);
    });
    expect(ids(second)).toEqual(['b']);
    expect(second.marks).toHaveLength(2);
  });

  test('the longest mark that a file begins with counts', async () => {
    const folder = folderWith({ short: a, long: `${a}\n${b}` });
    const { marks } = await read(folder);
    rmSync(`${folder}/short`);
    rmSync(`${folder}/long`);
    writeFileSync(`${folder}/new`, `${a}\n${b}\n${c}`);
    for (const known of [marks, marks.toReversed()]) expect(ids(await read(folder, known))).toEqual(['c']);
  });
});

test('files of a folder are read in name order, each with its own record numbers', async () => {
  const folder = folderWith({ '2.json': `[${c}]`, '10.json': `${a}\n${b}`, '3.gz': gzipSync(a), '.x': 'no' });
  const { items, readings, marks } = await read(folder);
  expect(valuesOf(items).flat()).toEqual(['a', 'b', 'c', 'a']);
  expect([...new Set(readings.map(({ file }) => file.slice(folder.length + 1)))]).toEqual([
    '10.json',
    '2.json',
    '3.gz',
  ]);
  expect(items.flatMap((item) => (item.op === 'commit' ? [item.records] : []))).toEqual([1, 2, 1, 1]);
  expect(readings.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(2 * a.length + b.length + c.length + 3);
  expect(marks).toHaveLength(3);
});

test('marks of other files do not keep a file that is cut from being read', async () => {
  const lost: FileMark = { path: 'x', bytes: 1 << 30, records: 1, digest: '', size: 0, changed: 0, shape: 'array' };
  const long = Array.from({ length: 2000 }, (_, id) => insert('t', { id })).join('\n');
  const folder = folderWith({ cut: gzipSync(long).subarray(0, -20) });
  const { items, error } = await read(folder, [lost]);
  expect(error).toMatchObject({ code: 'TRUNCATED_INPUT' });
  expect(items.length).toBeGreaterThan(1000);
});
