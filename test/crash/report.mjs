/**
 * Loaded before the command (`node --import`): tells each step that a run enters on pipe 3, before it goes on.
 *
 * Where `AIM` says so, the process tells that it is there, before a SQL statement, and stops as by SIGSTOP.
 */
import { subscribe } from 'node:diagnostics_channel';
import { writeSync } from 'node:fs';
import { replaceDriver } from './driver.mjs';

const aim = JSON.parse(process.env.AIM ?? '{}');
let [seen, statements] = [0, Number.POSITIVE_INFINITY];

subscribe('etl.step', (step) => {
  writeSync(3, `${step}\n`);
  if (step === aim.step && ++seen === aim.nth) statements = aim.statements ?? statements;
});

/** Where the driver hands on its option `verbose`, which is called with each statement. */
const VERBOSE = 6;

replaceDriver(
  (Native) =>
    class extends Native {
      constructor(...given) {
        super(...given.with(VERBOSE, beforeStatement));
      }
    },
);

function beforeStatement() {
  if (statements-- > 0) return;
  statements = Number.POSITIVE_INFINITY;
  writeSync(3, 'stopped\n');
  process.kill(process.pid, 'SIGSTOP');
}
