/** A source that is followed: what comes is read once, in order, whatever the moments at which it is looked at. */
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { setTimeout, setImmediate as turn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openKnown } from '../../engine/source/known.ts';
import * as version2 from '../log/version2.ts';
import { runs } from '../support/counts.ts';
import { tell } from '../support/tally.ts';
import { type Follower, type FollowerOptions, openFollower } from './follower.ts';
import { errorOf, folderWith, insert, read, valuesOf } from './reading.ts';

const record = (id: number | string): string => insert('t', { id: String(id) });
const whole = (...ids: readonly string[]): string =>
  version2.transaction(ids.map((id) => version2.inserted('t', [['id', 'text', id]]))).join('\n');
const [a, b, c] = ['a', 'b', 'c'].map(record) as [string, string, string];

async function ids(follower: Follower): Promise<readonly unknown[]> {
  return valuesOf(await follower.look()).flat();
}

const csv = { kind: 'csv', delimiter: ',', encoding: { name: 'utf-8', unit: null } } as const;

/** Follows a folder with these files, or one place in it. */
function follow(files: Record<string, string | Buffer>, options: FollowerOptions = {}, place = '') {
  const folder = folderWith(files);
  const follower = openFollower(`${folder}${place}`, options);
  return { at: (name: string) => `${folder}/${name}`, follower, ids: () => ids(follower) };
}

describe('a file that grows', () => {
  test('gives each transaction when it is whole, and nothing in between', async () => {
    const { at, ids } = follow({ log: a });
    expect(await ids()).toEqual(['a']);
    expect(await ids()).toEqual([]);
    appendFileSync(at('log'), `${b}${c.slice(0, 40)}`);
    expect(await ids()).toEqual(['b']);
    appendFileSync(at('log'), c.slice(40, 60));
    expect(await ids()).toEqual([]);
    appendFileSync(at('log'), `${c.slice(60)}\n`);
    expect(await ids()).toEqual(['c']);
    expect(await ids()).toEqual([]);
  });

  test('and is csv gives a record when its line ends, or when nobody writes any more', async () => {
    const { at, ids } = follow({ 'a.csv': 'id\n1\n' }, { format: csv });
    expect(await ids()).toEqual(['1']);
    appendFileSync(at('a.csv'), '2\n3');
    expect(await ids()).toEqual(['2']);
    appendFileSync(at('a.csv'), '4');
    expect(await ids()).toEqual([]);
    appendFileSync(at('a.csv'), '\n5');
    expect(await ids()).toEqual(['34']);
    await setTimeout(1_100);
    expect(await ids()).toEqual(['5']);
    expect(await ids()).toEqual([]);
  });

  test('is not awaited where it lacks a quote, for nothing that comes can mend that', async () => {
    const { at, ids } = follow({ log: a });
    expect(await ids()).toEqual(['a']);
    appendFileSync(at('log'), `${b.replace('"insert"', '"insert')}\n${c}\n`);
    await expect(ids()).rejects.toThrow('a control character inside a string');
  });

  test('may end between B and C', async () => {
    const lines = `${whole('b', 'c')}\n`;
    const cut = lines.indexOf('{"action":"I"', lines.indexOf('"b"'));
    const { at, ids } = follow({ log: `${whole('a')}\n${lines.slice(0, cut)}` });
    expect(await ids()).toEqual(['a']);
    expect(await ids()).toEqual([]);
    appendFileSync(at('log'), lines.slice(cut));
    expect(await ids()).toEqual(['b', 'c']);
  });

  test('may be an array, whose end is written over', async () => {
    const { at, ids } = follow({ log: `[${a}\n]\n` });
    expect(await ids()).toEqual(['a']);
    writeFileSync(at('log'), `[${a}\n,${b}\n]\n`);
    expect(await ids()).toEqual(['b']);
    writeFileSync(at('log'), `[${a}\n,${b}\n,${c}`);
    expect(await ids()).toEqual(['c']);
    writeFileSync(at('log'), `[${a}\n,${b}\n,${c}]`);
    expect(await ids()).toEqual([]);
  });

  test('may begin empty, and may not be there yet', async () => {
    const { at, ids } = follow({}, {}, '/log');
    expect(await ids()).toEqual([]);
    writeFileSync(at('log'), '');
    expect(await ids()).toEqual([]);
    appendFileSync(at('log'), ` ${a}`);
    expect(await ids()).toEqual(['a']);
  });

  test('is awaited without being read again, and read again when it has grown', async () => {
    const { at, follower } = follow({ log: `${a}${b.slice(0, 30)}` });
    const files: (readonly string[])[] = [];
    for (const text of ['', '', b.slice(30), '']) {
      appendFileSync(at('log'), text);
      await follower.look();
      files.push(follower.files);
    }
    expect(files.map((each) => each.length)).toEqual([1, 0, 1, 0]);
  });

  test('from a place on where an earlier run has left it', async () => {
    const folder = folderWith({ log: a });
    const { marks } = await read(folder);
    const follower = openFollower(folder, { marks });
    expect(await ids(follower)).toEqual([]);
    appendFileSync(`${folder}/log`, b);
    expect(await ids(follower)).toEqual(['b']);
  });
});

