import { fail } from '../diagnostic/diagnostic.ts';
import type { Mapping } from '../mapping/mapping.ts';
import { metricsRead } from '../mapping/upstream.ts';
import { STANDARD_INPUT } from '../source/place.ts';
import { openSharing } from '../source/sharing.ts';
import type { RunOptions } from './options.ts';
import { type Ended, type How, runUnit } from './run-unit.ts';
import { unitsOf } from './units.ts';

/** What is told of one of several mappings, apart from the others. */
export interface Telling {
  /** As it goes on. */
  readonly ofRun?: (mapping: Mapping) => Pick<RunOptions, 'onCaughtUp' | 'onNews' | 'onUnshipped'>;
  /** When it ends. */
  readonly ofEnd?: (mapping: Mapping, ended: Ended) => void;
}

/**
 * Brings several metrics up to date side by side, each as if it were alone; what stops one does not stop the others. A
 * source that several read alike, from the same checkpoint on, is read once, and metrics that begin together keep what
 * they read alike once.
 *
 * Gives for each what its run gave or threw. Throws an EtlError where standard input would have to be read twice.
 */
export async function runTogether(
  mappings: readonly Mapping[],
  options: RunOptions = {},
  { ofRun, ofEnd }: Telling = {},
): Promise<readonly Ended[]> {
  const groups = inTurn(mappings);
  const isPiped = [...(options.inputs?.values() ?? [])].includes(STANDARD_INPUT);
  // What is followed is not read for several at once.
  const readers = options.follow ? mappings.length : groups.length;
  if (isPiped && readers > 1) fail('STANDARD_INPUT_TWICE', { count: readers });
  const optionsFor = (mapping: Mapping) => ({ ...options, ...ofRun?.(mapping) });
  const runAll = (group: readonly Mapping[]) => runGroup(group, options, { optionsFor, onEnd: ofEnd ?? (() => {}) });
  // What is followed has no end that others could wait for.
  if (options.follow) return (await Promise.all(groups.map(runAll))).flat();
  const ended: Ended[] = [];
  for (const group of groups) ended.push(...(await runAll(group)));
  return ended;
}

/** No two of them are of one metric. */
async function runGroup(
  group: readonly Mapping[],
  options: RunOptions,
  how: Omit<How, 'sharing'>,
): Promise<readonly Ended[]> {
  const units = await unitsOf(group, options);
  const sharing = openSharing(units.length);
  const ended = new Map((await Promise.all(units.map((unit) => runUnit(unit, { ...how, sharing })))).flat());
  return group.map((mapping) => ended.get(mapping) as Ended);
}

/** Mappings that have one state or one table may be in each other's way, and come one after the other. */
function inTurn(mappings: readonly Mapping[]): readonly (readonly Mapping[])[] {
  const groups: Mapping[][] = [];
  for (const mapping of mappings) {
    const group = groups.at(-1);
    if (group?.every((other) => !isSame(mapping, other))) group.push(mapping);
    else groups.push([mapping]);
  }
  return groups;
}

/** Also where one brings a metric up to date that the other one is, or reads too. */
function isSame(a: Mapping, b: Mapping): boolean {
  return [a, ...metricsRead(a)].some((each) => [b, ...metricsRead(b)].some((other) => isOfOne(each, other)));
}

/** Tables have no case. In two files they would not meet; there they come one after the other for nothing. */
function isOfOne(a: Mapping, b: Mapping): boolean {
  return a.metric === b.metric || a.sink.table.toLowerCase() === b.sink.table.toLowerCase();
}
