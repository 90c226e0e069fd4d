/**
 * A day in the life of the tables, drawn from a seed: transactions in psql's words, cut where PostgreSQL is asked what
 * the metrics are.
 */
import { drawAlter, identity } from './alter.ts';
import { diceOf } from './dice.ts';
import { drawStatement } from './statement.ts';
import { type World, worldOf } from './world.ts';

export interface Workload {
  /** Whether tables are truncated, which only version 2 of wal2json tells. */
  readonly truncates: boolean;
  /** Statements between one checkpoint and the next. */
  readonly parts: readonly string[];
}

export function workloadOf(seed: number): Workload {
  const dice = diceOf(seed);
  const world = worldOf(dice, dice.chance(35));
  const identities = Array.from({ length: dice.below(4) }, () => `${identity(world)};`);
  const parts = Array.from({ length: 7 }, () =>
    Array.from({ length: 4 + dice.below(6) }, () => drawTransaction(world)).join('\n'),
  );
  return { truncates: world.truncates, parts: [[...identities, ...parts.slice(0, 1)].join('\n'), ...parts.slice(1)] };
}

function drawTransaction(world: World): string {
  const { dice } = world;
  if (dice.chance(20)) return `${drawStatement(world)};`;
  const before = structuredClone(world.state);
  const size = dice.weigh([1, 0], [6, 1], [8, 2 + dice.below(5)], [1, 30 + dice.below(21)]);
  const steps = Array.from({ length: size }, () => drawStep(world));
  const alter = dice.chance(15) ? [`${drawAlter(world)};`] : [];
  const after = alter.length > 0 ? [drawStep(world)] : [];
  const rollsBack = dice.chance(8);
  if (rollsBack) world.state = before;
  return ['BEGIN;', ...steps, ...alter, ...after, rollsBack ? 'ROLLBACK;' : 'COMMIT;'].join('\n');
}

/** One statement, or some behind a savepoint that is kept or not. */
function drawStep(world: World): string {
  const { dice } = world;
  if (dice.chance(90)) return `${drawStatement(world)};`;
  const before = structuredClone(world.state);
  const inner = Array.from({ length: 1 + dice.below(3) }, () => drawStep(world));
  const rollsBack = dice.chance(50);
  if (rollsBack) world.state = before;
  return ['SAVEPOINT s;', ...inner, ...(rollsBack ? ['ROLLBACK TO SAVEPOINT s;'] : []), 'RELEASE SAVEPOINT s;'].join(
    '\n',
  );
}
