import { writeFileSync } from 'node:fs';
import { asLines } from '../../log/log.ts';
import { type Bed, copyDatabase } from '../bed.ts';
import { type Claim, ratioClaim } from '../claim.ts';
import { etl, resultOf } from '../engine.ts';
import { hotRows, hotUpdate } from '../hot-rows.ts';
import { measure } from '../measure.ts';
import { count } from '../say.ts';
import { type Line, linesOf, measured, type Section } from '../section.ts';

/** How many rows of the metric join to the row that changes. */
const ROWS = [1_000, 10_000, 100_000];
const ROUNDS = 5;

/** One update of a row that many rows of the metric join to, on one kept state. */
export async function fanout(bed: Bed, records: number): Promise<Section> {
  const log = bed.log(records, 'lines');
  const [state, work] = [await stateWithHotRows(bed, log), bed.scratch('work')];
  const contestants = ROWS.map((rows) => {
    const change = bed.scratch(`change-${rows}`);
    writeFileSync(change, asLines([hotUpdate(log, rows)]));
    return { name: nameOf(rows), command: etl(change, work), prepare: () => copyDatabase(state, work) };
  });
  const outcomes = await bed.race(ROUNDS, contestants, async (name, run) => {
    const { changed } = resultOf(run).write;
    if (nameOf(changed) !== name) throw new Error(`an update that ${name} changed ${count(changed)}`);
  });
  const lines = linesOf(outcomes, (run) => resultOf(run).seconds);
  return {
    title: 'One update of a row that many rows join to',
    text: `On the state of ${count(records)} records and of the rows that join. Seconds are those from opening the file on.`,
    lines,
    claims: claimsOf(lines),
  };
}

async function stateWithHotRows(bed: Bed, log: string): Promise<string> {
  const [state, hot] = [bed.scratch('state'), bed.scratch('hot')];
  writeFileSync(hot, asLines([...hotRows(log, ROWS)]));
  await measure(etl(log, state));
  await measure(etl(hot, state));
  return state;
}

function nameOf(rows: number): string {
  return `touches ${count(rows)} rows`;
}

/** Ten times the rows may take ten times the time, and a tenth more for what memory is near and what is far. */
function claimsOf(lines: readonly Line[]): readonly Claim[] {
  const of = (rows: number) => measured(lines, nameOf(rows))?.seconds ?? [];
  return ROWS.slice(1).map((rows) => {
    const what = `an update that ${nameOf(rows)}: time, to one that ${nameOf(rows / 10)}`;
    return ratioClaim(what, of(rows), of(rows / 10), { must: 11 });
  });
}