test('what is known of a file does not count where the checkpoint is another, for another run has set it back', async () => {
  const known = openKnown();
  const { at, ids } = follow({ log: a }, { known });
  expect(await ids()).toEqual(['a']);
  const { marks } = await read(at('log'));
  appendFileSync(at('log'), b);
  expect(await ids()).toEqual(['b']);
  expect(await openFollower(at('log'), { known, marks }).look()).toHaveLength(2);
  expect(await openFollower(at('log'), { known }).look()).toHaveLength(4);
});

describe('files that come', () => {
  test('are read when they are there, in name order, into a folder or under a pattern', async () => {
    for (const place of ['', '/*.log']) {
      const { at, ids } = follow({ '1.log': a }, {}, place);
      expect(await ids()).toEqual(['a']);
      writeFileSync(at('3.log'), c);
      writeFileSync(at('2.log'), b);
      expect(await ids()).toEqual(['b', 'c']);
      expect(await ids()).toEqual([]);
    }
  });

  test('wait for one in front of them that is not whole', async () => {
    const { at, follower, ids } = follow({ 1: a });
    await ids();
    writeFileSync(at('2'), b.slice(0, 30));
    writeFileSync(at('3'), c);
    expect([await ids(), await ids()]).toEqual([[], []]);
    appendFileSync(at('2'), b.slice(30));
    expect(await ids()).toEqual(['b', 'c']);
    expect(follower.files).toEqual([at('2'), at('3')]);
  });

  test('wait for one that rests for so long only', async () => {
    const { at, follower } = follow({ 1: a.slice(0, 30) }, { patience: 100 });
    expect(await ids(follower)).toEqual([]);
    await setTimeout(150);
    expect(await ids(follower)).toEqual([]);
    writeFileSync(at('2'), b);
    expect(await errorOf(() => follower.look())).toMatchObject({ code: 'TRUNCATED_INPUT', data: { file: at('1') } });
  });

  test('do not wait for gzip that is not whole: nothing of it is read before', async () => {
    const zipped = gzipSync(`${a}\n${b}`);
    const { at, ids } = follow({ '1.gz': zipped.subarray(0, -4), 2: c });
    expect(await ids()).toEqual([]);
    writeFileSync(at('1.gz'), zipped);
    expect(await ids()).toEqual(['a', 'b', 'c']);
  });
});

