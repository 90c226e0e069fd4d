import { writeFileSync } from 'node:fs';
import { asLines } from '../../log/log.ts';
import { type Bed, copyDatabase } from '../bed.ts';
import { mixedChanges } from '../changes.ts';
import { type Claim, type Limits, ratioClaim } from '../claim.ts';
import { digestOf } from '../digest.ts';
import { dropTarget, etl, resultOf, rowsIn } from '../engine.ts';
import { measure } from '../measure.ts';
import type { Contestant } from '../rounds.ts';
import { count } from '../say.ts';
import { type Line, linesOf, measured, type Section } from '../section.ts';

const CHANGES = 1_000;
const ROUNDS = 5;

/** Changes on kept states of several sizes, beside the same changes and then everything derived again. */
export async function increments(bed: Bed, sizes: readonly number[]): Promise<Section> {
  const states: State[] = [];
  for (const size of sizes) states.push(await stateOf(bed, size));
  const work = bed.scratch('work');
  const sums = new Map<string, string>();
  const outcomes = await bed.race(
    ROUNDS,
    states.flatMap((state) => contestantsOn(state, work)),
    async (name, run, round) => {
      const { read, lost } = resultOf(run);
      if (read.changes !== CHANGES || lost.changes > 0) throw new Error(`${name}: not every change found its row`);
      if (round === 0) sums.set(name, (await digestOf(rowsIn(work))).sum);
    },
  );
  for (const size of sizes) {
    if (sums.get(touched(size)) === sums.get(again(size))) continue;
    throw new Error(`changes on ${count(size)} records give other rows than all derived again`);
  }
  const lines = linesOf(outcomes, (run) => resultOf(run).seconds);
  return {
    title: `${count(CHANGES)} mixed changes on a kept state`,
    text: [
      'Half are inserts, three of ten updates, two of ten deletes, each a transaction. The first changes after a load',
      'make the indexes that only changes need; the others come on a state that took in ten changes before.',
      'Seconds are those from opening the file on, as the run says them. What is derived again is the whole metric, from',
      'the state with the same changes: its table was dropped before the run. Both give the same rows.',
    ].join(' '),
    lines,
    claims: claimsOf(lines, sizes),
  };
}

interface State {
  readonly records: number;
  /** As the load left it, and after a few changes. */
  readonly loaded: string;
  readonly changed: string;
  /** The log of changes on it. */
  readonly changes: string;
}

/** Changes that come before those that are measured: of each kind some. */
const FEW = 10;

async function stateOf(bed: Bed, records: number): Promise<State> {
  const log = bed.log(records, 'lines');
  const [loaded, changed] = [bed.scratch(`loaded-${records}`), bed.scratch(`changed-${records}`)];
  const [few, changes] = [bed.scratch(`few-${records}`), bed.scratch(`changes-${records}`)];
  const lines = mixedChanges(log, FEW + CHANGES)
    .trimEnd()
    .split('\n');
  writeFileSync(few, asLines(lines.slice(0, FEW)));
  writeFileSync(changes, asLines(lines.slice(FEW)));
  await measure(etl(log, loaded));
  copyDatabase(loaded, changed);
  await measure(etl(few, changed));
  return { records, loaded, changed, changes };
}

const touched = (records: number): string => `on ${count(records)} records`;
const first = (records: number): string => `on ${count(records)} records, the first after the load`;
const again = (records: number): string => `on ${count(records)} records, all derived again`;

function contestantsOn({ records, loaded, changed, changes }: State, work: string): readonly Contestant[] {
  const command = etl(changes, work);
  const dropped = (): void => {
    copyDatabase(changed, work);
    dropTarget(work);
  };
  return [
    { name: touched(records), command, prepare: () => copyDatabase(changed, work) },
    { name: first(records), command, prepare: () => copyDatabase(loaded, work) },
    { name: again(records), command, prepare: dropped },
  ];
}

function claimsOf(lines: readonly Line[], sizes: readonly number[]): readonly Claim[] {
  const [smallest = 0, largest = 0] = [sizes[0], sizes.at(-1)];
  const claim = (one: string, other: string, limits: Limits): Claim => {
    const [own = [], others = []] = [one, other].map((name) => measured(lines, name)?.seconds ?? []);
    const what = `${count(CHANGES)} changes ${one}: time, to those ${other}`;
    // The limits are said for a state against which a thousand changes are few.
    return ratioClaim(what, own, others, largest === 1_000_000 ? limits : {});
  };
  return [touched, first].flatMap((name) => [
    claim(name(largest), again(largest), { must: 1 / 20 }),
    ...(smallest === largest ? [] : [claim(name(largest), name(smallest), { must: 6, stretch: [3] })]),
  ]);
}
