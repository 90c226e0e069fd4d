/** `etl run --follow`: what is written to a log is in the target soon, until a signal. */
import { appendFileSync, closeSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { RunResult } from '../../engine/pipeline/result.ts';
import { asLines } from '../log/log.ts';
import * as version2 from '../log/version2.ts';
import { type Bench, onBench } from './etl.ts';
import { type Followed, whileFollowing } from './followed.ts';
import { event, events, mapping, records, rows, transaction, transactions, twoSources } from './payments.ts';

const bare = { 'payments.yaml': mapping };
const files = { ...bare, 'wal.json': asLines(records) };

/** Events 3 and on wait for transaction 9, so that one record brings a row. */
const more = (id: number): string => `${event(id, 7)}\n`;
const isThere = (bench: Bench, id: number) => () => bench.rows().includes(`${id},500`);

/** Appends to a file of the bench, the log where none is named. */
const append = ({ folder }: Bench, text: string, name = 'wal.json') => appendFileSync(join(folder, name), text);

describe.concurrent('a followed log', () => {
  test('is taken in, then each transaction as it comes, with a line for each time', () =>
    onBench(files, async (bench) => {
      const { exit, stdout, stderr } = await whileFollowing(bench, ['payments.yaml'], async ({ until }) => {
        expect(bench.rows()).toEqual(rows);
        append(bench, more(4));
        await until(isThere(bench, 4));
        append(bench, more(5) + more(6));
        await until(isThere(bench, 6));
      });
      expect([exit, stderr]).toEqual([143, '']);
      const [first = '', ...lines] = stdout.split(/^(?=\d{4}-)/m);
      expect(first).toMatch(/^payments\n {2}read {4}wal\.json {3}5 changes (?:.*\n)+ {2}follow {2}goes on .*\n$/);
      const news = lines.map((line) => line.split('\n')[0]?.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/, ''));
      expect(news).toEqual(['   payments   1 change   +1 ~0 -0', '   payments   2 changes   +2 ~0 -0']);
      expect(stdout).toMatch(
        /\npayments\n {2}read {4}wal\.json {3}8 changes (?:.*\n)+ {2}done .* checkpoint wal\.json #8\n$/,
      );
    }));

  test('shows a transaction within a second', () =>
    onBench(files, async (bench) => {
      const took: number[] = [];
      await whileFollowing(bench, ['payments.yaml'], async ({ until }) => {
        for (let id = 10; id < 20; id++) {
          append(bench, more(id));
          took.push(await until(isThere(bench, id)));
          await setTimeout(id * 7);
        }
      });
      // Of ten the fifth: the machine may be busy with something else for longer than a second, but not half of the time.
      expect(took.sort((a, b) => a - b)[5]).toBeLessThan(1_000);
    }));

  test('may end within a record: what is whole counts at once, the rest when it is', () =>
    onBench(files, async (bench) => {
      const { exit } = await whileFollowing(bench, ['payments.yaml'], async ({ until }) => {
        append(bench, more(4) + more(5).slice(0, 60));
        await until(isThere(bench, 4));
        await setTimeout(600);
        expect(isThere(bench, 5)()).toBe(false);
        append(bench, more(5).slice(60));
        await until(isThere(bench, 5));
      });
      expect(exit).toBe(143);
    }));

  test('may end between B and C', () =>
    onBench({ ...bare, 'wal.json': asLines(records) }, async (bench) => {
      const row = (id: number) =>
        version2.inserted('event', [
          ['event_id', 'integer', id],
          ['transaction_id', 'integer', 7],
        ]);
      const lines = version2.transaction([row(4), row(5)]).map((line) => `${line}\n`);
      await whileFollowing(bench, ['payments.yaml', '--batch-size', '1'], async ({ stdout, until }) => {
        append(bench, lines.slice(0, 2).join(''));
        await setTimeout(600);
        append(bench, lines.slice(2, 3).join(''));
        await setTimeout(600);
        expect(bench.rows()).toEqual(rows);
        append(bench, lines.slice(3).join(''));
        await until(isThere(bench, 5));
        expect(bench.rows()).toEqual([...rows, '4,500', '5,500']);
        // Read three times, it counts once.
        await until(() => stdout().includes('   payments   2 changes   +2 ~0 -0\n'));
      });
    }));

  test('is not read from its start when it has grown', async ({ skip }) => {
    if (process.platform !== 'linux') return skip('only Linux tells how much a process has read');
    const many = asLines([transaction(7, 500), ...Array.from({ length: 60_000 }, (_, n) => event(n, 7))]);
    await onBench({ ...bare, 'wal.json': many }, async (bench) => {
      await bench.etl(['run', 'payments.yaml']);
      await whileFollowing(bench, ['payments.yaml'], async ({ child, until }) => {
        append(bench, more(70_000));
        await until(isThere(bench, 70_000));
        const before = bytesReadBy(child.pid);
        for (let id = 70_001; id < 70_006; id++) {
          append(bench, more(id));
          await until(isThere(bench, id));
        }
        expect(bytesReadBy(child.pid) - before).toBeLessThan(many.length / 2);
      });
    });
  });

  test('that rests costs next to nothing', async ({ skip }) => {
    if (process.platform !== 'linux') return skip('only Linux tells how much a process has read');
    await onBench(files, async (bench) => {
      await whileFollowing(bench, ['payments.yaml'], async ({ child, stdout }) => {
        await setTimeout(500);
        const [before, digest, printed] = [bytesReadBy(child.pid), bench.digest('metrics.db'), stdout()];
        await setTimeout(1_500);
        expect(bytesReadBy(child.pid) - before).toBeLessThan(10_000);
        expect([bench.digest('metrics.db'), stdout()]).toEqual([digest, printed]);
      });
    });
  });

  test('is awaited where it is not there yet, and that is said', () =>
    onBench(bare, async (bench) => {
      const { stdout, stderr } = await whileFollowing(bench, ['payments.yaml'], async ({ until }) => {
        append(bench, asLines(records));
        await until(() => bench.rows().length === rows.length);
      });
      expect(stderr).toBe('wal.json: warning FILE_AWAITED: nothing is there yet, and what comes is read then\n');
      expect(stdout).toContain('   payments   5 changes   +2 ~0 -0\n');
      expect(stdout).toContain('   2 rows   +2 ~0 -0   written anew from the state: a column has another type now\n');
    }));

  test('with a record that can not be read ends there', () =>
    onBench(files, async (bench) => {
      const { exit, stdout, stderr } = await whileFollowing(bench, ['payments.yaml'], async ({ child, until }) => {
        append(bench, more(4) + more(5).replace('"insert"', '"upsert"') + more(6));
        await until(() => child.exitCode !== null);
      });
      expect(exit).toBe(1);
      expect(stderr).toMatch(
        /^wal\.json:7 \(byte \d+\): error NOT_WAL2JSON: .*\n {2}kept: everything up to record 6 of wal\.json/,
      );
      expect(stderr.match(/error/g)).toHaveLength(1);
      expect(stdout).not.toContain('Z   payments');
      expect(bench.rows()).toEqual([...rows, '4,500']);
    }));

  test('with a record that can not be read goes on behind it where there is a file for such', () =>
    onBench(files, async (bench) => {
      const { exit, stdout } = await whileFollowing(
        bench,
        ['payments.yaml', '--dead-letter', 'dead.jsonl'],
        async ({ until }) => {
          append(bench, more(4) + more(5).replace('"insert"', '"upsert"') + more(6));
          await until(isThere(bench, 6));
        },
      );
      expect(exit).toBe(143);
      expect(stdout).toContain('   payments   2 changes   +2 ~0 -0   1 transaction left out\n');
      expect(JSON.parse(readFileSync(join(bench.folder, 'dead.jsonl'), 'utf8'))).toMatchObject({ record: 7 });
    }));
});

