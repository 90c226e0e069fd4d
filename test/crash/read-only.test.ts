/** A target that may only be read: it stays as it is, and once it may be written the run goes on. */
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runMappings } from '../../engine/commands/run.ts';
import { diceOf } from '../postgres/dice.ts';
import { withoutPrivileges } from '../support/privileges.ts';
import { inScratch } from '../support/scratch.ts';
import { openLog } from './log.ts';
import { contentOf } from './state.ts';

test.each([
  ['the file', 0o444, 0o777],
  ['its folder', 0o666, 0o555],
  ['both', 0o444, 0o555],
])('where %s may only be read, nothing changes until it may be written', (_, fileMode, folderMode) =>
  inScratch(async (folder) => {
    const log = openLog(folder, diceOf(1));
    const [target, once] = [join(folder, 'target'), join(folder, 'once.db')];
    const database = join(target, 'metrics.db');
    const allow = (file: number, ofFolder: number) => {
      chmodSync(database, file);
      chmodSync(target, ofFolder);
    };
    const run = (output: string) =>
      runMappings([join(folder, 'ledger.yaml')], { input: [join(folder, 'log')], output }, {});
    mkdirSync(target);
    log.grow(200);
    expect((await run(database)).exit).toBe(0);
    const content = contentOf(database);
    log.grow(200);
    allow(fileMode, folderMode);
    const { exit, diagnostics } = await withoutPrivileges(folder, () => run(database));
    expect({ exit, diagnostics }).toMatchObject({ exit: 3, diagnostics: [{ code: 'TARGET_READ_ONLY' }] });
    expect(contentOf(database)).toEqual(content);
    allow(0o666, 0o777);
    expect((await withoutPrivileges(folder, () => run(database))).exit).toBe(0);
    expect((await run(once)).exit).toBe(0);
    expect(contentOf(database)).toEqual(contentOf(once));
  }),
);
