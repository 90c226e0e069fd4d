import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OracleChange } from '../oracle/change.ts';
import { asMultiset, evaluate } from '../oracle/evaluate.ts';
import { readWal2json } from '../oracle/wal2json.ts';
import type { Postgres } from '../servers/postgres.ts';
import { seeds } from '../support/counts.ts';
import { tell } from '../support/tally.ts';
import type { Form } from './form.ts';
import { startJudge } from './judge.ts';
import { type Checkpoint, formsOf, play } from './play.ts';
import { VIEWS } from './view.ts';
import { workloadOf } from './workload.ts';

let judge: Postgres | string = 'not started';

beforeAll(async () => {
  judge = await startJudge();
});

afterAll(() => {
  if (typeof judge !== 'string') judge.stop();
});

describe('the oracle on a random workload gives what PostgreSQL answered', () => {
  test.for(seeds(3, 50))('ETL_SEED=%i', async (seed, context) => {
    if (typeof judge === 'string') return context.skip(judge);
    const workload = workloadOf(seed);
    const checkpoints = await play(judge, workload);
    for (const [turn, form] of formsOf(workload).entries()) compare(form, turn, checkpoints);
    tell('seeds, oracle against PostgreSQL');
  });
});

test('a large value that an update does not change is left out of the log', async (context) => {
  if (typeof judge === 'string') return context.skip(judge);
  const workload = workloadOf(1);
  const checkpoints = await play(judge, workload);
  const absent = formsOf(workload).map((form) =>
    checkpoints
      .flatMap(({ rows }) => readWal2json(form.fileOf(rows.get(form) ?? [])))
      .filter((change) => change.op === 'update' && change.table === 'event_v2_data')
      .filter((update) => 'after' in update && !update.after.has('error_details')),
  );
  expect(absent[0]?.length).toBeGreaterThan(0);
  expect(new Set(absent.map(({ length }) => length)).size).toBe(1);
});

/**
 * Holds the oracle, which reads the log of a form from its start, against PostgreSQL: one view after another from
 * checkpoint to checkpoint, all of them at the last.
 */
function compare(form: Form, turn: number, checkpoints: readonly Checkpoint[]): void {
  const changes: OracleChange[] = [];
  for (const [place, { rows, truth }] of checkpoints.entries()) {
    changes.push(...readWal2json(form.fileOf(rows.get(form) ?? [])));
    const isLast = place === checkpoints.length - 1;
    for (const [view, answer] of truth) {
      if (!isLast && VIEWS.indexOf(view) !== (turn + place) % VIEWS.length) continue;
      const name = `${form.name}, checkpoint ${place}, ${view.name}`;
      expect(asMultiset(evaluate(view.mapping, changes)), name).toEqual(asMultiset(answer));
    }
  }
}