describe.concurrent('a followed folder', () => {
  test('gives new files as they come, in name order', () =>
    onBench({ ...bare, 'logs/1.json': asLines(records) }, async (bench) => {
      const { stdout } = await whileFollowing(bench, ['payments.yaml', '--input', 'logs'], async ({ until }) => {
        bench.write('logs/.2.json.part', more(4));
        await setTimeout(400);
        expect(bench.rows()).toEqual(rows);
        renameSync(join(bench.folder, 'logs/.2.json.part'), join(bench.folder, 'logs/2.json'));
        await until(isThere(bench, 4));
        bench.write('logs/3.json', more(5));
        bench.write('logs/4.json', more(6));
        await until(isThere(bench, 6));
      });
      expect(stdout).toContain('checkpoint 4.json #1, 4 files in all\n');
    }));

  test('goes on with a log that is rotated, and loses nothing', () =>
    onBench(files, async (bench) => {
      const at = (name: string) => join(bench.folder, name);
      const { exit } = await whileFollowing(bench, ['payments.yaml', '--input', 'wal.json*'], async ({ until }) => {
        const writer = openSync(at('wal.json'), 'a');
        writeSync(writer, more(4));
        await until(isThere(bench, 4));
        renameSync(at('wal.json'), at('wal.json.1'));
        writeSync(writer, more(5));
        closeSync(writer);
        writeFileSync(at('wal.json'), more(6));
        await until(isThere(bench, 6));
        expect(isThere(bench, 5)()).toBe(true);
      });
      expect(exit).toBe(143);
      expect((await bench.etl(['run', 'payments.yaml', '--input', 'wal.json*'])).stdout).toContain('nothing new');
    }));

  test('ends where a file is replaced, as a run does', () =>
    onBench(files, async (bench) => {
      const { exit, stderr } = await whileFollowing(bench, ['payments.yaml'], async ({ child, until }) => {
        bench.write('wal.json', asLines(records.toReversed()));
        await until(() => child.exitCode !== null);
      });
      expect(exit).toBe(1);
      expect(stderr).toContain('wal.json: error FILE_REPLACED: ');
      expect(bench.rows()).toEqual(rows);
    }));
});

