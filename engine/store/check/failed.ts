import { type Diagnostic, diagnose } from '../../diagnostic/diagnostic.ts';
import { type Check, placeIn } from '../../mapping/mapping.ts';
import type { Plan } from '../../plan/plan.ts';
import { type Failed, type FailedRow, withReason } from './checking.ts';

/** How many rows failed a check, and the first of them. */
export interface FailCount {
  readonly alias: string;
  readonly check: Check;
  readonly rows: number;
  readonly samples: readonly FailedRow[];
}

/** Failed rows that are remembered of each check. */
const SAMPLES = 5;

/** With the rows of one batch more. */
export function sumFailed(counts: readonly FailCount[], news: readonly Failed[]): readonly FailCount[] {
  const sums = [...counts];
  for (const { alias, check, rows } of news) {
    const n = sums.findIndex((each) => each.check === check);
    const { rows: before, samples } = sums[n] ?? { rows: 0, samples: [] };
    const sum = { alias, check, rows: before + rows.length, samples: [...samples, ...rows].slice(0, SAMPLES) };
    sums.splice(n < 0 ? sums.length : n, 1, sum);
  }
  return sums;
}

/** A warning for each check that only warns. */
export function checkWarnings(plan: Plan, counts: readonly FailCount[]): readonly Diagnostic[] {
  return counts
    .filter(({ check }) => check.onFail === 'warn')
    .map(({ alias, check, rows, samples }) => {
      const notes = samples.map((row) => `row: ${withReason(placed(row), row)}`);
      const facts = { alias, rows, check: check.text };
      return diagnose('CHECK_WARNED', facts, { mapping: placeIn(plan.origin, check.span), notes });
    });
}

function placed({ text, place }: FailedRow): string {
  return place ? `${text}, read at ${place.file}:${place.record}` : text;
}
