/** Whatever a log holds: what is proposed for it runs, and its state holds the rows that the log says. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFinding } from '../../engine/diagnostic/diagnostic.ts';
import { parseMapping } from '../../engine/mapping/load.ts';
import { expected, grow, relationsIn } from '../laws/law.ts';
import { asArray } from '../log/log.ts';
import type { RandomChange } from '../oracle/random/history.ts';
import { type RandomHistory, randomHistory } from '../oracle/random.ts';
import { runs } from '../support/counts.ts';
import { inScratch } from '../support/scratch.ts';
import { tell } from '../support/tally.ts';
import { type Proposed, proposedFor } from './infer.ts';

test('a mapping that is proposed for a random log has no finding, runs, and gives the rows of the log', () =>
  fc.assert(
    fc.asyncProperty(randomHistory, (drawn) => inScratch((folder) => holds(drawn, folder))),
    { numRuns: runs(15, 60) },
  ));

async function holds(drawn: RandomHistory, folder: string): Promise<void> {
  const path = join(folder, 'wal.json');
  writeFileSync(path, asArray(drawn.log.flat()));
  for (const [n, proposed] of (await proposals(path)).entries()) {
    const own = join(folder, String(n));
    mkdirSync(own);
    await agrees(proposed, drawn, own);
    tell('mappings proposed');
  }
}

/** None for a log without rows. */
function proposals(path: string): Promise<readonly Proposed[]> {
  return proposedFor(path, 'random_metric').catch((error: unknown) => {
    if (isFinding(error, 'NO_SAMPLE')) return [];
    throw error;
  });
}

async function agrees({ text, proposal }: Proposed, drawn: RandomHistory, folder: string): Promise<void> {
  expect(parseMapping(text, 'mapping.yaml')).toMatchObject({ warnings: [] });
  const { metrics, output } = await grow(folder, text, [drawn.log]);
  expect(metrics).toEqual([expected(text, drawn.log)]);
  const name = proposal.root.known.table.name;
  const [rows] = relationsIn(output);
  if (rowsLeft(drawn, name) !== null) expect(rows).toHaveLength(rowsLeft(drawn, name) ?? 0);
}

/**
 * The rows of a table that are there at the end. Null where the log overwrites a row without saying so, as no database
 * does: then that depends on the key, which it need not tell.
 */
function rowsLeft({ transactions, removals }: RandomHistory, table: string): number | null {
  const isOwn = (change: RandomChange) => change.table === table;
  const counted = transactions
    .flat()
    .filter(isOwn)
    .reduce((count, { op }) => {
      if (op === 'truncate') return 0;
      return op === 'insert' ? count + 1 : op === 'delete' ? count - 1 : count;
    }, 0);
  const left = removals.filter(isOwn).length;
  return counted === left ? left : null;
}