describe('a rotated log', () => {
  const rotate = (at: (name: string) => string) => {
    for (const n of [2, 1, 0]) {
      const [from, to] = [n === 0 ? 'log' : `log.${n}`, `log.${n + 1}`];
      if (existsSync(at(from))) renameSync(at(from), at(to));
    }
  };

  test('is read on under its new name, before the file that has its name now', async () => {
    const { at, ids } = follow({ log: a, 'log.1': record('z') }, {}, '/log*');
    expect(await ids()).toEqual(['a', 'z']);
    const writer = openSync(at('log'), 'a');
    writeSync(writer, b);
    rotate(at);
    writeSync(writer, c);
    writeFileSync(at('log'), record('d'));
    expect(await ids()).toEqual(['b', 'c', 'd']);
    rotate(at);
    writeFileSync(at('log'), record('e'));
    expect([await ids(), await ids()]).toEqual([['e'], []]);
  });

  test('may be compressed afterwards', async () => {
    const { at, ids } = follow({ log: a }, {}, '/log*');
    await ids();
    rotate(at);
    writeFileSync(at('log'), b);
    expect(await ids()).toEqual(['b']);
    writeFileSync(at('log.1.gz'), gzipSync(a));
    // As gzip does: the old file goes when the new one is whole.
    setTimeout(50).then(() => rmSync(at('log.1')));
    expect([await ids(), await ids()]).toEqual([[], []]);
  });

  test('of which only the name is followed is refused, for nobody knows what was not read', async () => {
    const { at, follower } = follow({ log: a }, {}, '/log');
    await follower.look();
    rotate(at);
    expect(await ids(follower)).toEqual([]);
    writeFileSync(at('log'), b);
    expect(await errorOf(() => follower.look())).toMatchObject({ code: 'FILE_REPLACED', data: { file: at('log') } });
  });
});

describe('a file that is replaced', () => {
  test.each([
    ['emptied and written anew, to the same size', (path: string) => writeFileSync(path, c)],
    ['cut', (path: string) => truncateSync(path, 10)],
    ['emptied and written anew, to a larger size', (path: string) => writeFileSync(path, `${c}\n${b}`)],
    ['changed near the place', (path: string) => writeFileSync(path, `${a.replace('"a"', '"x"')}\n${b}`)],
  ])('stops a log: %s', async (_, replace) => {
    const { at, follower } = follow({ log: a });
    await follower.look();
    replace(at('log'));
    expect(await errorOf(() => follower.look())).toMatchObject({ code: 'FILE_REPLACED' });
  });

  test('is read again by key where the mapping says so', async () => {
    const { at, ids } = follow({ log: a }, { mode: 'upsert' });
    await ids();
    writeFileSync(at('log'), `${c}\n${b}`);
    expect(await ids()).toEqual(['c', 'b']);
  });

  test('and put back as it was goes on', async () => {
    const { at, ids } = follow({ log: a });
    await ids();
    copyFileSync(at('log'), at('copy'));
    renameSync(at('copy'), at('log'));
    appendFileSync(at('log'), b);
    expect([await ids(), await ids()]).toEqual([['b'], []]);
  });

  test('or gone keeps what was read of it', async () => {
    const { at, ids } = follow({ log: a, other: b });
    await ids();
    rmSync(at('log'));
    expect(await ids()).toEqual([]);
    appendFileSync(at('other'), c);
    expect(await ids()).toEqual(['c']);
  });
});

/** What a writer of logs does next: it writes so many bytes, or begins the next file. */
type Act = number | 'rotate' | 'look';
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 400 }) },
  { weight: 2, arbitrary: fc.constant<Act>('rotate') },
  { weight: 2, arbitrary: fc.constant<Act>('look') },
);

