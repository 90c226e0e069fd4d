/**
 * A chain of runs over a growing log, most of which are killed. What a kill leaves is looked at, and the next run goes on
 * from it with another batch size. In the end all is as one run leaves it that nobody killed.
 */
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Step } from '../../engine/store/step.ts';
import { type Dice, diceOf } from '../postgres/dice.ts';
import { execute } from '../support/engine.ts';
import { ALONE, type Scene } from './ledger.ts';
import { type GrowingLog, openLog } from './log.ts';
import { type Aim, type Ended, runAndKill, runToEnd } from './process.ts';
import { contentOf, type Left, lookAt } from './state.ts';

export const STEPS: readonly Step[] = ['read', 'stage', 'derive', 'write', 'commit'];

/** Kills of each step that a chain goes on for, and runs after which it gives up. */
const KILLS = 2;
const RUNS = 150;

/** Runs and kills in a folder until each step was hit often enough. Gives the step of each kill that counts. */
export async function killAndResume(folder: string, seed: number, scene: Scene = ALONE): Promise<readonly Step[]> {
  const dice = diceOf(seed);
  const log = openLog(folder, dice, scene);
  const kills: Step[] = [];
  if (scene.before) for (const name of ['metrics.db', 'once.db']) execute(join(folder, name), scene.before);
  let left = lookAt(join(folder, 'metrics.db'), scene);
  for (let runs = 0; ; runs++) {
    const missing = STEPS.filter((step) => kills.filter((each) => each === step).length < KILLS);
    if (missing.length === 0) break;
    expect(runs, `runs, of which were killed: ${kills}`).toBeLessThan(RUNS);
    if (left.records === log.records()) log.grow(200 + dice.below(300));
    const ended = await runAndKill(folder, argsOf(dice, scene), aimAt(dice, missing));
    left = check(folder, scene, left, ended);
    const step = killedIn(ended, left, log);
    if (step) kills.push(step);
  }
  await compare(folder, dice, scene);
  return kills;
}

function argsOf(dice: Dice, scene: Scene): readonly string[] {
  const flags = dice.chance(10) ? ['--full-refresh'] : [];
  return ['run', ...mappingsOf(scene), '--batch-size', String(20 + dice.below(300)), ...flags];
}

function mappingsOf({ other }: Scene): readonly string[] {
  return other ? ['ledger.yaml', 'other.yaml'] : ['ledger.yaml'];
}

/** Most steps have few statements, and one has one for each row. */
function aimAt(dice: Dice, missing: readonly Step[]): Aim {
  const at = { step: dice.pick(missing), nth: 1 + dice.below(5) };
  return dice.chance(50)
    ? { ...at, statements: dice.below(dice.pick([8, 8, 200])) }
    : { ...at, delay: dice.below(300) / 100 };
}

/** A run was killed or ended well, and left things whole. Until a first load has ended, the target stays as it was. */
function check(folder: string, scene: Scene, before: Left, { exit, text }: Ended): Left {
  expect(exit ?? 0, text).toBe(0);
  const left = lookAt(join(folder, 'metrics.db'), scene);
  if (!left.loaded) expect(left.target).toBe(before.target);
  return left;
}

/**
 * The step in which a run was killed; null where it was not, or had begun no write, or had ended all.
 *
 * Within a transaction that stages or derives, every step counts. While it reads, a run has begun if it has committed a
 * batch, and has not ended if there is more to read, or a first load to end.
 */
function killedIn({ exit, steps }: Ended, left: Left, log: GrowingLog): Step | null {
  const step = steps.at(-1);
  if (exit !== null || step === undefined || !steps.includes('stage')) return null;
  if (step === 'commit' && steps.at(-2) === 'read') return null;
  return step === 'read' && left.loaded && left.records === log.records() ? null : step;
}

/** Ends the chain with a run that is not killed, and holds it against a first load over the whole log. */
async function compare(folder: string, dice: Dice, scene: Scene): Promise<void> {
  const mappings = mappingsOf(scene);
  for (const args of [
    ['run', ...mappings, '--batch-size', String(20 + dice.below(300))],
    ['run', ...mappings, '--output', 'once.db'],
    ...mappings.map((mapping) => ['verify', mapping, '--from-source']),
  ]) {
    const { exit, text } = await runToEnd(folder, args);
    expect(exit, text).toBe(0);
  }
  expect(contentOf(join(folder, 'metrics.db'))).toEqual(contentOf(join(folder, 'once.db')));
}
