import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { askOn } from '../../engine/cli/ask.ts';
import { asLines } from '../log/log.ts';
import { onBench, ROOT } from './etl.ts';
import { files, records } from './payments.ts';

const LOG = join(ROOT, '..', 'shared', 'data', 'wal.json');

interface Result {
  readonly file: string | null;
  readonly root: string;
  readonly joins: readonly {
    readonly kind: string;
    readonly on: string;
    readonly rows: number;
    readonly matched: number;
  }[];
  readonly unjoined: readonly unknown[];
  readonly mapping: string;
}

describe('etl init', () => {
  test('proposes the joins of the dashboard metric for the real log, and what it writes runs as it is', ({ skip }) => {
    if (!existsSync(LOG)) skip('the real log is not there: ../shared/data/wal.json');
    return onBench({}, async ({ etl, json }) => {
      const { result } = await json<Result>(['init', '--from', LOG, '-o', 'first.yaml']);
      expect(result).toMatchObject({ file: 'first.yaml', root: 'event_v2_data', unjoined: [] });
      expect(result.joins).toEqual([
        { kind: 'inner', on: 'event_v2_data.transaction_id = transaction.transaction_id', rows: 576, matched: 549 },
        { kind: 'inner', on: 'event_v2_data.flow_id = transaction_request.flow_id', rows: 576, matched: 549 },
        {
          kind: 'inner',
          on: 'transaction_request.token_id = payment_instrument_token_data.token_id',
          rows: 140,
          matched: 135,
        },
      ]);
      const { exit, stdout, stderr } = await etl(['run', 'first.yaml']);
      expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
      expect(stdout).toContain('event_v2_data_metric   529 rows   +529 ~0 -0\n');
    });
  });

  test('prints a mapping, or writes it to a file and says what to do next', () =>
    onBench(files, async ({ etl, folder }) => {
      const printed = await etl(['init', '--from', 'wal.json', '--metric', 'mine']);
      expect(printed).toMatchObject({ exit: 0, stderr: '' });
      expect(printed.stdout).toMatch(/^# yaml-language-server: .*\n# \$schema: .*\n# Proposed .*\nmetric: mine\n/);
      const written = await etl(['init', '--from', 'wal.json', '--metric', 'mine', '-o', 'mine.yaml']);
      expect(written).toMatchObject({ exit: 0, stderr: '' });
      expect(written.stdout).toMatch(/^mine\.yaml\n(.*\n)* {2}next {6}etl run mine\.yaml\n$/);
      // An editor finds the schema from where the mapping stands; what is printed is to be put among the mappings.
      const expected = printed.stdout.replaceAll('../schemas/', 'schemas/');
      expect(readFileSync(join(folder, 'mine.yaml'), 'utf8')).toBe(expected);
      expect(await etl(['run', 'mine.yaml'])).toMatchObject({ exit: 0, stderr: '' });
    }));

  test('leaves a file that is there alone, unless it is told not to', () =>
    onBench({ ...files, 'mine.yaml': 'mine' }, async ({ etl, folder }) => {
      const args = ['init', '--from', 'wal.json', '-o', 'mine.yaml'];
      expect(await etl(args)).toMatchObject({ exit: 2, stdout: '' });
      expect(readFileSync(join(folder, 'mine.yaml'), 'utf8')).toBe('mine');
      expect(await etl([...args, '--force'])).toMatchObject({ exit: 0, stderr: '' });
      expect(readFileSync(join(folder, 'mine.yaml'), 'utf8')).toContain('metric: ');
    }));

  test('looks at as many changes and at those tables that it is told to', () =>
    onBench({}, async ({ json }) => {
      const from = ['init', '--from', resolve('data/wal.json')];
      const { result: few } = await json<Result>([...from, '--sample', '10']);
      expect(few).toMatchObject({ sample: { changes: 10, whole: false } });
      const { result: two } = await json<Result>([...from, '--table', 'transaction', '--table', 'transaction_request']);
      expect(two).toMatchObject({ root: 'transaction_request', tables: [{}, {}], unjoined: [] });
      const { result: other } = await json<Result>([...from, '--root', 'payment_instrument_token_data']);
      expect(other).toMatchObject({ root: 'payment_instrument_token_data' });
    }));

  test('takes a sample that is cut off in the midst of a record', () =>
    onBench({ ...files, 'cut.json': files['wal.json'].slice(0, -20) }, async ({ json }) => {
      const { exit, result } = await json<Result>(['init', '--from', 'cut.json']);
      expect({ exit, result }).toMatchObject({
        exit: 0,
        result: { sample: { changes: 4 }, root: 'event', joins: [{}] },
      });
    }));

  test('warns of a record that can not be taken, and leaves it out', () =>
    onBench({ 'bad.json': `{"change":[{"kind":"insert"}]}\n${asLines(records)}` }, async ({ json }) => {
      const { exit, result, diagnostics } = await json<Result>(['init', '--from', 'bad.json']);
      expect({ exit, diagnostics }).toMatchObject({ exit: 0, diagnostics: [{ severity: 'warning', record: 1 }] });
      expect(result).toMatchObject({ sample: { changes: 5 }, root: 'event', joins: [{}] });
    }));

  test('takes a sample for what it is told to be', () =>
    onBench({ 'log.json': '{"change":[]}\n{"change":[1]}\n' }, async ({ json }) => {
      const { diagnostics } = await json(['init', '--from', 'log.json']);
      expect(diagnostics).toMatchObject([{ code: 'NOT_WAL2JSON' }]);
      const { result } = await json<Result>(['init', '--from', 'log.json', '--format', 'json']);
      expect(result.mapping).toContain('  - log.change  # json\n');
    }));
});

/** A terminal on which somebody types. */
function openTerminal() {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80, setRawMode() {} });
  return stream as unknown as NodeJS.ReadStream & NodeJS.WriteStream & PassThrough;
}

describe('a question on a terminal', () => {
  const live = () => new AbortController().signal;

  test('gets the line that is typed, also where that was typed before', async () => {
    const [input, output] = [openTerminal(), openTerminal()];
    const asking = askOn(input, output, live());
    const first = asking?.ask('Which? ');
    input.write('2\ny\n');
    expect(await first).toBe('2');
    expect(await asking?.ask('Join? ')).toBe('y');
    asking?.close();
    expect(String(output.read())).toMatch(/Which\? .*Join\? /s);
  });

  test('gets none where the input ends or the command is ended', async () => {
    const [input, end] = [openTerminal(), new AbortController()];
    const ended = askOn(input, openTerminal(), live())?.ask('Which? ');
    input.end();
    expect(await ended).toBeNull();
    const asking = askOn(openTerminal(), openTerminal(), end.signal);
    const aborted = asking?.ask('Which? ');
    setImmediate(() => end.abort());
    expect(await aborted).toBeNull();
    expect(await asking?.ask('And? ')).toBeNull();
  });

  test('is not asked where one of both sides is no terminal', () => {
    const pipe = Object.assign(openTerminal(), { isTTY: false });
    expect(askOn(pipe, openTerminal(), live())).toBeNull();
    expect(askOn(openTerminal(), pipe, live())).toBeNull();
  });
});