test('however a log is written, rotated and looked at, each transaction is read once, in order', async () => {
  const prove = async (acts: readonly Act[], kinds: readonly boolean[]) => {
    const { at, ids } = follow({ log: '' }, {}, '/log*');
    const all = kinds.map((_, n) => [`${n}`, `${n}'`]);
    const texts = all.map((each, n) => `${kinds[n] ? whole(...each) : each.map(record).join('\n')}\n`);
    let [bytes, found, rotations]: [string, unknown[], number] = [texts.join(''), [], 0];
    const write = (count: number) => {
      appendFileSync(at('log'), bytes.slice(0, count));
      bytes = bytes.slice(count);
    };
    const look = async () => {
      found = [...found, ...(await ids())];
    };
    for (const next of acts) {
      if (next === 'look') await look();
      else if (typeof next === 'number') write(next);
      else {
        // A writer ends its transaction before it begins another file, and a file is seen before it is rotated.
        write(endOfTransaction(bytes));
        await look();
        write(endOfTransaction(bytes));
        renameSync(at('log'), at(`log.${99 - rotations++}`));
        writeFileSync(at('log'), '');
      }
    }
    write(bytes.length);
    await look();
    expect(found).toEqual(all.flat());
    tell('rotations of a followed log', rotations);
  };
  const [acts, kinds] = [fc.array(act, { maxLength: 25 }), fc.array(fc.boolean(), { minLength: 1, maxLength: 40 })];
  await fc.assert(fc.asyncProperty(acts, kinds, prove), { numRuns: runs(15, 250) });
});

test('a log that is rotated in the midst of looks at it is read once, in order', async () => {
  const { at, ids } = follow({ log: '' }, {}, '/log*');
  const [rotations, found]: [number, unknown[]] = [runs(10, 100), []];
  let written = 0;
  const next = () => `${record(written++)}\n`;
  const write = async (file: number, count: number) => {
    for (let n = 0; n < count; n++) {
      const text = next();
      writeSync(file, text.slice(0, 50));
      await turn();
      writeSync(file, text.slice(50));
      await turn();
    }
  };
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  const writeAndRotate = async () => {
    for (let n = 0; n < rotations; n++) {
      const file = openSync(at('log'), 'a');
      const first = written;
      await write(file, 20);
      while (!found.includes(`${first}`) && !isOver) await turn();
      await write(file, n % 7);
      for (let count = 0; count < n % 11; count++) await turn();
      writeSync(file, next());
      for (let count = 0; count < n % 17; count++) await turn();
      renameSync(at('log'), at(`log.${999 - n}`));
      if (n % 2 === 0) {
        // The new file is there while the old one is still written to.
        writeFileSync(at('log'), '');
        for (const end = Date.now() + 60 * (n % 5); Date.now() < end; ) await write(file, 1);
        await write(file, 1);
      } else writeFileSync(at('log'), Array.from({ length: 200 }, next).join(''));
      closeSync(file);
    }
  };
  const lookOn = async () => {
    while (!isOver) found.push(...(await ids()));
  };
  await Promise.all([writeAndRotate().finally(over), lookOn().finally(over)]);
  found.push(...(await ids()));
  expect(found).toEqual(Array.from({ length: written }, (_, n) => `${n}`));
  tell('rotations of a followed log', rotations);
});

test('of two files that grow in the midst of a look, nothing of the later one is read in front of the earlier one', async () => {
  const { at, ids } = follow({ 1: record('x'), 2: record('y') });
  expect(await ids()).toEqual(['x', 'y']);
  for (let n = 0; n < runs(50, 500); n++) {
    const looking = ids();
    for (let count = 0; count < n % 25; count++) await turn();
    appendFileSync(at('1'), record(`${n}`));
    appendFileSync(at('2'), record(`${n}'`));
    expect([...(await looking), ...(await ids())]).toEqual([`${n}`, `${n}'`]);
  }
});

/** How many of these bytes, which may begin anywhere, go up to the end of a transaction; all if there is no other end. */
function endOfTransaction(bytes: string): number {
  const end = /\{"action":"C"[^\n]*\n|\{"change"[^\n]*\n/.exec(bytes);
  return end ? end.index + end[0].length : bytes.length;
}
