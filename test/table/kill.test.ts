/** Runs over a table that others write are killed in the midst of each step: in the end the metric is the table. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Step } from '../../engine/store/step.ts';
import { verifyState } from '../../engine/verify/verify.ts';
import { runAndKill, runToEnd } from '../crash/process.ts';
import { type Dice, diceOf } from '../postgres/dice.ts';
import { runs } from '../support/counts.ts';
import { mappingOf, rowsOf } from '../support/engine.ts';
import { tell } from '../support/tally.ts';
import { type TableMetric, yamlOf } from './metric.ts';
import { describeServers, PASSWORD, type TableServer } from './servers.ts';
import type { WritingSession } from './session.ts';

const STEPS: readonly Step[] = ['read', 'stage', 'derive', 'write', 'commit'];

/** Kills of each step, and runs after which it is given up. */
const KILLS = runs(1, 3);
const RUNS = 40 * KILLS;

/** In seconds, as the mapping says it. */
const LOOKBACK = 60;

describeServers('law 4: a process that is killed and started again loses and doubles no row of', (withItems) => {
  test.for(['mode: snapshot', 'watermark: at'])('by %s', (mode, context) => {
    const source = mode === 'mode: snapshot' ? [mode] : [mode, `lookback: ${LOOKBACK}s`];
    return withItems('name integer, at timestamp(6) NULL', source, async (items, server) => {
      writeFileSync(join(items.folder, 'items.yaml'), yamlOf(items));
      const world = await openWorld(server, diceOf(1), mode === 'mode: snapshot');
      const kills: Step[] = [];
      for (let count = 0; STEPS.some((step) => isMissing(step, kills)); count++) {
        expect(count, `runs, of which were killed: ${kills}`).toBeLessThan(RUNS);
        await world.write();
        const step = await killOne(items, world.dice, kills);
        if (step) kills.push(step);
      }
      await world.end();
      const { exit, text } = await runToEnd(items.folder, ['run', 'items.yaml']);
      expect(exit, text).toBe(0);
      expect(text + readFileSync(join(items.folder, 'metrics.db'), 'latin1')).not.toContain(PASSWORD);
      expect(rowsIn(items.folder)).toEqual(await world.rows());
      tell('kills while a table was read', kills.length);
    })(context);
  });
});

function isMissing(step: Step, kills: readonly Step[]): boolean {
  return kills.filter((each) => each === step).length < KILLS;
}

/** Kills a run somewhere. What it leaves is whole. Gives the step; null where the run had ended before. */
async function killOne({ folder }: TableMetric, dice: Dice, kills: readonly Step[]): Promise<Step | null> {
  const step = dice.pick(STEPS.filter((each) => isMissing(each, kills)));
  const aim = { step, nth: 1 + dice.below(3), statements: dice.below(8) };
  const { exit, steps, text } = await runAndKill(
    folder,
    ['run', 'items.yaml', '--batch-size', String(5 + dice.below(30))],
    aim,
  );
  expect(exit ?? 0, text).toBe(0);
  if (exit === 0) {
    const mapping = mappingOf(readFileSync(join(folder, 'items.yaml'), 'utf8'));
    expect(verifyState(mapping, { output: join(folder, 'metrics.db') })).toMatchObject({ missing: 0, unexpected: 0 });
  }
  return exit === null ? (steps.at(-1) ?? null) : null;
}

function rowsIn(folder: string): readonly string[] {
  return rowsOf(join(folder, 'metrics.db'), 'items').map(String).sort();
}

interface World {
  readonly dice: Dice;
  /** Writes some rows; now and then in a transaction that is still open when the next run begins. */
  write(): Promise<void>;
  /** The open transaction ends. */
  end(): Promise<void>;
  /** The table as it is now, in lines. */
  rows(): Promise<readonly string[]>;
}

/** Rows come, change and, where that can be noticed, go. Many share one time, and some have an earlier one than others that are seen. */
async function openWorld(server: TableServer, dice: Dice, hasDeletes: boolean): Promise<World> {
  const [fast, slow] = [await server.session(), await server.session()];
  let [clock, last, isOpen] = [0, 0, false];
  const time = () => `'${new Date(Date.UTC(2024, 0, 1) + (clock - dice.below(3)) * 1000).toISOString().slice(0, 19)}'`;
  const statement = () =>
    dice.weigh(
      [6, () => `INSERT INTO item VALUES (${++last}, ${dice.below(9)}, ${time()})`],
      [3, () => `UPDATE item SET name = name + 10, at = ${time()} WHERE id % 7 = ${dice.below(7)}`],
      [hasDeletes ? 1 : 0, () => `DELETE FROM item WHERE id % 11 = ${dice.below(11)}`],
    )();
  const end = async () => {
    if (isOpen) await slow.query('COMMIT');
    isOpen = false;
  };
  const begin = async () => {
    await slow.query('START TRANSACTION');
    for (let n = 0; n < 3; n++) await slow.query(`INSERT INTO item VALUES (${++last}, 1, ${time()})`);
    isOpen = true;
  };
  return {
    dice,
    end,
    write: async () => {
      clock += 10;
      await end();
      for (let n = 20 + dice.below(30); n > 0; n--) await fast.query(statement());
      if (dice.chance(60)) await begin();
      clock += 10;
      for (let n = dice.below(10); n > 0; n--) await fast.query(`INSERT INTO item VALUES (${++last}, 2, ${time()})`);
    },
    rows: async () => {
      const rows = await fast.query('SELECT id, name FROM item');
      await Promise.all([fast, slow].map((session: WritingSession) => session.close()));
      return rows.map(String).sort();
    },
  };
}
