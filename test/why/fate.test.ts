/** Why each row of the root is in a metric, or what it stops at, against an evaluation that shares no code with the engine. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ColumnPath } from '../../engine/expression/expression.ts';
import { printColumn } from '../../engine/expression/print.ts';
import { run } from '../../engine/pipeline/run.ts';
import { compile } from '../../engine/plan/compile.ts';
import type { Scan } from '../../engine/plan/plan.ts';
import { type Explanation, why } from '../../engine/why/why.ts';
import { asLines } from '../log/log.ts';
import type { Datum } from '../oracle/datum.ts';
import { canonicalDecimal } from '../oracle/decimal.ts';
import { fatesOf, type OracleFate } from '../oracle/fate.ts';
import { type RandomCase, randomCase, randomHistory } from '../oracle/random.ts';
import { readWal2json } from '../oracle/wal2json.ts';
import { runs } from '../support/counts.ts';
import { mappingOf } from '../support/engine.ts';
import { groupsBy } from '../support/groups.ts';
import { inScratch } from '../support/scratch.ts';
import { tell } from '../support/tally.ts';

/** A value as it is asked for. */
function textOf(datum: Datum): string {
  if (datum === null) return 'NULL';
  return datum.type === 'numeric' ? canonicalDecimal(datum.value) : String(datum.value);
}

/** The columns that a row is asked for by: its key, or all that is kept whole where it has none. */
function askedBy({ key, columns }: Scan): readonly Extract<ColumnPath, { kind: 'nested' }>[] {
  const whole = columns.flatMap(({ path }) => (path.kind === 'nested' && path.steps.length === 0 ? [path] : []));
  return key.length > 0 ? whole.slice(0, key.length) : whole;
}

/** The roots that one question asks for, as the oracle has them. */
function questions(root: Scan, fates: readonly OracleFate[]): ReadonlyMap<string, readonly OracleFate[]> {
  const asked = (row: OracleFate['row']) =>
    askedBy(root).map((path) => `${printColumn({ alias: root.alias, path })}=${textOf(row.get(path.column) ?? null)}`);
  return groupsBy(fates, ({ row }) => JSON.stringify(asked(row)));
}

function stopIn({ absence }: Explanation): string | null {
  if (absence?.kind !== 'stops') return absence?.kind ?? null;
  const { stop } = absence;
  return 'alias' in stop ? `${stop.kind} ${stop.alias}` : stop.kind;
}

async function holds({ mapping: yaml, log }: RandomCase, folder: string): Promise<number> {
  const [path, output] = [join(folder, 'wal.json'), join(folder, 'metrics.db')];
  writeFileSync(path, asLines(log.flat()));
  const mapping = mappingOf(yaml);
  await run(mapping, { inputs: new Map([['', path]]), output });
  const plan = compile(mapping);
  const asked = questions(plan.root, fatesOf(yaml, readWal2json(asLines(log.flat()))));
  for (const [words, fates] of asked) {
    const explanation = await why(mapping, JSON.parse(words) as string[], { output });
    const rows = fates.reduce((sum, fate) => sum + fate.rows, 0);
    expect(explanation.row !== null).toBe(rows > 0);
    if (plan.groupBy === null) expect(explanation.rows).toBe(rows);
    if (rows === 0) expect(fates.flatMap(({ stops }) => stops)).toContain(stopIn(explanation));
  }
  return asked.size;
}

test('a root is in the metric exactly where why says so, and stops at what it says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(randomCase, randomHistory), (drawn) =>
      inScratch(async (folder) => tell('roots asked why', await holds(drawn, folder))),
    ),
    { numRuns: runs(40, 500) },
  );
});
