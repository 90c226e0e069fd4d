import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { codeFileOf, openPiece } from '../../engine/cli/piece.ts';
import { inScratch } from '../support/scratch.ts';
import { onBench } from './etl.ts';
import { files } from './payments.ts';

const COMMAND = resolve('dist/command.cjs');

test('a run loads no part of Node and no file of a package that it has no use for', () =>
  onBench(files, async ({ folder, etl }) => {
    const list = join(folder, 'loaded.json');
    const env = { NODE_OPTIONS: `--require=${resolve('test/cli/loaded.cjs')}`, LOADED: list };
    expect(await etl(['run', 'payments.yaml'], { env })).toMatchObject({ exit: 0, stderr: '' });
    const { node, files: loaded } = JSON.parse(readFileSync(list, 'utf8')) as Record<
      'node' | 'files',
      readonly string[]
    >;
    expect(node).toContain('crypto');
    expect(node.filter((name) => ['child_process', 'zlib', 'dgram', 'http', 'readline'].includes(name))).toEqual([]);
    expect(loaded.map((file) => basename(file))).toEqual(['better_sqlite3.node']);
  }));

test('what was built starts from the code that was kept with it', () => {
  expect(openPiece(COMMAND).isKept).toBe(true);
});

test('without that code, or with a part of it, a piece is compiled and does the same', () =>
  inScratch((folder) => {
    // V8 remembers what it compiled under one name.
    const opened = (name: string, code: Uint8Array | null) => {
      const piece = join(folder, name);
      copyFileSync(COMMAND, piece);
      if (code) writeFileSync(codeFileOf(piece), code);
      const { exports, isKept } = openPiece<object>(piece);
      return { does: Object.keys(exports), isKept };
    };
    const code = readFileSync(codeFileOf(COMMAND));
    expect(opened('whole.cjs', code)).toEqual({ does: ['main'], isKept: true });
    expect(opened('part.cjs', code.subarray(0, 100_000))).toEqual({ does: ['main'], isKept: false });
    expect(opened('empty.cjs', code.subarray(0, 0))).toMatchObject({ does: ['main'] });
    expect(opened('none.cjs', null)).toEqual({ does: ['main'], isKept: false });
  }));
