import type { Mapping } from '../mapping/mapping.ts';
import { openSharing, type Sharing } from '../source/sharing.ts';
import { Apart, type Opening, Stopped } from './apart.ts';
import { bring } from './bring.ts';
import type { RunOptions } from './options.ts';
import type { RunResult } from './result.ts';
import { openingOf, run } from './run.ts';
import { openRunning, type Running } from './running.ts';
import type { Sharer, Unit } from './units.ts';

/** What a run gave or threw. */
export type Ended = PromiseSettledResult<RunResult>;

/** How the mappings of a unit are run, beside those of other units. */
export interface How {
  readonly optionsFor: (mapping: Mapping) => RunOptions;
  /** Is told of each when it ends. */
  readonly onEnd: (mapping: Mapping, ended: Ended) => void;
  readonly sharing: Sharing;
}

type Ends = readonly (readonly [Mapping, Ended])[];

/** Runs the mappings of a unit: as one as long as that comes to what each alone would come to, and then each by itself. */
export async function runUnit(unit: Unit, how: How): Promise<Ends> {
  if (unit.kind === 'together') return runSharers(unit.sharers, how);
  const { mapping } = unit;
  const { read, leave } = how.sharing;
  return [await settle(mapping, run(mapping, how.optionsFor(mapping), read).finally(leave), how)];
}

async function runSharers(sharers: readonly [Sharer, ...Sharer[]], how: How): Promise<Ends> {
  const { read, leave } = how.sharing;
  const open = ({ mapping, plan, places }: Sharer) => openRunning(plan, places, how.optionsFor(mapping), read);
  const [first, ...others] = sharers;
  const runs = [open(first), ...others.map(open)] as const;
  const [together] = await Promise.allSettled([bring(runs, openingOf(runs[0].options)).finally(leave)]);
  const reason: unknown = together.status === 'rejected' ? together.reason : null;
  if (reason instanceof Apart) return goOnApart(sharers, runs, reason.opening, how);
  const ends = sharers.map(({ mapping }, n): readonly [Mapping, Ended] => {
    if (together.status === 'fulfilled')
      return [mapping, { status: 'fulfilled', value: together.value[n] as RunResult }];
    return [mapping, { status: 'rejected', reason: reason instanceof Stopped ? reason.reasons[n] : reason }];
  });
  for (const [mapping, ended] of ends) how.onEnd(mapping, ended);
  return ends;
}

/** Each by itself, from where they are by now. What they read alike is still read once. */
async function goOnApart(
  sharers: readonly Sharer[],
  runs: readonly Running[],
  opening: Opening,
  how: How,
): Promise<Ends> {
  const { read, leave } = openSharing(runs.length);
  const alone = async (run: Running): Promise<RunResult> => {
    const [result] = await bring([{ ...run, read }], opening).finally(leave);
    return result as RunResult;
  };
  return Promise.all(sharers.map(({ mapping }, n) => settle(mapping, alone(runs[n] as Running), how)));
}

async function settle(mapping: Mapping, running: Promise<RunResult>, { onEnd }: How): Promise<Ends[number]> {
  const [ended] = await Promise.allSettled([running]);
  onEnd(mapping, ended);
  return [mapping, ended];
}