describe.concurrent('several at once', () => {
  test('sources of one mapping are followed side by side', () =>
    onBench({ 'payments.yaml': twoSources, 'shop.json': asLines(events), 'bank.json': '' }, async (bench) => {
      await whileFollowing(bench, ['payments.yaml'], async ({ until }) => {
        append(bench, asLines(transactions.slice(0, 1)), 'bank.json');
        await until(() => bench.rows().length === 1);
        append(bench, more(4), 'shop.json');
        await until(isThere(bench, 4));
        append(bench, asLines(transactions.slice(1)), 'bank.json');
        await until(() => bench.rows().length === 3);
      });
      expect(bench.rows()).toEqual([...rows, '4,500']);
    }));

  test('mappings are followed side by side, and one that ends in an error does not end another', () => {
    const others = { 'other.yaml': mapping.replace('payments', 'others').replace('wal.json', 'other.json') };
    return onBench({ ...files, ...others, 'other.json': asLines(records) }, async (bench) => {
      const args = ['payments.yaml', 'other.yaml', 'missing.yaml'];
      const { exit, stdout, stderr } = await whileFollowing(bench, args, async ({ until, stdout, stderr }) => {
        await until(() => stdout().match(/\n {2}follow/g)?.length === 2);
        append(bench, more(4), 'other.json');
        await until(() => stdout().includes('   others   1 change '));
        append(bench, '{]', 'other.json');
        await until(() => stderr().includes('other.json:7'));
        append(bench, more(4));
        await until(isThere(bench, 4));
      });
      expect(exit).toBe(143);
      expect(stderr).toMatch(
        /^missing\.yaml: error MAPPING_NOT_FOUND(?:.*\n)*.*other\.json:7 \(byte \d+\): error NOT_JSON/,
      );
      expect(stderr.match(/error/g)).toHaveLength(2);
      expect(stdout.match(/^others$/gm)).toHaveLength(1);
    });
  });

  test('another run that takes in what has come is no harm', () =>
    onBench(files, async (bench) => {
      const { exit, stdout } = await whileFollowing(bench, ['payments.yaml'], async ({ child, until }) => {
        for (let id = 4; id < 9; id++) {
          // A process that is stopped may hold a lock, which nobody gets then.
          await setTimeout(150);
          child.kill('SIGSTOP');
          append(bench, more(id));
          expect((await bench.etl(['run', 'payments.yaml'])).exit).toBe(0);
          append(bench, more(id + 100));
          child.kill('SIGCONT');
          await until(isThere(bench, id + 100));
        }
      });
      expect(exit).toBe(143);
      expect(bench.rows()).toHaveLength(rows.length + 10);
      expect(stdout.match(/^payments$/gm)).toHaveLength(2);
      expect(stdout).toContain('read    wal.json   10 changes');
    }));

  test('another run that reads all anew is no harm either', () =>
    onBench(files, async (bench) => {
      await whileFollowing(bench, ['payments.yaml'], async ({ child, until }) => {
        append(bench, more(4));
        await until(isThere(bench, 4));
        await setTimeout(150);
        child.kill('SIGSTOP');
        append(bench, more(5));
        expect((await bench.etl(['run', 'payments.yaml', '--full-refresh'])).exit).toBe(0);
        append(bench, more(6));
        child.kill('SIGCONT');
        await until(isThere(bench, 6));
      });
      expect(bench.rows()).toEqual([...rows, '4,500', '5,500', '6,500']);
      expect((await bench.etl(['verify', 'payments.yaml', '--from-source'])).exit).toBe(0);
    }));
});

