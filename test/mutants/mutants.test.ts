import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isFull } from '../support/counts.ts';
import { inScratch } from '../support/scratch.ts';
import { tell } from '../support/tally.ts';
import { mutants } from './mutants.ts';
import { mutated, tryMutant } from './trial.ts';

const named = mutants.map((mutant) => [mutant.bug, mutant] as const);

test.each(named)('can be put into the engine as it is: %s', (_, mutant) => {
  expect(mutated(readFileSync(mutant.file, 'utf8'), mutant)).toContain(mutant.becomes);
});

test('the table of deliberate bugs in test/README.md is that of the mutants', () => {
  const rows = mutants.map(({ bug, file, caughtBy: [tests, name] }) => {
    return `| ${bug} | \`${file}\` | \`${tests}\`, "${name} ..." |`;
  });
  expect(readFileSync('test/README.md', 'utf8')).toContain(rows.join('\n'));
});

test.each(isFull ? named : named.slice(0, 1))('is caught: %s', async (_, mutant) => {
  await inScratch(async (folder) => {
    const trials = await tryMutant(folder, mutant);
    const failed = trials.filter(({ status }) => status === 'failed');
    expect(failed.map(({ name }) => name)).toContainEqual(expect.stringContaining(mutant.caughtBy[1]));
    // By what it found, and not because the bug is no program.
    for (const { messages } of failed) expect(messages.join('\n')).toMatch(/AssertionError|Property failed after/);
    tell('deliberate bugs caught');
  });
});
