/** The answers of `why.txt`, which a case may hold. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkAnswers } from '../../engine/golden/answers.ts';
import { inScratch } from '../support/scratch.ts';

const ask = async (question: string) => `answered ${question}\n  at once`;

test('the first answer that differs is told, and --update writes all answers, whatever stood there', () =>
  inScratch(async (folder) => {
    const file = join(folder, 'why.txt');
    expect(await checkAnswers(folder, 'any.db', { ask, update: false })).toEqual([]);
    writeFileSync(file, '$ etl why id=1\nanswered id=1\n  at once\n\n$ etl why --missing\nanswered otherwise\n');
    expect(await checkAnswers(folder, 'any.db', { ask, update: false })).toEqual([
      'why.txt: line 6:',
      'why.txt:   expected answered otherwise',
      'why.txt:   came     answered --missing',
    ]);
    expect(await checkAnswers(folder, 'any.db', { ask, update: true })).toEqual([]);
    expect(readFileSync(file, 'utf8')).toBe(
      '$ etl why id=1\nanswered id=1\n  at once\n\n$ etl why --missing\nanswered --missing\n  at once\n',
    );
    expect(await checkAnswers(folder, 'any.db', { ask, update: false })).toEqual([]);
  }));

test('a file that asks nothing is told', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'why.txt'), 'why is it there?\n');
    expect(await checkAnswers(folder, 'any.db', { ask, update: true })).toEqual([
      expect.stringContaining('why.txt asks nothing'),
    ]);
  }));
