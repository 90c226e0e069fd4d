/** The walk of the README, step by step as it is written there. */
import { spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inScratch } from '../support/scratch.ts';
import { COMMAND, ROOT } from './etl.ts';

interface Step {
  readonly command: string;
  /** What the README shows of its answer; `...` stands for the rest of a line. */
  readonly shown: readonly string[];
}

const steps = stepsOf(sectionOf(readFileSync('README.md', 'utf8'), '## A walk'));

test('gives what the README shows', () =>
  inScratch((folder) => {
    for (const part of ['mappings', 'data']) symlinkSync(join(ROOT, part), join(folder, part));
    const commands = steps.map(({ command }) => /^npx etl (\w+)/.exec(command)?.[1]);
    expect(commands.filter(Boolean)).toEqual(['run', 'run', 'why', 'diff', 'run']);
    for (const { command, shown } of steps) {
      const answer = answerTo(command, folder);
      expect(cutAs(shown, answer), command).toEqual(shown.map(timeless));
    }
  }));

function sectionOf(text: string, head: string): string {
  return text.slice(text.indexOf(head)).split(/\n(?=## )/)[0] ?? '';
}

function stepsOf(section: string): readonly Step[] {
  const blocks = [...section.matchAll(/```console\n([\s\S]*?)```/g)].map(([, block = '']) => block.trimEnd());
  return blocks
    .flatMap((block) => block.split(/^\$ /m).slice(1))
    .map((step) => {
      const [command = '', ...shown] = step.trimEnd().split('\n');
      return { command, shown };
    });
}

function answerTo(command: string, cwd: string): readonly string[] {
  const line = command.replace(/^npx etl /, `"${process.execPath}" "${COMMAND}" `);
  const { status, stdout, stderr } = spawnSync('sh', ['-c', line], { cwd, encoding: 'utf8' });
  expect({ status, stderr }, command).toEqual({ status: 0, stderr: '' });
  return stdout.trimEnd() === '' ? [] : stdout.trimEnd().split('\n');
}

/** The lines of an answer, each cut where the README cuts it. */
function cutAs(shown: readonly string[], answer: readonly string[]): readonly string[] {
  return answer.map((line, n) => {
    const [start = '', rest] = shown[n]?.split('...') ?? [];
    return timeless(rest !== undefined && line.startsWith(start) ? `${start}...` : line);
  });
}

function timeless(line: string): string {
  return line.replace(/\d+\.\d\d s /, '0.00 s ');
}
