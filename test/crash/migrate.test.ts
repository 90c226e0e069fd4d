/**
 * Law 4 for a changed mapping: a run that makes the state of the old one its own is killed in the midst of each step. What it
 * leaves is wholly that of one mapping or of the other, and the next run ends what this one began.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isFinding } from '../../engine/diagnostic/diagnostic.ts';
import type { Step } from '../../engine/store/step.ts';
import { type Dice, diceOf } from '../postgres/dice.ts';
import { seeds } from '../support/counts.ts';
import { execute } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';
import { tell } from '../support/tally.ts';
import { ALONE, BESIDE, type Scene } from './ledger.ts';
import { openLog } from './log.ts';
import { runAndKill, runToEnd } from './process.ts';
import { lookAt } from './state.ts';

/** Of the transaction that migrates, and the first behind it. */
const STEPS: readonly Step[] = ['migrate', 'derive', 'write', 'commit', 'read'];

const KILLS = 2;
const RUNS = 150;

/** A mapping and what it is changed to; then it is changed back. */
type Change = readonly [Scene, Scene];

const keeping = ALONE.yaml.replace(/key: (\w+_id) /g, 'key: $1, keep: all ');

const alone: Change = [
  { ...ALONE, yaml: keeping },
  {
    ...ALONE,
    yaml: keeping
      .replace('owner.address.city', '{ name: address, expr: owner.address }')
      .replace('account.label', 'account.owner_id')
      .replace('sink:', 'where: entry.transfer % 2 = 0\nsink:'),
  },
];

const beside: Change = [
  { ...BESIDE, yaml: BESIDE.yaml.replace('account_id }', 'account_id, keep: [label] }') },
  {
    ...BESIDE,
    yaml: BESIDE.yaml
      .replace('account_id }', 'account_id, keep: [label] }')
      .replace('max(account.label)', 'min(account.label)'),
  },
];

describe('law 4: a migration that is killed leaves the one state or the other', () => {
  test.for(seeds(1, 4))('ETL_SEED=%i', (seed) => survive(seed, alone));

  test.for(seeds(0, 2))('beside rows of others: ETL_SEED=%i', (seed) => survive(seed, beside));
});

async function survive(seed: number, change: Change): Promise<void> {
  const kills = await inScratch((folder) => killAndMigrate(folder, diceOf(seed), change));
  for (const step of STEPS) {
    const count = kills.filter((each) => each === step).length;
    expect(count).toBeGreaterThan(0);
    tell(`kills of a migration in ${step}`, count);
  }
}

async function killAndMigrate(folder: string, dice: Dice, [first, second]: Change): Promise<readonly Step[]> {
  const database = join(folder, 'metrics.db');
  if (first.before) execute(database, first.before);
  const log = openLog(folder, dice, first);
  log.grow(300);
  await run(folder, ['run', 'ledger.yaml']);
  let [from, to] = [first, second];
  const kills: Step[] = [];
  for (let runs = 0; ; runs++) {
    const missing = STEPS.filter((step) => kills.filter((each) => each === step).length < KILLS);
    if (missing.length === 0) break;
    expect(runs, `runs, of which were killed: ${kills}`).toBeLessThan(RUNS);
    writeFileSync(join(folder, 'ledger.yaml'), to.yaml);
    const read = lookAt(database, from).records;
    if (dice.chance(30)) log.grow(50);
    const { exit, steps, text } = await runAndKill(folder, ['run', 'ledger.yaml'], aimAt(dice, missing));
    expect(exit ?? 0, text).toBe(0);
    const step = steps.at(-1);
    if (exit === null && step && STEPS.includes(step) && !steps.includes('stage')) kills.push(step);
    const isMade = isOf(database, from, to);
    // Whichever it is, it has what was read of the log, and its target.
    const left = lookAt(database, isMade ? to : from);
    expect(left.loaded).toBe(true);
    expect(left.records).toBeGreaterThanOrEqual(read);
    if (isMade) [from, to] = [to, from];
  }
  await run(folder, ['run', 'ledger.yaml']);
  await run(folder, ['verify', 'ledger.yaml', '--from-source']);
  return kills;
}

function aimAt(dice: Dice, missing: readonly Step[]) {
  const at = { step: dice.pick(missing), nth: 1 };
  return dice.chance(60)
    ? { ...at, statements: dice.below(dice.pick([4, 12, 40])) }
    : { ...at, delay: dice.below(300) / 100 };
}

/** Whether the state is one of the changed mapping by now, and not of the one before any more. */
function isOf(database: string, before: Scene, after: Scene): boolean {
  try {
    lookAt(database, before);
    return false;
  } catch (error) {
    if (!isFinding(error, 'PLAN_CHANGED')) throw error;
    lookAt(database, after);
    return true;
  }
}

async function run(folder: string, args: readonly string[]): Promise<void> {
  const { exit, text } = await runToEnd(folder, args);
  expect(exit, text).toBe(0);
}
