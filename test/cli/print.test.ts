/** What goes to stdout, what to stderr, and in which colour. */
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { isFull } from '../support/counts.ts';
import { COMMAND, onBench } from './etl.ts';
import { files, mapping } from './payments.ts';

const run = ['run', 'payments.yaml'];
const misspelled = { ...files, 'payments.yaml': mapping.replace('transaction.amount', 'transaction.amuont') };

/** Starts a colour, in a terminal's own language. */
const COLOUR = '\u001b[';

describe.concurrent('what is printed', () => {
  test('the summary says what was read, how each join fared, what was written, and the checkpoint', () =>
    onBench(files, async ({ etl }) => {
      const { stdout, stderr } = await etl(run);
      expect(stderr).toBe('');
      expect(stdout.replace(/\d+\.\d\d s/g, '0.00 s')).toBe(`payments
  read    wal.json   5 changes   850 B   0.00 s
          event 3 · transaction 2
  join    transaction   2 of 3 matched   1 wait for transaction_id
  write   metrics.db   payments   2 rows   +2 ~0 -0
  done    0.00 s   checkpoint wal.json #5
`);
    }));

  test('warnings go to stderr, beside the summary', () =>
    onBench(misspelled, async ({ etl }) => {
      const { stdout, stderr } = await etl(run);
      expect(stdout).toMatch(/^payments\n {2}read /);
      expect(stderr).toMatch(/^payments\.yaml:11:5: warning COLUMN_NEVER_SEEN: /);
    }));

  test('--quiet leaves nothing but errors', () =>
    onBench(misspelled, async ({ etl, write }) => {
      expect(await etl([...run, '--quiet'])).toEqual({ exit: 0, stdout: '', stderr: '' });
      write('wal.json', '[');
      const { stdout, stderr } = await etl([...run, '--quiet']);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/^wal\.json: error FILE_REPLACED: /);
    }));

  test('there is no colour in a pipe', () =>
    onBench(files, async ({ etl }) => {
      const { stderr } = await etl(['run', 'nothing.yaml']);
      expect(stderr).toBe('nothing.yaml: error MAPPING_NOT_FOUND: there is no such mapping\n');
    }));
});

const hasTerminal = canOpenTerminal();
if (!hasTerminal && isFull) throw new Error('`script` of util-linux is missing, by which a terminal is opened');

describe('on a terminal', () => {
  const cases: readonly (readonly [name: string, flag: string, env: Record<string, string>, coloured: boolean])[] = [
    ['errors are in colour', '', {}, true],
    ['an empty NO_COLOR says nothing', '', { NO_COLOR: '' }, true],
    ['NO_COLOR takes it away', '', { NO_COLOR: '1' }, false],
    ['--no-color takes it away', '--no-color', {}, false],
  ];

  test.for(cases)('%s', ([, flag, env, coloured], { skip }) => {
    if (!hasTerminal) skip('`script` of util-linux is not installed');
    const text = onTerminal(`'${process.execPath}' '${COMMAND}' run nothing.yaml ${flag}`, env);
    expect(text).toContain('MAPPING_NOT_FOUND');
    expect(text.includes(COLOUR)).toBe(coloured);
  });
});

function canOpenTerminal(): boolean {
  try {
    return onTerminal('echo here', {}).includes('here');
  } catch {
    return false;
  }
}

/** Runs a command with a terminal of its own, and gives what it shows. */
function onTerminal(command: string, env: Readonly<Record<string, string>>): string {
  return execFileSync('script', ['-qec', `${command}; true`, '/dev/null'], {
    env: { PATH: process.env.PATH, TERM: 'xterm', ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  }).toString();
}
