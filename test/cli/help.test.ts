import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { onBench } from './etl.ts';

const commands = ['run', 'validate', 'explain', 'why', 'status', 'report', 'diff', 'verify', 'test', 'init', 'schema'];

describe.concurrent('help', () => {
  test.each(commands.flatMap((command) => [[[command, '--help']], [['help', command]]]))('%j', (args) =>
    onBench({}, async ({ etl }) => {
      const { exit, stdout, stderr } = await etl(args);
      const command = args.find((word) => commands.includes(word));
      expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
      expect(stdout).toContain(`Usage: etl ${command} `);
      expect(stdout).toMatch(new RegExp(`\nExamples:\n(.*\n)*.*etl ${command}`));
    }),
  );

  test('etl alone prints it, and is no success, for nothing was done', () =>
    onBench({}, async ({ etl }) => {
      const { exit, stdout } = await etl([]);
      expect(exit).toBe(2);
      for (const command of commands) expect(stdout).toContain(`\n  ${command} `);
      expect(await etl(['--help'])).toEqual({ exit: 0, stdout, stderr: '' });
    }));

  test('etl --version prints that of the package', () =>
    onBench({}, async ({ etl }) => {
      const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
      expect(await etl(['--version'])).toEqual({ exit: 0, stdout: `${version}\n`, stderr: '' });
    }));

  test('a command that there is not gets the near one, and its help too', () =>
    onBench({}, async ({ etl }) => {
      for (const args of [
        ['explian', 'x.yaml'],
        ['help', 'explian'],
      ]) {
        const { exit, stderr } = await etl(args);
        expect(exit).toBe(2);
        expect(stderr).toBe(
          'error UNKNOWN_COMMAND: "explian" is no command of etl\n  hint: "explain" is spelled almost the same\n',
        );
      }
    }));
});
