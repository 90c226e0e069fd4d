import { type Bed, remove, roundsFor } from '../bed.ts';
import { type Claim, ratioClaim } from '../claim.ts';
import { etl } from '../engine.ts';
import { count } from '../say.ts';
import { type Line, linesOf, type Measured, measured, type Section } from '../section.ts';

const FACTOR = 4;

/** Whether time and memory are those of the log's size, or more: one log, and one four times as large. */
export async function growth(bed: Bed, records: number): Promise<Section> {
  const sizes = [records, FACTOR * records];
  const output = bed.scratch('growth');
  const contestants = sizes.map((size) => ({
    name: nameOf(size),
    command: etl(bed.log(size, 'lines'), output),
    prepare: () => remove(output),
  }));
  const lines = linesOf(await bed.race(roundsFor(FACTOR * records), contestants));
  return {
    title: 'Four times the records',
    text: 'The engine alone, one record a line into a fresh target.',
    lines,
    claims: claimsOf(lines, records),
  };
}

function nameOf(records: number): string {
  return `${count(records)} records`;
}

function claimsOf(lines: readonly Line[], records: number): readonly Claim[] {
  const [small, large] = [measured(lines, nameOf(records)), measured(lines, nameOf(FACTOR * records))];
  if (!small || !large) return [];
  const between = `${nameOf(FACTOR * records)}, to ${nameOf(records)}`;
  const peaks = ({ runs }: Measured) => runs.map(({ peak }) => peak);
  return [
    // Below, what Node itself takes would hide any growth.
    ratioClaim(`peak memory of ${between}`, peaks(large), peaks(small), records === 1_000_000 ? { must: 1.1 } : {}),
    ratioClaim(`time of ${between}`, large.seconds, small.seconds, { must: FACTOR * 1.1 }),
  ];
}
