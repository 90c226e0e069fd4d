import { PassThrough } from 'node:stream';
import { setTimeout as passed } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { progressOn } from '../../engine/cli/progress.ts';

/** A terminal that remembers what is written to it. */
function openTerminal() {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80, cursorTo() {}, clearLine() {} });
  return stream as unknown as NodeJS.WriteStream & PassThrough;
}

test('a run that ends while its bar is loaded draws none, which would keep the process alive', async () => {
  const terminal = openTerminal();
  const progress = progressOn(terminal);
  await passed(600);
  progress.update(1, 2);
  progress.stop();
  await passed(300);
  expect(terminal.read()).toBeNull();
});
