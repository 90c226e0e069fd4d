import { statSync } from 'node:fs';
import { type Bed, remove, roundsFor } from '../bed.ts';
import { ratioClaim } from '../claim.ts';
import { digestOf } from '../digest.ts';
import { etl, METRIC, rowsIn } from '../engine.ts';
import { count, mebibytes } from '../say.ts';
import { linesOf, measured, type Section } from '../section.ts';

const METRICS = [METRIC, 'event_journal', 'decline_report'];

/** Three mappings over one log, beside one of them over the same log. */
export async function mappings(bed: Bed, records: number): Promise<Section> {
  const log = bed.log(records, 'lines');
  const output = bed.scratch('mappings');
  const [one, three] = ['one mapping', 'three mappings'];
  const contestant = (name: string, metrics: readonly string[]) => {
    return { name, command: etl(log, output, metrics), prepare: () => remove(output) };
  };
  const sums = new Set<string>();
  const sizes: number[] = [];
  const outcomes = await bed.race(
    roundsFor(records),
    [contestant(one, [METRIC]), contestant(three, METRICS)],
    async (_, __, round) => {
      if (round > 0) return;
      sums.add((await digestOf(rowsIn(output))).sum);
      sizes.push(statSync(output).size);
    },
  );
  if (sums.size !== 1) throw new Error(`${METRIC} has other rows where other metrics are beside it`);
  const lines = linesOf(outcomes);
  const [alone, together] = [measured(lines, one)?.seconds ?? [], measured(lines, three)?.seconds ?? []];
  return {
    title: `Several mappings over ${count(records)} records`,
    text: [
      `${METRICS.join(', ')} into one file, one record a line; the rows of ${METRIC} are those it has alone.`,
      `The file of one has ${sizes.map(mebibytes).join(', that of three ')}.`,
    ].join(' '),
    lines,
    claims: [ratioClaim(`${three} over one log: time, to ${one}`, together, alone, { must: 2, stretch: [1.6] })],
  };
}
