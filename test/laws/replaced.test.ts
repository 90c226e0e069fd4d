import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunOptions } from '../../engine/pipeline/options.ts';
import { run } from '../../engine/pipeline/run.ts';
import { verifyState } from '../../engine/verify/verify.ts';
import { asLines, insert } from '../log/log.ts';
import { runs } from '../support/counts.ts';
import { findingsOf, mappingOf, rowsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';
import { tell } from '../support/tally.ts';

interface Bed {
  /** Writes a file of the source: all of it anew. */
  readonly write: (name: string, text: string) => void;
  readonly append: (name: string, text: string) => void;
  /** A run, and then the rows of the target in order. */
  readonly rows: (options?: RunOptions) => Promise<readonly string[]>;
  /** The rows that stand in the target. */
  readonly standing: () => readonly string[];
}

/** A folder of files and a run over it. The metric joins two relations of the one source, so that touching is tried too. */
async function inFolder(source: string, work: (bed: Bed) => Promise<void>, key = 'id'): Promise<void> {
  const mapping = mappingOf(`
metric: things
source: { path: files, ${source} }
tables:
  thing: { key: ${key} }
  parent: { key: ${key} }
from: thing
join:
  - left: thing.parent = parent.id
columns:
  - thing.id
  - { name: parent, expr: parent.id }
  - thing.v
sink: { sqlite: metrics.db }
`);
  await inScratch(async (folder) => {
    const [files, output] = [join(folder, 'files'), join(folder, 'metrics.db')];
    mkdirSync(files);
    const options = { inputs: new Map([['', files]]), output };
    const standing = () =>
      rowsOf(output, 'things')
        .map((row) => row.map((cell) => cell ?? '-').join(' '))
        .sort();
    await work({
      write: (name, text) => {
        // Another file, so that its time of change is another one too.
        rmSync(join(files, name), { force: true });
        writeFileSync(join(files, name), text);
      },
      append: (name, text) => appendFileSync(join(files, name), text),
      rows: async (more) => {
        await run(mapping, { ...options, ...more });
        expect(verifyState(mapping, options)).toMatchObject({ missing: 0, unexpected: 0 });
        return standing();
      },
      standing,
    });
  });
}

const sheet = (...rows: readonly string[]): string => ['id,parent,v', ...rows].map((row) => `${row}\n`).join('');

describe('a file that was replaced', () => {
  test('is read again by key, and what it no longer holds stays, in mode upsert', async () => {
    await inFolder('format: csv', async ({ write, rows }) => {
      write('a.csv', sheet('1,,x', '2,1,y'));
      expect(await rows()).toEqual(['1 - x', '2 1 y']);
      write('a.csv', sheet('2,3,z', '3,,n'));
      expect(await rows()).toEqual(['1 - x', '2 3 z', '3 - n']);
    });
  });

  test('is refused in mode log', async () => {
    await inFolder('format: csv, mode: log', async ({ write, rows }) => {
      write('a.csv', sheet('1,,x'));
      await rows();
      write('a.csv', sheet('2,,y'));
      expect(await findingsOf(rows)).toContain('FILE_REPLACED');
      expect(await rows({ fullRefresh: true })).toEqual(['2 - y']);
    });
  });

  test('is all there is of it in mode snapshot, and other files stay', async () => {
    await inFolder('format: csv, mode: snapshot', async ({ write, rows, standing }) => {
      write('a.csv', sheet('1,,x', '2,1,y'));
      write('b.csv', sheet('3,2,z'));
      expect(await rows()).toEqual(['1 - x', '2 1 y', '3 2 z']);
      write('a.csv', sheet('1,,x', '4,,n'));
      expect(await rows()).toEqual(['1 - x', '3 - z', '4 - n']);
      write('a.csv', '');
      const stopped = await rows().catch((error: unknown) => error);
      expect(standing()).toEqual(['1 - x', '3 - z', '4 - n']);
      expect(String(stopped)).toContain('TRUNCATED_INPUT');
      write('a.csv', sheet());
      expect(await rows()).toEqual(['3 - z']);
      write('a.csv', sheet('1,3,y'));
      expect(await rows()).toEqual(['1 3 y', '3 - z']);
    });
  });

  test('is a snapshot of rows without a key too', async () => {
    const work = async ({ write, rows }: Bed) => {
      write('a.csv', sheet('1,,x', '1,,x'));
      expect(await rows()).toEqual(['1 - x', '1 - x']);
      write('a.csv', sheet('1,,x', '2,,y'));
      expect(await rows()).toEqual(['1 - x', '2 - y']);
    };
    await inFolder('format: csv, mode: snapshot', work, '[]');
  });

  test('may be of documents, or a log', async () => {
    await inFolder('format: json, mode: snapshot', async ({ write, rows }) => {
      write('a.json', '[{"id": 1, "v": "x"}, {"id": 2, "v": "y"}]');
      write('a.json', '[{"id": 1, "v": "x"}]');
      expect(await rows()).toEqual(['1 - x']);
      write('a.json', '[]');
      expect(await rows()).toEqual([]);
    });
    await inFolder('format: wal2json, mode: snapshot', async ({ write, rows }) => {
      const thing = (id: number): string => insert('thing', [['id', 'integer', id]]);
      write('a.json', asLines([thing(1), thing(2)]));
      expect(await rows()).toEqual(['1 - -', '2 - -']);
      write('a.json', asLines([thing(2), thing(3)]));
      expect(await rows()).toEqual(['2 - -', '3 - -']);
    });
  });

  test('keeps the rows of what it was until all of it could be read', async () => {
    await inFolder('format: csv, mode: snapshot', async ({ write, rows, standing }) => {
      write('a.csv', sheet('1,,x', '2,,y'));
      await rows();
      // More than is read at once.
      const many = Array.from({ length: 70_000 }, (_, n) => `1${n},,z`);
      write('a.csv', sheet(...many, 'bad'));
      expect(await findingsOf(rows)).toContain('FIELD_COUNT');
      expect(standing()).toHaveLength(70_002);
      write('a.csv', sheet('3,,z', '4', '5,,n'));
      expect(await findingsOf(() => rows({ batchSize: 1 }))).toContain('FIELD_COUNT');
      write('a.csv', sheet('3,,z', '4,,m', '5,,n'));
      expect(await rows()).toEqual(['3 - z', '4 - m', '5 - n']);
    });
  });

  test('leaves the last of its versions and nothing else, whatever they were and however they are batched', async () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { maxLength: 6 });
    const row = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.constantFrom('x', 'y'));
    const version = fc
      .tuple(ids, fc.array(row, { minLength: 9, maxLength: 9 }))
      .map(([all, cells]) => sheet(...all.map((id) => `${id},${cells[id - 1]?.[0] || ''},${cells[id - 1]?.[1]}`)));
    const versions = fc.array(fc.tuple(version, fc.integer({ min: 1, max: 5 })), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(versions, async (all) => {
        await inFolder('format: csv, mode: snapshot', async ({ write, rows }) => {
          let last: readonly string[] = [];
          for (const [text, batchSize] of all) {
            write('a.csv', text);
            last = await rows({ batchSize });
          }
          expect(last).toEqual(await rows({ fullRefresh: true }));
          tell('snapshots replaced', all.length);
        });
      }),
      { numRuns: runs(20, 300) },
    );
  });
});