describe.concurrent('how it is said', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s under --json ends it with %i and one object, of all that was done', (signal, code) =>
    onBench(files, async (bench) => {
      const called = await whileFollowing(
        bench,
        ['payments.yaml', '--json'],
        async ({ until }) => {
          await until(() => bench.rows().length === rows.length);
          append(bench, more(4));
          await until(isThere(bench, 4));
        },
        { signal },
      );
      expect([called.exit, called.stderr]).toEqual([code, '']);
      const { ok, exit, result, diagnostics } = JSON.parse(called.stdout);
      expect({ ok, exit, diagnostics }).toEqual({ ok: false, exit: code, diagnostics: [] });
      expect(result.metrics as readonly RunResult[]).toMatchObject([
        { read: { changes: 6 }, write: { rows: 3, added: 3 }, checkpoint: [{ file: 'wal.json', records: 6 }] },
      ]);
    }),
  );

  test('--quiet says nothing', () =>
    onBench(files, async (bench) => {
      const called = bench.etl(['run', 'payments.yaml', '--follow', '--quiet'], {
        during: (child) => {
          setTimeout(2_000).then(() => {
            append(bench, more(4));
            return setTimeout(1_500).then(() => child.kill('SIGTERM'));
          });
        },
      });
      expect(await called).toEqual({ exit: 143, stdout: '', stderr: '' });
      expect(bench.rows()).toEqual([...rows, '4,500']);
    }));
});

describe.concurrent('standard input', () => {
  const input = ['payments.yaml', '--input', '-'];

  test('is followed to its end, and each transaction counts when it is whole', () =>
    onBench(bare, async (bench) => {
      const { exit, stdout } = await whileFollowing(
        bench,
        input,
        async ({ child, until }) => {
          child.stdin?.write(asLines(records) + more(4).slice(0, 60));
          await until(() => bench.rows().length === rows.length);
          child.stdin?.write(more(4).slice(60) + more(5));
          await until(isThere(bench, 5));
          child.stdin?.end(more(6));
          await until(() => child.exitCode !== null);
        },
        { stdin: null },
      );
      expect(exit).toBe(0);
      expect(stdout).toContain('read    -   8 changes');
      expect(bench.rows()).toEqual([...rows, '4,500', '5,500', '6,500']);
    }));

  test('may end within a transaction of version 2 that goes on over commits', () =>
    onBench(bare, async (bench) => {
      const row = (id: number) =>
        version2.inserted('event', [
          ['event_id', 'integer', id],
          ['transaction_id', 'integer', 7],
        ]);
      const lines = version2.transaction(Array.from({ length: 50 }, (_, n) => row(n + 10))).map((line) => `${line}\n`);
      await whileFollowing(
        bench,
        [...input, '--batch-size', '3'],
        async ({ child, until }) => {
          child.stdin?.write(asLines(records) + lines.slice(0, 30).join(''));
          await until(() => bench.rows().length === rows.length);
          child.stdin?.write(lines.slice(30, -1).join(''));
          await setTimeout(400);
          expect(bench.rows()).toEqual(rows);
          child.stdin?.write(lines.slice(-1).join(''));
          await until(() => bench.rows().length === rows.length + 50);
        },
        { stdin: null },
      );
    }));

  test('that is silent does not keep a signal from ending it', () =>
    onBench(bare, async (bench) => {
      const work = async ({ child, until }: Followed) => {
        child.kill('SIGINT');
        await until(() => child.exitCode !== null);
      };
      expect((await whileFollowing(bench, input, work, { stdin: null })).exit).toBe(130);
    }));
});

/** What Linux says that a process has read, from files and pipes. */
function bytesReadBy(pid: number | undefined): number {
  return Number(/^rchar: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]);
}
