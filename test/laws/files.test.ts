import { appendFileSync, copyFileSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunOptions } from '../../engine/pipeline/options.ts';
import { run } from '../../engine/pipeline/run.ts';
import { asLines, insert, inserted, transaction } from '../log/log.ts';
import { mappingOf, rowsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';

const MAPPING = `
metric: things
source: { format: wal2json, path: log }
tables:
  thing: { key: [] }
from: thing
columns:
  - thing.id
sink: { sqlite: metrics.db }
`;

const record = (id: number): string => insert('thing', [['id', 'integer', id]]);
const at = (id: number, lsn: string): string => transaction([inserted('thing', [['id', 'integer', id]])], lsn);

/** A folder of log files and a run over it: the table has no key, so a record read twice would show. */
async function inLog(work: (log: string, ids: (options?: RunOptions) => Promise<readonly number[]>) => Promise<void>) {
  await inScratch(async (folder) => {
    const [log, output] = [join(folder, 'log'), join(folder, 'metrics.db')];
    mkdirSync(log);
    await work(log, async (options) => {
      await run(mappingOf(MAPPING), { inputs: new Map([['', log]]), output, ...options });
      const ids = rowsOf(output, 'things').map(([id]) => Number(id));
      return ids.sort((a, b) => a - b);
    });
  });
}

describe('a folder of files', () => {
  test('a log that is rotated, so that each file takes the name of another, is read once', async () => {
    await inLog(async (log, ids) => {
      writeFileSync(join(log, 'a.1'), asLines([record(1)]));
      writeFileSync(join(log, 'a'), asLines([record(2)]));
      expect(await ids()).toEqual([1, 2]);
      renameSync(join(log, 'a.1'), join(log, 'a.2'));
      renameSync(join(log, 'a'), join(log, 'a.1'));
      writeFileSync(join(log, 'a'), asLines([record(3)]));
      expect(await ids()).toEqual([1, 2, 3]);
      expect(await ids()).toEqual([1, 2, 3]);
    });
  });

  test('what a rotated log has grown by is read before the file that has its name now: LSNs only rise', async () => {
    await inLog(async (log, ids) => {
      writeFileSync(join(log, 'a'), asLines([at(1, '0/10')]));
      expect(await ids()).toEqual([1]);
      appendFileSync(join(log, 'a'), asLines([at(2, '0/20')]));
      renameSync(join(log, 'a'), join(log, 'a.1'));
      writeFileSync(join(log, 'a'), asLines([at(3, '0/30')]));
      expect(await ids()).toEqual([1, 2, 3]);
    });
  });

  test('a file that takes the name of one that is gone is read on', async () => {
    await inLog(async (log, ids) => {
      writeFileSync(join(log, 'a'), asLines([record(1)]));
      writeFileSync(join(log, 'b'), asLines([record(2), record(3)]));
      expect(await ids()).toEqual([1, 2, 3]);
      renameSync(join(log, 'a'), join(log, 'b'));
      writeFileSync(join(log, 'b'), asLines([record(1), record(4)]));
      expect(await ids()).toEqual([1, 2, 3, 4]);
      expect(await ids()).toEqual([1, 2, 3, 4]);
    });
  });

  test('two files that swap their names are not read again', async () => {
    await inLog(async (log, ids) => {
      writeFileSync(join(log, 'a'), asLines([record(1)]));
      writeFileSync(join(log, 'b'), asLines([record(2), record(3)]));
      await ids();
      renameSync(join(log, 'a'), join(log, 'c'));
      renameSync(join(log, 'b'), join(log, 'a'));
      renameSync(join(log, 'c'), join(log, 'b'));
      expect(await ids()).toEqual([1, 2, 3]);
    });
  });

  test('files that are gone keep their rows, and copies of known files bring none', async () => {
    await inLog(async (log, ids) => {
      writeFileSync(join(log, 'a'), asLines([record(1)]));
      await ids();
      copyFileSync(join(log, 'a'), join(log, 'b'));
      expect(await ids()).toEqual([1]);
      rmSync(join(log, 'a'));
      expect(await ids()).toEqual([1]);
    });
  });

  test('after nothing new the database is not written', async () => {
    await inLog(async (log, ids) => {
      writeFileSync(join(log, 'a'), asLines([record(1)]));
      await ids();
      const before = statSync(join(log, '..', 'metrics.db')).mtimeMs;
      await ids();
      expect(statSync(join(log, '..', 'metrics.db')).mtimeMs).toBe(before);
    });
  });
});
