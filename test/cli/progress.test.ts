import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setTimeout as passed } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { openPace } from '../../engine/cli/pace.ts';
import { progressOn } from '../../engine/cli/progress.ts';
import type { Progress } from '../../engine/pipeline/progress.ts';
import { run } from '../../engine/pipeline/run.ts';
import { mappingOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';
import { event, mapping } from './payments.ts';

/** What a run of some megabytes tells. */
function read(megabytes: number, total: number | null = 100, metric = 'm'): Progress {
  const [bytes, changes] = [megabytes * 1e6, megabytes * 1000];
  return { metric, step: 'read', bytes, changes, total: total && total * 1e6 };
}

/** A clock that goes on when it is told to. */
function openClock() {
  let now = 0;
  return { now: () => now, pass: (ms: number) => (now += ms) };
}

/** A stream that remembers what is written to it. */
function openStream(isTTY: boolean) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 120, cursorTo() {}, clearLine() {} });
  return stream as unknown as NodeJS.WriteStream & PassThrough;
}

describe('where there is no terminal', () => {
  function openLines() {
    const [clock, stream] = [openClock(), openStream(false)];
    const progress = progressOn(stream, clock.now);
    const update = (ms: number, how: Progress) => {
      clock.pass(ms);
      progress.update(how);
      return String(stream.read() ?? '');
    };
    return { update, stop: progress.stop };
  }

  test('a line comes every five seconds, with amounts, speed and time left', () => {
    const { update } = openLines();
    expect(update(1_000, read(0))).toBe('');
    expect(update(3_000, read(30))).toBe('');
    expect(update(1_000, read(40))).toBe('reading 40.0 MB of 100.0 MB, 40,000 changes, 10,000 a second, 6 s left\n');
    expect(update(4_900, read(80))).toBe('');
    expect(update(100, read(90))).toBe('reading 90.0 MB of 100.0 MB, 90,000 changes, 10,000 a second, 1 s left\n');
  });

  test('what nobody knows is not said: of a stream how much there is', () => {
    const { update } = openLines();
    update(1_000, read(0, null));
    expect(update(5_000, read(50, null))).toBe('reading 50.0 MB, 50,000 changes, 10,000 a second\n');
  });

  test('that a metric is derived is told at once, if the run lasts', () => {
    const derive: Progress = { ...read(100), step: 'derive' };
    const { update } = openLines();
    expect(update(1_000, derive)).toBe('');
    expect(update(4_000, read(100))).not.toBe('');
    expect(update(10, derive)).toBe('deriving m from 100,000 changes\n');
  });

  test('nothing comes of a run that has ended', () => {
    const { update, stop } = openLines();
    stop();
    expect(update(60_000, read(50))).toBe('');
  });
});

describe('on a terminal', () => {
  test('a run that lasts has a bar with amounts, speed and time left, which is gone when it ends', async () => {
    const [clock, terminal] = [openClock(), openStream(true)];
    const progress = progressOn(terminal, clock.now);
    progress.update(read(0));
    clock.pass(1_000);
    progress.update(read(10));
    await passed(300);
    clock.pass(1_000);
    progress.update(read(25));
    await passed(300);
    progress.stop();
    const shown = stripVTControlCharacters(String(terminal.read()));
    expect(shown).toMatch(/reading █+░+ 25\.0 MB of 100\.0 MB, 12,500 changes\/s, 6 s left/);
  });

  test('a run that ends while its bar is loaded draws none, which would keep the process alive', async () => {
    const [clock, terminal] = [openClock(), openStream(true)];
    const progress = progressOn(terminal, clock.now);
    clock.pass(600);
    progress.update(read(1));
    progress.stop();
    await passed(300);
    expect(terminal.read()).toBeNull();
  });

  test('a run that is short has none', async () => {
    const [clock, terminal] = [openClock(), openStream(true)];
    const progress = progressOn(terminal, clock.now);
    clock.pass(400);
    progress.update(read(1));
    await passed(300);
    expect(terminal.read()).toBeNull();
    progress.stop();
  });
});

describe('the pace', () => {
  test('is that of the last ten seconds', () => {
    const pace = openPace();
    expect(pace(read(0), 0)).toMatchObject({ perSecond: null, left: null });
    expect(pace(read(50), 10_000)).toMatchObject({ perSecond: 5_000, left: 10 });
    expect(pace(read(60), 20_000)).toMatchObject({ perSecond: 1_000, left: 40 });
    expect(pace(read(60), 30_000)).toMatchObject({ perSecond: 0, left: null });
  });

  test('of several metrics is that of all together', () => {
    const pace = openPace();
    pace(read(0, 100, 'a'), 0);
    pace(read(0, 20, 'b'), 0);
    pace(read(10, 100, 'a'), 1_000);
    const both = { bytes: 20e6, changes: 20_000, total: 120e6, perSecond: 20_000, left: 5 };
    expect(pace(read(10, 20, 'b'), 1_000)).toEqual(both);
    expect(pace(read(10, null, 'b'), 1_000)).toMatchObject({ total: null, left: null });
  });
});

test('the pace is told as fast of a run that says every moment how far it is', () => {
  const pace = openPace();
  // If each of them were remembered and looked at by the next ones, this would last for minutes.
  for (let n = 0; n < 300_000; n++) pace(read(n / 3_000), n / 30);
  expect(pace(read(100), 10_000)).toMatchObject({ perSecond: 10_000 });
});

describe('a run tells how much there is to be read', () => {
  const [first, second] = [event(1, 10), event(2, 10)].map((record) => `${record}\n`) as [string, string];

  /** Runs over a file of such records, and gives what was told of it. */
  async function told(folder: string, name: string, content: string | Uint8Array): Promise<readonly Progress[]> {
    const [path, all] = [join(folder, name), [] as Progress[]];
    writeFileSync(path, content);
    const options = { inputs: new Map([['', path]]), output: join(folder, 'metrics.db') };
    await run(mappingOf(mapping), { ...options, onProgress: (progress) => all.push(progress) });
    return all;
  }

  test('that is all of a file, and what it has grown by behind the checkpoint', () =>
    inScratch(async (folder) => {
      const [size, metric] = [first.length, 'payments'];
      expect(await told(folder, 'wal.json', first)).toEqual([
        { metric, step: 'read', bytes: size, changes: 1, total: size },
        { metric, step: 'read', bytes: size, changes: 1, total: size },
        { metric, step: 'derive', bytes: size, changes: 1, total: size },
      ]);
      const grown = await told(folder, 'wal.json', first + second);
      // The checkpoint stands before the end of the line.
      const behind = second.length + 1;
      expect(grown.at(-1)).toEqual({ metric, step: 'read', bytes: behind, changes: 1, total: behind });
    }));

  test('of gzip nobody knows, whatever its name', () =>
    inScratch(async (folder) => {
      expect((await told(folder, 'wal.json.gz', gzipSync(first)))[0]).toMatchObject({ total: null });
      expect((await told(folder, 'wal.zipped', gzipSync(second.repeat(50)))).at(-1)).toMatchObject({ total: null });
    }));
});
