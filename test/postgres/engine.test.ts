import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../../engine/pipeline/run.ts';
import { verifySource, verifyState } from '../../engine/verify/verify.ts';
import { canonicalOfSqlite } from '../oracle/datum.ts';
import { asMultiset, type OracleRow } from '../oracle/evaluate.ts';
import type { Postgres } from '../servers/postgres.ts';
import { seeds } from '../support/counts.ts';
import { mappingOf, rowsOf } from '../support/engine.ts';
import { inScratch } from '../support/scratch.ts';
import { tell } from '../support/tally.ts';
import type { Form } from './form.ts';
import { startJudge } from './judge.ts';
import { type Checkpoint, formsOf, play } from './play.ts';
import { VIEWS, type View } from './view.ts';
import { workloadOf } from './workload.ts';

let judge: Postgres | string = 'the server was not started';

beforeAll(async () => {
  judge = await startJudge();
});

afterAll(() => {
  if (typeof judge !== 'string') judge.stop();
});

describe('the engine on a random workload gives what PostgreSQL answered', () => {
  test.for(seeds(3, 50))('ETL_SEED=%i', async (seed, context) => {
    if (typeof judge === 'string') return context.skip(judge);
    const workload = workloadOf(seed);
    const checkpoints = await play(judge, workload);
    const forms = formsOf(workload);
    // Each mapping of a seed reads another form, and the same mapping another one in the next seed.
    for (const [place, view] of VIEWS.entries()) {
      const form = forms[(seed + place) % forms.length];
      if (form) await inScratch((folder) => compare(folder, view, form, checkpoints));
    }
    tell('seeds, engine against PostgreSQL');
  });
});

/** Runs the engine after every checkpoint over a log that grows, and once over the whole log, a transaction a batch. */
async function compare(folder: string, view: View, form: Form, checkpoints: readonly Checkpoint[]): Promise<void> {
  const [log, grown, once] = [join(folder, 'wal.json'), join(folder, 'grown.db'), join(folder, 'once.db')];
  const mapping = mappingOf(view.mapping);
  const inputs = new Map([['', log]]);
  const rows: string[] = [];
  for (const [place, checkpoint] of checkpoints.entries()) {
    rows.push(...(checkpoint.rows.get(form) ?? []));
    writeFileSync(log, form.fileOf(rows));
    await run(mapping, { inputs, output: grown });
    expectRows(grown, mapping.metric, checkpoint.truth.get(view), `${form.name}, checkpoint ${place}, ${view.name}`);
  }
  const verified = await verifySource(mapping, { inputs, output: grown });
  expect(verified, `${form.name}, ${view.name}`).toMatchObject({ missing: 0, unexpected: 0 });
  expect(verifyState(mapping, { output: grown })).toMatchObject({ missing: 0, unexpected: 0 });
  await run(mapping, { inputs, output: once, batchSize: 1 });
  expectRows(once, mapping.metric, checkpoints.at(-1)?.truth.get(view), `${form.name}, at once, ${view.name}`);
}

function expectRows(database: string, table: string, truth: readonly OracleRow[] = [], name: string): void {
  const rows = rowsOf(database, table).map((row) => row.map(canonicalOfSqlite));
  expect(asMultiset(rows), name).toEqual(asMultiset(truth));
}
