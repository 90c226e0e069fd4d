import { type Bed, remove, roundsFor } from '../bed.ts';
import { type Claim, type Limits, ratioClaim } from '../claim.ts';
import { type Digest, digestOf } from '../digest.ts';
import { etl, rowsIn } from '../engine.ts';
import { RIVALS, type Rival } from '../rivals.ts';
import type { Contestant } from '../rounds.ts';
import { count, MEBIBYTE } from '../say.ts';
import { type Line, linesOf, type Measured, measured, type Section } from '../section.ts';
import { figureOf } from '../statistics.ts';

const LINES = 'etl, one record a line';
const ARRAY = 'etl, one array';
const EMPTY = 'an empty Node process';

/** What the engine's time must be at most, as a share of another's, by the size of the log. */
const LIMITS: Readonly<Record<number, readonly ({ readonly against: string } & Limits)[]>> = {
  1000: [{ against: EMPTY, must: 2, stretch: [1.6] }],
  100000: [{ against: titleOf('duckdb-sqlite'), must: 0.55, stretch: [0.4] }],
  1000000: [
    { against: titleOf('duckdb-sqlite'), must: 0.65 },
    { against: titleOf('python'), must: 0.4 },
    { against: titleOf('duckdb'), stretch: [1, 0.5] },
  ],
};

function titleOf(rival: string): string {
  return RIVALS[rival]?.title ?? rival;
}

/** A whole log into a fresh target, by the engine and by its rivals, who must all have the same rows. */
export async function load(bed: Bed, records: number): Promise<Section> {
  const entrants = entrantsOf(bed, records);
  const digests = new Map<string, Digest>();
  const outcomes = await bed.race(
    roundsFor(records),
    entrants.map(({ contestant }) => contestant),
    async (name, _run, round) => {
      const rows = entrants.find(({ contestant }) => contestant.name === name)?.rows;
      if (round > 0 || !rows) return;
      digests.set(name, await digestOf(rows()));
      mustAgree(digests);
    },
  );
  const lines = linesOf(outcomes);
  const rows = digests.get(LINES)?.rows ?? 0;
  return {
    title: `${count(records)} records into a fresh target`,
    text: `${digests.size} targets, ${count(rows)} rows each, all equal.`,
    lines,
    claims: claimsOf(records, lines),
  };
}

interface Entrant {
  readonly contestant: Contestant;
  readonly rows?: () => ReturnType<Rival['rows']>;
}

function entrantsOf(bed: Bed, records: number): readonly Entrant[] {
  const lines = bed.log(records, 'lines');
  const entrant = (name: string, of: Pick<Rival, 'command' | 'rows'>, mayFail: boolean, log = lines): Entrant => {
    const output = bed.scratch(name.replaceAll(/\W+/g, '-'));
    const prepare = () => remove(output);
    return { contestant: { name, command: of.command(log, output), prepare, mayFail }, rows: () => of.rows(output) };
  };
  const engine = { command: etl, rows: rowsIn };
  const rivals = bed.options.rivals.flatMap((name) => RIVALS[name] ?? []);
  return [
    entrant(LINES, engine, false),
    entrant(ARRAY, engine, false, bed.log(records, 'line-array')),
    ...rivals.map((rival) => entrant(rival.title, rival, true)),
    { contestant: { name: EMPTY, command: [process.execPath, '-e', ''] } },
  ];
}

/** Throws where one has other rows than the first. */
export function mustAgree(digests: ReadonlyMap<string, Digest>): void {
  const [[first, expected] = ['', undefined], ...others] = digests;
  for (const [name, { rows, sum }] of others) {
    if (rows === expected?.rows && sum === expected.sum) continue;
    throw new Error(`${name} has other rows (${rows}) than ${first} (${expected?.rows})`);
  }
}

function claimsOf(records: number, lines: readonly Line[]): readonly Claim[] {
  const ours = [LINES, ARRAY].flatMap((name) => measured(lines, name) ?? []);
  return ours.flatMap((our) => [
    ...(LIMITS[records] ?? []).map(({ against, ...limits }) => {
      const what = `${count(records)} records, ${our.name}: time, to ${against}`;
      return ratioClaim(what, our.seconds, measured(lines, against)?.seconds ?? [], limits);
    }),
    ...(records === 1_000_000 ? [memoryClaim(`${count(records)} records, ${our.name}: peak memory`, our)] : []),
  ]);
}

function memoryClaim(what: string, { runs }: Measured): Claim {
  const figure = figureOf(runs.map(({ peak }) => peak));
  return { what, unit: 'bytes', figure, must: 300 * MEBIBYTE, stretch: [200 * MEBIBYTE] };
}
