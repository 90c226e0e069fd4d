import { fail } from '../diagnostic/diagnostic.ts';
import type { Mapping } from '../mapping/mapping.ts';
import { metricsRead } from '../mapping/upstream.ts';
import { STANDARD_INPUT } from '../source/place.ts';
import { openSharing } from '../source/sharing.ts';
import type { RunOptions } from './options.ts';
import type { RunResult } from './result.ts';
import { run } from './run.ts';

/**
 * Brings several metrics up to date side by side, each as if it were alone; what stops one does not stop the others. A
 * source that several read alike, from the same checkpoint on, is read once.
 *
 * Gives for each what its run gave or threw. Throws an EtlError where standard input would have to be read twice.
 */
export async function runTogether(
  mappings: readonly Mapping[],
  options: RunOptions = {},
): Promise<readonly PromiseSettledResult<RunResult>[]> {
  const groups = apart(mappings);
  const isPiped = [...(options.inputs?.values() ?? [])].includes(STANDARD_INPUT);
  if (isPiped && groups.length > 1) fail('STANDARD_INPUT_TWICE', { count: groups.length });
  const results: PromiseSettledResult<RunResult>[] = [];
  for (const group of groups) results.push(...(await runGroup(group, options)));
  return results;
}

function runGroup(group: readonly Mapping[], options: RunOptions): Promise<readonly PromiseSettledResult<RunResult>[]> {
  const { read, leave } = openSharing(group.length);
  return Promise.allSettled(group.map((mapping) => run(mapping, options, read).finally(leave)));
}

/** Mappings that have one state or one table may be in each other's way, and come one after the other. */
function apart(mappings: readonly Mapping[]): readonly (readonly Mapping[])[] {
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
