import type { Claim } from './claim.ts';
import type { Run } from './measure.ts';
import type { Outcome } from './rounds.ts';

/** What one trial measured. */
export interface Section {
  readonly title: string;
  /** What was done and what was checked. */
  readonly text: string;
  readonly lines: readonly Line[];
  readonly claims: readonly Claim[];
}

/** One that was measured, or why it was not. Seconds are those that the trial is about. */
export type Line = Measured | { readonly name: string; readonly failure: string };

export interface Measured {
  readonly name: string;
  readonly runs: readonly Run[];
  readonly seconds: readonly number[];
}

/** A line for each contestant; its seconds are those of the whole process unless said otherwise. */
export function linesOf(
  outcomes: ReadonlyMap<string, Outcome>,
  secondsOf: (run: Run) => number = ({ wall }) => wall,
): readonly Line[] {
  return [...outcomes].map(([name, outcome]) =>
    'failure' in outcome ? { name, ...outcome } : { name, runs: outcome.runs, seconds: outcome.runs.map(secondsOf) },
  );
}

/** The runs of a line, if it is there and was measured. */
export function measured(lines: readonly Line[], name: string): Measured | undefined {
  const line = lines.find((each) => each.name === name);
  return line && 'runs' in line ? line : undefined;
}