describe('a file of csv that has grown', () => {
  test('is read on, and its header is known', async () => {
    await inFolder('format: csv, mode: log', async ({ write, append, rows }) => {
      write('a.csv', sheet('1,,x'));
      await rows();
      append('a.csv', '2,1,y');
      expect(await rows()).toEqual(['1 - x', '2 1 y']);
      append('a.csv', '\n3,2,z\n');
      expect(await rows()).toEqual(['1 - x', '2 1 y', '3 2 z']);
    });
  });

  test('in the midst of a record that was taken without its line end was another one', async () => {
    await inFolder('format: csv, mode: log', async ({ write, append, rows }) => {
      write('a.csv', 'id,parent,v\n1,,x');
      await rows();
      append('a.csv', 'yz\n');
      expect(await findingsOf(rows)).toContain('FILE_REPLACED');
    });
    await inFolder('format: csv', async ({ write, append, rows }) => {
      write('a.csv', 'id,parent,v\n1,,x');
      await rows();
      append('a.csv', 'yz\n');
      expect(await rows()).toEqual(['1 - xyz']);
    });
  });

  test('may have other columns from one file to the next', async () => {
    await inFolder('format: csv', async ({ write, rows }) => {
      write('a.csv', sheet('1,,x'));
      write('b.csv', 'v;w,id\ny;z,2\n'.replaceAll(';', '_'));
      expect(await rows()).toEqual(['1 - x', '2 - -']);
      write('c.csv', 'parent,v\n1,x\n');
      expect(await findingsOf(rows)).toContain('KEY_MISSING');
    });
  });
});

test('a record of csv that can not be staged names column and value, and may be left out', async () => {
  const mapping = mappingOf(`
metric: things
source: { format: csv, path: x }
tables: { thing: { key: id, types: { amount: numeric, n: integer } } }
from: thing
columns: [thing.id, thing.amount]
where: thing.n > 0
sink: { sqlite: metrics.db }
`);
  await inScratch(async (folder) => {
    const [path, output] = [join(folder, 'a.csv'), join(folder, 'metrics.db')];
    writeFileSync(path, 'id,amount,n\na,12345678901234567890.10,1\nb,1.O,1\nc,,2\n,1,1\n');
    const options = { inputs: new Map([['', path]]), output };
    const finding = await findingsOf(() => run(mapping, options));
    expect(finding).toContain('a.csv:2 (byte 40): error BAD_CAST: "1.O" is no numeric');
    expect(finding).toContain('column: amount');
    const left: string[] = [];
    const onRejected = ({ code, record, raw }: { code: string; record: number; raw: Buffer }) =>
      left.push(`${code} ${record} ${raw}`);
    await run(mapping, { ...options, onRejected });
    expect(left).toEqual(['BAD_CAST 2 b,1.O,1\n', 'KEY_MISSING 4 ,1,1\n']);
    expect(rowsOf(output, 'things')).toEqual([
      ['a', '12345678901234567890.1'],
      ['c', null],
    ]);
  });
});
