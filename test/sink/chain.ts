/**
 * A chain of runs over two growing logs that ship to a target elsewhere, most of which are killed while they ship. After
 * each kill the target holds whole batches; in the end it is what one run makes of both logs that nobody killed.
 */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { ledgerOf } from '../crash/ledger.ts';
import { type Ended, runAndKill, runToEnd } from '../crash/process.ts';
import { asLines } from '../log/log.ts';
import { type Dice, diceOf } from '../postgres/dice.ts';

/** A target of one kind. */
export interface KilledTarget {
  /** As a mapping says it, behind `sink:`. */
  readonly sink: string;
  /** What the accounts hold together, by the rows there: of whole transactions it is nothing. */
  balance(): Promise<string>;
}

/** What each account holds, by the entries of one log, and its label by the other. */
const totalsOf = (sink: string): string => `metric: totals
sources:
  one: { format: wal2json, path: one }
  two: { format: wal2json, path: two }
tables:
  entry: { source: one, key: [] }
  account: { source: two, key: account_id }
from: entry
join:
  - left: entry.account_id = account.account_id
group_by: [entry.account_id]
columns:
  - entry.account_id
  - { name: total, expr: sum(entry.amount) }
  - { name: entries, expr: count(*) }
  - { name: label, expr: max(account.label) }
sink: ${sink}
`;

/** Runs after which a chain gives up. */
const RUNS = 200;

/** Runs and kills in a folder until so many kills were in the midst of a shipment. */
export async function killWhileShipping(
  folder: string,
  seed: number,
  target: KilledTarget,
  kills: number,
): Promise<void> {
  const dice = diceOf(seed);
  const grow = openLogs(folder, dice);
  writeFileSync(join(folder, 'totals.yaml'), totalsOf(target.sink));
  for (let [runs, killed] = [0, 0]; killed < kills; runs++) {
    expect(runs, `runs, of which ${killed} were killed`).toBeLessThan(RUNS);
    grow();
    const ended = await runAndKill(folder, argsOf(dice), aimAt(dice));
    expect(ended.exit ?? 0, ended.text).toBe(0);
    if (!isKilledShipping(ended)) continue;
    expect(await target.balance()).toBe('0');
    killed++;
  }
  for (const args of [
    ['run', 'totals.yaml'],
    ['verify', 'totals.yaml', '--from-source'],
  ]) {
    const { exit, text } = await runToEnd(folder, args);
    expect(exit, text).toBe(0);
  }
  expect(await target.balance()).toBe('0');
}

function argsOf(dice: Dice): readonly string[] {
  const flags = dice.chance(10) ? ['--full-refresh'] : [];
  return ['run', 'totals.yaml', '--batch-size', String(20 + dice.below(300)), ...flags];
}

/** Before a statement of the state's database, or so many ms after the shipment began, while the server works. */
function aimAt(dice: Dice) {
  const at = { step: 'ship', nth: 1 } as const;
  return dice.chance(50) ? { ...at, statements: dice.below(25) } : { ...at, delay: dice.below(400) / 10 };
}

function isKilledShipping({ exit, steps }: Ended): boolean {
  return exit === null && steps.at(-1) === 'ship';
}

/** Two folders of files, each of a ledger of its own. */
function openLogs(folder: string, dice: Dice): () => void {
  const logs = ['one', 'two'].map((name) => {
    mkdirSync(join(folder, name));
    return { name, next: ledgerOf(diceOf(dice.below(1000))) };
  });
  let file = 100;
  return () => {
    if (dice.chance(50)) file++;
    for (const { name, next } of logs) {
      const lines = Array.from({ length: dice.below(200) }, next).flat();
      appendFileSync(join(folder, name, `${file}.json`), asLines(lines));
    }
  };
}
