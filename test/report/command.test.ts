/** `etl report` as it is called: what it writes, where, and what it says. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { onBench } from '../cli/etl.ts';
import { files, mapping } from '../cli/payments.ts';
import { execute } from '../support/engine.ts';

interface Result {
  readonly file: string;
  readonly bytes: number;
  readonly rows: number | null;
  readonly columns: readonly { readonly name: string; readonly filled: number; readonly frequent: unknown }[];
}

test('the file is named for the metric, and the answer says where it is and how large', () =>
  onBench(files, async ({ folder, etl, json }) => {
    await etl(['run', 'payments.yaml']);
    const { exit, stdout, stderr } = await etl(['report', 'payments.yaml']);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toMatch(/^payments\n {2}report {2}payments\.report\.html {3}\d+\.\d kB\n$/);
    const { result } = await json<Result>(['report', 'payments.yaml', '-o', 'other.html']);
    expect(result).toMatchObject({
      file: 'other.html',
      bytes: readFileSync(join(folder, 'other.html')).byteLength,
      rows: 2,
      columns: [
        { name: 'event_id', filled: 2, distinct: 2, range: [1, 2] },
        { name: 'amount', type: 'integer', expression: 'transaction.amount', frequent: [{ rows: 1 }, { rows: 1 }] },
      ],
    });
  }));

test('a report that can not be written leaves what stood there, and nothing beside it', () =>
  onBench(files, async ({ folder, etl, write }) => {
    await etl(['run', 'payments.yaml']);
    mkdirSync(join(folder, 'taken'));
    write('taken/old.html', 'old');
    const before = readdirSync(folder).sort();
    for (const [place, reason] of [
      ['taken', 'illegal operation on a directory'],
      ['none/report.html', 'no such file or directory'],
    ] as const) {
      const { exit, stdout, stderr } = await etl(['report', 'payments.yaml', '-o', place]);
      expect({ exit, stdout }).toEqual({ exit: 3, stdout: '' });
      expect(stderr).toBe(`error FILE_NOT_WRITTEN: "${place}" can not be written: ${reason}\n`);
    }
    expect(readdirSync(folder).sort()).toEqual(before);
  }));

test('a link to a report stays one, a pipe is written into, and a report takes the place of the one before', () =>
  onBench(files, async ({ folder, etl, write }) => {
    await etl(['run', 'payments.yaml']);
    write('real.html', 'old');
    symlinkSync('real.html', join(folder, 'link.html'));
    expect(await etl(['report', 'payments.yaml', '-o', 'link.html'])).toMatchObject({ exit: 0 });
    expect(readFileSync(join(folder, 'real.html'), 'utf8')).toMatch(/^<!doctype html>/);
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const read = readFile(join(folder, 'pipe'), 'utf8');
    expect(await etl(['report', 'payments.yaml', '-o', 'pipe'])).toMatchObject({ exit: 0 });
    expect(await read).toMatch(/^<!doctype html>/);
    expect(statSync(join(folder, 'pipe')).isFIFO()).toBe(true);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  }));

test('a mapping that has changed, and a first load that has not ended, are shown without counts, and say so', () =>
  onBench(files, async ({ folder, etl, write }) => {
    const page = async (name: string) => {
      expect(await etl(['report', name, '-o', 'page.html'])).toMatchObject({ exit: 0, stderr: '' });
      return readFileSync(join(folder, 'page.html'), 'utf8');
    };
    await etl(['run', 'payments.yaml']);
    expect(await page('payments.yaml')).toContain('1 waiting');
    write('changed.yaml', mapping.replace('- transaction.amount', '- event.transaction_id'));
    const changed = await page('changed.yaml');
    expect(changed).toContain('The mapping has changed since the last run');
    expect(changed).toContain('<h3>transaction_id</h3>');
    expect(changed).not.toContain('waiting</text>');
    execute(join(folder, 'metrics.db'), 'UPDATE _etl_metric SET loaded = 0');
    expect(await page('payments.yaml')).toContain('The first load has not ended');
  }));

test('a target elsewhere is told by what the state holds: no server is asked', () =>
  onBench(files, async ({ folder, etl, json, write }) => {
    const sink = 'sink: { postgres: "postgres://nobody@127.0.0.1:1/none", key: [event_id] }';
    write('remote.yaml', mapping.replace('sink: { sqlite: metrics.db }', sink));
    expect(await etl(['run', 'remote.yaml'])).toMatchObject({ exit: 3 });
    const { result } = await json<Result>(['report', 'remote.yaml', '-o', 'page.html']);
    expect(result).toMatchObject({ rows: 2, columns: [{ filled: 2 }, { filled: 2 }] });
    expect(readFileSync(join(folder, 'page.html'), 'utf8')).toContain('<b>2</b> not shipped yet');
  }));

test('of a table that others write to, the metric is what is ours; and of a target that is gone, what the state says', () =>
  onBench(files, async ({ folder, etl, json, write }) => {
    execute(join(folder, 'metrics.db'), 'CREATE TABLE payments (event_id, amount, note)');
    execute(join(folder, 'metrics.db'), "INSERT INTO payments VALUES (1, 1, 'theirs'), (77, 1, 'theirs')");
    write('shared.yaml', mapping.replace('metrics.db }', 'metrics.db, key: [event_id] }'));
    expect(await etl(['run', 'shared.yaml'])).toMatchObject({ exit: 0 });
    const rows = async (name: string) => (await json<Result>(['report', name, '-o', 'page.html'])).result.rows;
    expect(await rows('shared.yaml')).toBe(1);
    write('own.yaml', mapping.replace('metrics.db', 'own.db'));
    await etl(['run', 'own.yaml']);
    execute(join(folder, 'own.db'), 'DROP TABLE payments');
    expect(await rows('own.yaml')).toBe(2);
  }));
