/** A target that may only be read: it stays as it is, and once it may be written the run goes on. */
import { chmodSync, chownSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runMappings } from '../../engine/commands/run.ts';
import { tellStatus } from '../../engine/commands/status.ts';
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

test('who may read a database, and not write beside it, is told so', () =>
  inScratch(async (folder) => {
    const log = openLog(folder, diceOf(1));
    const [mapping, database] = [join(folder, 'ledger.yaml'), join(folder, 'target', 'metrics.db')];
    const flags = { input: [join(folder, 'log')], output: database };
    mkdirSync(join(folder, 'target'));
    log.grow(20);
    await runMappings([mapping], flags, {});
    chmodSync(database, 0o644);
    chmodSync(join(folder, 'target'), 0o555);
    const { exit, diagnostics } = await withoutPrivileges(folder, () => tellStatus([mapping], flags));
    const message = `"${database}" can not be opened: who reads it has to make files beside it, and may not`;
    expect({ exit, diagnostics }).toMatchObject({ exit: 3, diagnostics: [{ code: 'TARGET_NOT_OPENED', message }] });
  }));

test.skipIf(process.getuid?.() !== 0)('a file that another reader left in the way is named', () =>
  inScratch(async (folder) => {
    const log = openLog(folder, diceOf(1));
    const [mapping, database] = [join(folder, 'ledger.yaml'), join(folder, 'metrics.db')];
    const run = () => runMappings([mapping], { input: [join(folder, 'log')], output: database }, {});
    log.grow(20);
    await withoutPrivileges(folder, run);
    log.grow(20);
    writeFileSync(`${database}-wal`, '', { mode: 0o644 });
    const { diagnostics } = await withoutPrivileges(folder, run);
    expect(diagnostics[0]).toMatchObject({
      code: 'TARGET_READ_ONLY',
      message: `writing to "${database}-wal" is not permitted`,
      hint: expect.stringContaining('chown'),
    });
    chownSync(`${database}-wal`, statSync(database).uid, statSync(database).gid);
    expect((await withoutPrivileges(folder, run)).exit).toBe(0);
  }),
);
